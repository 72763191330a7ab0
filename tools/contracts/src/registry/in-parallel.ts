/** Four at a time: a registry on Kafka answers slowly, and is not there for this program alone. */
const AT_A_TIME = 4;

/** Returns the results in order; after the first failure nothing new is begun, and what runs is awaited. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
