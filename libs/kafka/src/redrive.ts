import type { ClientReader, KafkaClient, PartitionBounds } from './client-types.ts';
import { RedriveRefused, UnknownTopic } from './errors.ts';
import { original, PartitionRun } from './redrive-partition.ts';
import type { PlanRedriveOptions } from './redrive-plan.ts';
import { select, withReader } from './redrive-plan.ts';
import { RUN_LEASE_MS } from './redrive-run.ts';
import { DeadLetterScan, readRange } from './redrive-scan.ts';
import type { Producer, RawRecord, RecordMetadata } from './types.ts';

export interface RedriveOptions {
  readonly client: KafkaClient;
  readonly producer: Producer;
  readonly deadLetterTopic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** After how many silent milliseconds another redrive of this partition counts as dead; the same for all who redrive. */
  readonly leaseMs?: number;
}

export interface RedriveManyOptions extends PlanRedriveOptions {
  readonly producer: Producer;
  readonly leaseMs?: number;
}

export interface RedriveResult {
  readonly redriven: number;
  readonly selected: number;
  /** Partitions that somebody else is redriving; what was selected in them is left to that one. */
  readonly busyPartitions: readonly number[];
  /** Ended by the signal before all was done. Running it again goes on from there. */
  readonly interrupted: boolean;
}

/**
 * Puts back all dead letters that the filter means, partition by partition in their order, as `redrive` does with one. What was put
 * back is marked in the dead-letter topic: running it again goes on where it was cut off. Two that run at the same time share the
 * partitions and never take the same one. What a crash, or a stand-still longer than the lease, between sending and marking can put
 * back a second time (at most 100 records) keeps its event id: consumers with an inbox handle it once.
 * Rejects with `UnknownTopic`, or with the error of a record that Kafka did not take; what was put back before stays marked.
 */
export async function redriveMany(options: RedriveManyOptions): Promise<RedriveResult> {
  const { client, producer, signal, leaseMs = RUN_LEASE_MS } = options;
  return withReader(client, async (reader) => {
    const selections = await select(reader, options, leaseMs).catch((error: unknown) => {
      if (signal?.aborted === true) return [];
      throw error;
    });
    const selected = selections.reduce((sum, { letters }) => sum + letters.size, 0);
    const busyPartitions: number[] = [];
    let redriven = 0;
    let interrupted = signal?.aborted === true;
    for (const { scan, letters } of selections) {
      if (letters.size === 0) continue;
      interrupted ||= signal?.aborted === true;
      if (interrupted) break;
      const run = new PartitionRun(reader, producer, scan, leaseMs);
      try {
        const ours = await run.begin();
        const outcome = ours
          ? await run.putBack(letters, signal, (placed) => {
              redriven += placed.length;
              options.onProgress?.({ phase: 'putting back', selected, redriven });
            })
          : 'lost';
        if (outcome === 'lost') busyPartitions.push(scan.partition);
        interrupted ||= outcome === 'interrupted';
      } finally {
        await run.end();
      }
    }
    return { redriven, selected, busyPartitions, interrupted };
  });
}

async function boundsOf(
  reader: ClientReader,
  { deadLetterTopic: topic, partition }: RedriveOptions,
): Promise<PartitionBounds | undefined> {
  try {
    return (await reader.bounds(topic)).find((one) => one.partition === partition);
  } catch (error) {
    if (error instanceof UnknownTopic)
      throw new RedriveRefused(`there is no topic ${topic}`, 'DEAD_LETTER_NOT_FOUND');
    throw error;
  }
}

/**
 * Puts one dead letter back to the end of the topic it came from, with key, value and headers as they were, and marks it in the
 * dead-letter topic. Refuses with `RedriveRefused` what is not there, is no dead letter, was put back before, or lies in a
 * partition that somebody else is redriving now. What remains is said at `redriveMany`.
 */
export async function redrive(options: RedriveOptions): Promise<RecordMetadata> {
  const { client, producer, deadLetterTopic: topic, partition, offset, leaseMs = RUN_LEASE_MS } = options;
  const place = `${topic} ${partition}:${offset}`;
  return withReader(client, async (reader) => {
    const bounds = await boundsOf(reader, options);
    const notFound = new RedriveRefused(`there is no dead letter at ${place}`, 'DEAD_LETTER_NOT_FOUND');
    if (bounds === undefined || offset < bounds.start || offset >= bounds.end) throw notFound;
    let found: RawRecord | undefined;
    for await (const record of readRange(reader, { topic, partition }, offset, offset + 1n)) found = record;
    if (found === undefined) throw notFound;
    original(found);

    // Only what was written behind a letter can have put it back, and only a run that began behind it.
    const scan = new DeadLetterScan(topic, partition, offset, leaseMs);
    await scan.readTo(reader, bounds.end);
    const refuseIfDone = () => {
      if (scan.redriven.has(offset))
        throw new RedriveRefused(`the dead letter at ${place} was already put back`, 'ALREADY_REDRIVEN');
    };
    refuseIfDone();
    const run = new PartitionRun(reader, producer, scan, leaseMs);
    try {
      const ours = await run.begin();
      refuseIfDone();
      const busy = new RedriveRefused(
        `dead letters of ${topic} partition ${partition} are being put back by somebody else now`,
        'REDRIVE_RUNNING',
      );
      if (!ours) throw busy;
      let metadata: RecordMetadata | undefined;
      const outcome = await run.putBack(new Set([offset]), undefined, ([placed]) => (metadata = placed));
      refuseIfDone();
      if (outcome === 'lost' || metadata === undefined) throw busy;
      return metadata;
    } finally {
      await run.end();
    }
  });
}
