import type { Backoff } from './backoff.ts';
import { backoffMs } from './backoff.ts';

/** What names a row of the outbox and what waits behind it. */
export interface RowName {
  readonly id: string;
  readonly topic: string;
  /** Nothing waits behind a row without a key. */
  readonly key: Buffer | null;
}

export interface BlockedRow extends RowName {
  readonly reason: string;
  /** Tries that were refused. */
  readonly attempts: number;
  /** By `performance.now()`. */
  readonly nextTryAt: number;
}

/** What a page leaves out, in the types of the database. */
export interface Excluded {
  readonly topics: readonly string[];
  /** Each of the topic at its place. */
  readonly keys: readonly Buffer[];
  readonly ids: readonly string[];
}

const nameOf = ({ id, topic, key }: RowName) => (key === null ? id : `${topic}\0${key.toString('latin1')}`);

/** The rows that Kafka refuses, one per topic and key at most, as a leader knows them; the next one finds out by itself. */
export class BlockedRows {
  readonly #limit: number;
  readonly #retry: Backoff;
  readonly #rows = new Map<string, BlockedRow>();

  constructor(limit: number, retry: Backoff) {
    this.#limit = limit;
    this.#retry = retry;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The one that has been blocked for the longest time. */
  get first(): BlockedRow | undefined {
    const [first] = this.#rows.values();
    return first;
  }

  /** Remembers a refused try; undefined when there is no room for one more row. */
  block(row: RowName, reason: string): BlockedRow | undefined {
    const name = nameOf(row);
    const known = this.#rows.get(name);
    if (known === undefined && this.#rows.size >= this.#limit) return undefined;
    const attempts = (known?.attempts ?? 0) + 1;
    const nextTryAt = performance.now() + backoffMs(this.#retry, attempts);
    const { id, topic, key } = row;
    const blocked = { id, topic, key, reason, attempts, nextTryAt };
    this.#rows.set(name, blocked);
    return blocked;
  }

  /** Whether the row is refused, or waits behind one that is. */
  holds(row: RowName): boolean {
    return this.#rows.has(nameOf(row));
  }

  /** Whether the row was one of these. */
  release(row: RowName): boolean {
    return this.#rows.delete(nameOf(row));
  }

  /** The row whose next try is the longest overdue. */
  due(now = performance.now()): BlockedRow | undefined {
    let due: BlockedRow | undefined;
    for (const row of this.#rows.values())
      if (row.nextTryAt <= now && (due === undefined || row.nextTryAt < due.nextTryAt)) due = row;
    return due;
  }

  excluded(): Excluded {
    const topics: string[] = [];
    const keys: Buffer[] = [];
    const ids: string[] = [];
    for (const { id, topic, key } of this.#rows.values()) {
      if (key === null) ids.push(id);
      else {
        topics.push(topic);
        keys.push(key);
      }
    }
    return { topics, keys, ids };
  }

  clear(): void {
    this.#rows.clear();
  }
}
