import type { ClientReader } from './client-types.ts';
import { deadLetterTopic, describeDeadLetter, REDRIVEN_HEADER, withoutReason } from './dead-letter.ts';
import { DeliveryUnknown, RedriveRefused } from './errors.ts';
import { newEventId } from './event-id.ts';
import type { RunState } from './redrive-run.ts';
import { RUN_HEADER, runHeader } from './redrive-run.ts';
import type { DeadLetterScan } from './redrive-scan.ts';
import { readRange } from './redrive-scan.ts';
import type { OutgoingRecord, Producer, RawRecord, RecordMetadata } from './types.ts';

/** Sent, acknowledged and marked together; what a crash between the two writes can put back a second time. */
const CHUNK = 100;

/** The record as it was before it was put aside. */
export function original(record: RawRecord): OutgoingRecord {
  const letter = describeDeadLetter(record);
  if (letter.kind !== 'dead-letter')
    throw new RedriveRefused(
      `the record at ${record.topic} ${record.partition}:${record.offset} is not a dead letter`,
      'NOT_A_DEAD_LETTER',
    );
  // Who may write to the dead-letter topic decides nothing about other topics.
  if (deadLetterTopic(letter.topic, letter.groupId) !== record.topic)
    throw new RedriveRefused(
      `the record at ${record.topic} ${record.partition}:${record.offset} says that it comes from ${letter.topic}, whose dead letters are elsewhere`,
      'WRONG_ORIGIN',
    );
  return {
    topic: letter.topic,
    key: record.key,
    value: record.value,
    headers: withoutReason(record.headers),
  };
}

/** Where each record is now; undefined when it was not taken. What is not known is waited for. */
async function settled(
  results: readonly PromiseSettledResult<RecordMetadata>[],
): Promise<(RecordMetadata | undefined)[]> {
  return Promise.all(
    results.map(async (result) => {
      if (result.status === 'fulfilled') return result.value;
      const error: unknown = result.reason;
      if (!(error instanceof DeliveryUnknown) || error.outcome === undefined) return undefined;
      return (error.outcome as Promise<RecordMetadata>).catch(() => undefined);
    }),
  );
}

function throwFailure(
  results: readonly PromiseSettledResult<RecordMetadata>[],
  placed: readonly unknown[],
): void {
  const failed = results.find((_result, index) => placed[index] === undefined);
  if (failed?.status === 'rejected') throw failed.reason as Error;
}

/** One redrive of one partition: it holds the partition while it works. */
export class PartitionRun {
  readonly #reader: ClientReader;
  readonly #producer: Producer;
  readonly #scan: DeadLetterScan;
  readonly #leaseMs: number;
  readonly #run = newEventId();
  #lastSign = 0;

  constructor(reader: ClientReader, producer: Producer, scan: DeadLetterScan, leaseMs: number) {
    this.#reader = reader;
    this.#producer = producer;
    this.#scan = scan;
    this.#leaseMs = leaseMs;
  }

  /** Whether the partition is ours now; nobody else takes it before we end or are silent for the lease. */
  async begin(): Promise<boolean> {
    const { offset } = await this.#say('begin');
    await this.#scan.readTo(this.#reader, offset + 1n);
    return this.#scan.runs.isHeldBy(this.#run);
  }

  async end(): Promise<void> {
    if (this.#scan.runs.isHeldBy(this.#run)) await this.#say('end').catch(() => undefined);
  }

  /**
   * Puts the letters back in the order of the log; stops between two chunks when told to, or when the partition was lost.
   * `onDone` hears where each chunk's records are now.
   */
  async putBack(
    offsets: ReadonlySet<bigint>,
    signal: AbortSignal | undefined,
    onDone: (placed: readonly RecordMetadata[]) => void,
  ): Promise<'done' | 'lost' | 'interrupted'> {
    const [first, last] = [min(offsets), max(offsets)];
    if (first === undefined || last === undefined) return 'done';
    let chunk: RawRecord[] = [];
    for await (const record of readRange(this.#reader, this.#scan, first, last + 1n)) {
      if (offsets.has(record.offset)) chunk.push(record);
      if (chunk.length < CHUNK && record.offset < last) continue;
      if (signal?.aborted === true) return 'interrupted';
      if (!(await this.#stillOurs())) return 'lost';
      onDone(await this.#putChunkBack(chunk.filter(({ offset }) => !this.#scan.redriven.has(offset))));
      chunk = [];
    }
    // The last ones were compacted away in the meantime.
    if (chunk.length === 0) return 'done';
    if (!(await this.#stillOurs())) return 'lost';
    onDone(await this.#putChunkBack(chunk.filter(({ offset }) => !this.#scan.redriven.has(offset))));
    return 'done';
  }

  /** Reads on, because another may have begun while this process stood still. */
  async #stillOurs(): Promise<boolean> {
    const { topic, partition } = this.#scan;
    if (Date.now() - this.#lastSign > this.#leaseMs / 3) await this.#say('work');
    const bounds = (await this.#reader.bounds(topic)).find((one) => one.partition === partition);
    if (bounds !== undefined) await this.#scan.readTo(this.#reader, bounds.end);
    return this.#scan.runs.isHeldBy(this.#run);
  }

  async #putChunkBack(letters: readonly RawRecord[]): Promise<RecordMetadata[]> {
    const results = await this.#producer.sendMany(letters.map(original));
    const placed = await settled(results);
    const done = letters.filter((_letter, index) => placed[index] !== undefined);
    this.#lastSign = Date.now();
    const marks = await this.#producer.sendMany(done.map((letter) => this.#marker(letter)));
    const marked = await settled(marks);
    throwFailure(results, placed);
    throwFailure(marks, marked);
    return placed.filter((metadata) => metadata !== undefined);
  }

  #marker({ topic, partition, offset, key }: RawRecord): OutgoingRecord {
    return {
      topic,
      partition,
      key,
      value: null,
      headers: {
        [REDRIVEN_HEADER]: `${partition}:${offset}`,
        [RUN_HEADER]: runHeader(this.#run, 'work'),
      },
    };
  }

  async #say(state: RunState): Promise<RecordMetadata> {
    const { topic, partition } = this.#scan;
    this.#lastSign = Date.now();
    return this.#producer.send({
      topic,
      partition,
      key: null,
      value: null,
      headers: { [RUN_HEADER]: runHeader(this.#run, state) },
    });
  }
}

function min(offsets: ReadonlySet<bigint>): bigint | undefined {
  let found: bigint | undefined;
  for (const offset of offsets) if (found === undefined || offset < found) found = offset;
  return found;
}

function max(offsets: ReadonlySet<bigint>): bigint | undefined {
  let found: bigint | undefined;
  for (const offset of offsets) if (found === undefined || offset > found) found = offset;
  return found;
}
