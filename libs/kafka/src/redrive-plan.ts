import type { ClientReader, KafkaClient } from './client-types.ts';
import { describeDeadLetter } from './dead-letter.ts';
import type { RedriveFilter } from './redrive-filter.ts';
import { matches } from './redrive-filter.ts';
import { RUN_LEASE_MS } from './redrive-run.ts';
import { DeadLetterScan, readRange } from './redrive-scan.ts';

export interface PlanRedriveOptions {
  readonly client: KafkaClient;
  readonly deadLetterTopic: string;
  /** Every dead letter when absent. */
  readonly filter?: RedriveFilter;
  /** At most so many, the oldest of the first partitions; all when absent. */
  readonly limit?: number;
  /** How many `planRedrive` describes one by one; 1,000 when absent. */
  readonly maxListed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RedriveProgress) => void;
}

/** First everything is read (in offsets of the dead-letter topic), then it is put back (in dead letters). */
export type RedriveProgress =
  | { readonly phase: 'reading'; readonly read: number; readonly toRead: number; readonly selected: number }
  | { readonly phase: 'putting back'; readonly selected: number; readonly redriven: number };

/** One dead letter of a plan. */
export interface PlannedLetter {
  readonly deadLetterPartition: number;
  readonly deadLetterOffset: bigint;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly code: string;
  readonly errorName: string;
  readonly errorMessage: string;
  readonly attempts: number;
  readonly failedAt: Date;
}

export interface RedrivePlan {
  readonly deadLetterTopic: string;
  /** What would be put back, in this order; the first `maxListed` of them. */
  readonly letters: readonly PlannedLetter[];
  /** How many would be put back. */
  readonly selected: number;
  /** Dead letters that were not put back yet, whether the filter means them or not. */
  readonly waiting: number;
  readonly redriven: number;
  /** Records that this library did not write there; they are left alone. */
  readonly foreign: number;
}

/** What is to be put back of one partition. */
export interface Selection {
  readonly scan: DeadLetterScan;
  /** Offsets in the dead-letter topic. */
  readonly letters: Set<bigint>;
}

/** Runs `work` with a connection of its own. */
export async function withReader<R>(
  client: KafkaClient,
  work: (reader: ClientReader) => Promise<R>,
): Promise<R> {
  const reader = client.reader();
  await reader.connect();
  try {
    return await work(reader);
  } finally {
    await reader.disconnect();
  }
}

/** Reads the whole dead-letter topic and picks what the filter means and nobody has put back. */
export async function select(
  reader: ClientReader,
  options: PlanRedriveOptions,
  leaseMs: number,
): Promise<Selection[]> {
  const { deadLetterTopic: topic, filter = {}, limit = Infinity, signal } = options;
  const bounds = await reader.bounds(topic);
  const toRead = bounds.reduce((sum, { start, end }) => sum + Number(end - start), 0);
  const selections: Selection[] = [];
  let read = 0;
  let selected = 0;
  for (const { partition, start, end } of bounds) {
    const scan = new DeadLetterScan(topic, partition, start, leaseMs);
    const letters = new Set<bigint>();
    await scan.readTo(
      reader,
      end,
      (letter, record) => {
        const passed = read + Number(record.offset - start);
        if (passed % 1000 === 0) options.onProgress?.({ phase: 'reading', read: passed, toRead, selected });
        if (matches(filter, letter, record.key)) letters.add(record.offset);
      },
      signal,
    );
    for (const offset of scan.redriven) letters.delete(offset);
    const surplus = [...letters].slice(Math.max(0, limit - selected));
    for (const offset of surplus) letters.delete(offset);
    selected += letters.size;
    read += Number(end - start);
    options.onProgress?.({ phase: 'reading', read, toRead, selected });
    selections.push({ scan, letters });
  }
  return selections;
}

/** The first `count` of the selected dead letters, in words. */
async function list(
  reader: ClientReader,
  selections: readonly Selection[],
  count: number,
): Promise<PlannedLetter[]> {
  const listed: PlannedLetter[] = [];
  for (const { scan, letters } of selections) {
    const offsets = [...letters].slice(0, count - listed.length);
    const [first, last] = [offsets[0], offsets.at(-1)];
    if (first === undefined || last === undefined) continue;
    for await (const record of readRange(reader, scan, first, last + 1n)) {
      const letter = describeDeadLetter(record);
      if (letter.kind === 'dead-letter' && letters.has(record.offset))
        listed.push({ ...letter, key: record.key });
    }
  }
  return listed;
}

/** Says what `redriveMany` would put back, without writing anything. Rejects with `UnknownTopic`. */
export async function planRedrive(options: PlanRedriveOptions): Promise<RedrivePlan> {
  return withReader(options.client, async (reader) => {
    const selections = await select(reader, options, RUN_LEASE_MS);
    const sum = (count: (selection: Selection) => number) =>
      selections.reduce((total, selection) => total + count(selection), 0);
    return {
      deadLetterTopic: options.deadLetterTopic,
      letters: await list(reader, selections, options.maxListed ?? 1000),
      selected: sum(({ letters }) => letters.size),
      waiting: sum(({ scan }) => scan.letters - scan.redriven.size),
      redriven: sum(({ scan }) => scan.redriven.size),
      foreign: sum(({ scan }) => scan.foreign),
    };
  });
}
