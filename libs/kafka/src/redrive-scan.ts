import type { ClientReader } from './client-types.ts';
import type { DeadLetter } from './dead-letter.ts';
import { deadLetterTopic, describeDeadLetter } from './dead-letter.ts';
import { TransientError } from './errors.ts';
import { RunHolder } from './redrive-run.ts';
import type { RawRecord } from './types.ts';

const MAX_WAIT_MS = 500;
const MAX_WAITS = 20;

/**
 * The records of a partition from `from` up to and without `end`, which was its end once. Rejects with `TransientError` when the log
 * ends before that for longer than a new leader needs.
 */
export async function* readRange(
  reader: ClientReader,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  from: bigint,
  end: bigint,
): AsyncGenerator<RawRecord> {
  let waits = 0;
  for (let offset = from; offset < end;) {
    const [result] = await reader.fetch([{ topic, partition, offset }], MAX_WAIT_MS);
    if (result === undefined)
      throw new TransientError(`${topic} ${partition}:${offset} was not answered for`);
    for (const record of result.records) if (record.offset >= offset && record.offset < end) yield record;
    if (result.next > offset) offset = result.next;
    // Nothing is there although the log goes on: compaction has left a hole.
    else if (result.logEnd > offset) offset += 1n;
    // A leader that is new does not show yet what the last one has acknowledged; passing it over could miss a marker.
    else if ((waits += 1) > MAX_WAITS)
      throw new TransientError(
        `${topic} ${partition} ends at ${result.logEnd} now, and was at ${end} before`,
      );
  }
}

/** What stands in one partition of a dead-letter topic, read once and read on when it grows. */
export class DeadLetterScan {
  readonly topic: string;
  readonly partition: number;
  readonly runs: RunHolder;
  /** Offsets of dead letters that were put back. */
  readonly redriven = new Set<bigint>();
  foreign = 0;
  letters = 0;
  readonly #from: bigint;
  #next: bigint;

  constructor(topic: string, partition: number, from: bigint, leaseMs: number) {
    this.topic = topic;
    this.partition = partition;
    this.runs = new RunHolder(leaseMs);
    this.#from = from;
    this.#next = from;
  }

  /** Reads on to `end`, if it was not read before. */
  async readTo(
    reader: ClientReader,
    end: bigint,
    onLetter: (letter: DeadLetter, record: RawRecord) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<void> {
    for await (const record of readRange(reader, this, this.#next, end)) {
      signal?.throwIfAborted();
      this.runs.observe(record);
      const described = describeDeadLetter(record);
      if (
        described.kind === 'dead-letter' &&
        deadLetterTopic(described.topic, described.groupId) === this.topic
      ) {
        this.letters += 1;
        onLetter(described, record);
      } else if (described.kind === 'redriven') {
        // A marker outlives its letter.
        if (described.partition === this.partition && described.offset >= this.#from)
          this.redriven.add(described.offset);
      } else if (described.kind !== 'redrive-run') this.foreign += 1;
    }
    if (end > this.#next) this.#next = end;
  }
}
