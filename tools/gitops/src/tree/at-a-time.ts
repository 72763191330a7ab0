import { availableParallelism } from 'node:os';

/** Returns what `work` makes of each item, in their order; it works on as many at a time as there are processors. */
export async function atATime<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  limit = availableParallelism(),
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
