import type { RawHeaders, RawRecord, WireRecord } from '@eda/kafka';
import { AppendError } from '@eda/kafka';

interface ProducerState {
  /** The sequence number that the next batch must begin with. */
  next: number;
  /** The last batches, by which a repeat is known. */
  readonly recent: { readonly first: number; readonly count: number; readonly base: bigint }[];
}

const REMEMBERED_BATCHES = 5;
const EMPTY = Buffer.alloc(0);

/** What one batch is appended as: who sends it, and which of its records this is. */
export interface BatchIdentity {
  readonly producerId: number;
  readonly firstSequence: number;
}

function toRawHeaders(headers: WireRecord['headers']): RawHeaders {
  const toBuffer = (value: string | Buffer) => (typeof value === 'string' ? Buffer.from(value) : value);
  return Object.fromEntries(
    Object.entries(headers)
      // A list without an element is no header on the wire, and one with a single element is that one.
      .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
      .map(([name, value]) => {
        if (!Array.isArray(value)) return [name, toBuffer(value)];
        return [name, value.length === 1 ? toBuffer(value[0] ?? EMPTY) : value.map(toBuffer)];
      }),
  );
}

/** One partition: an ordered log that knows the batches of its producers again. */
export class PartitionLog {
  readonly #topic: string;
  readonly #partition: number;
  readonly #records: RawRecord[] = [];
  readonly #sizes: number[] = [];
  readonly #producers = new Map<number, ProducerState>();
  readonly #watchers = new Set<() => void>();

  constructor(topic: string, partition: number) {
    this.#topic = topic;
    this.#partition = partition;
  }

  get end(): bigint {
    return BigInt(this.#records.length);
  }

  /** Appends a batch, once however often it is sent; throws `AppendError` when the sequence numbers have a gap. */
  append(records: readonly WireRecord[], { producerId, firstSequence }: BatchIdentity): bigint {
    const state = this.#producers.get(producerId) ?? { next: 0, recent: [] };
    this.#producers.set(producerId, state);
    const repeat = state.recent.find(
      ({ first, count }) => first === firstSequence && count === records.length,
    );
    if (repeat !== undefined) return repeat.base;
    if (firstSequence !== state.next)
      throw new AppendError('sequence', 'OUT_OF_ORDER_SEQUENCE_NUMBER', undefined);
    const base = this.end;
    for (const { key, value, headers, timestamp, size } of records) {
      this.#records.push({
        topic: this.#topic,
        partition: this.#partition,
        offset: this.end,
        timestamp: new Date(timestamp),
        key,
        value,
        headers: toRawHeaders(headers),
      });
      this.#sizes.push(size);
    }
    state.next += records.length;
    state.recent.push({ first: firstSequence, count: records.length, base });
    if (state.recent.length > REMEMBERED_BATCHES) state.recent.shift();
    for (const watcher of [...this.#watchers]) watcher();
    return base;
  }

  /** The records from `offset` on, at least one if there is one and otherwise no more than `maxBytes`. */
  read(offset: bigint, maxBytes: number): RawRecord[] {
    const from = Number(offset < 0n ? 0n : offset);
    let bytes = 0;
    let to = from;
    while (to < this.#records.length) {
      bytes += this.#sizes[to] ?? 0;
      if (to > from && bytes > maxBytes) break;
      to += 1;
    }
    return this.#records.slice(from, to);
  }

  /** Calls `watcher` after each append; returns what ends that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
