import type { Logger } from 'pino';
import { pause } from './backoff.ts';
import type { ClientReader, FetchedBatch, KafkaClient } from './client-types.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { Closed, ConsumerStopped } from './errors.ts';
import type { RecordStore } from './record-store.ts';

/** Where a group begins in a topic in which it has no position; `latest` is written down when the first member joins. */
export type StartFrom = 'earliest' | 'latest' | 'stop';

/** What happens when records are gone before the group has handled them. */
export type OnOutOfRange = 'earliest' | 'stop';

export interface PositionsOptions {
  readonly client: KafkaClient;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly store: RecordStore;
  readonly startFrom: StartFrom;
  readonly onOutOfRange: OnOutOfRange;
  readonly metrics: ConsumerMetrics;
  readonly logger: Logger;
}

const LOOKS = 6;
const LOOK_AGAIN_MS = 300;

const nameOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`;

/**
 * Where this member is in its partitions, by its own account: the client begins anew at the start of the log when its position is
 * not there any more, and says so to nobody.
 */
export class Positions {
  readonly #options: PositionsOptions;
  readonly #expected = new Map<string, bigint>();
  readonly #losses = new Map<string, string>();
  /** Partitions that were read again from where the database is, since they were assigned. */
  readonly #reread = new Set<string>();
  #before: ReadonlyMap<string, ReadonlyMap<number, bigint>> = new Map();
  #begun: Promise<void> | undefined;
  #committed: Promise<Map<string, Map<number, bigint>>> | undefined;
  #reader: Promise<ClientReader> | undefined;
  #closed = false;

  constructor(options: PositionsOptions) {
    this.#options = options;
  }

  /** Before a session: its client may overwrite a position that is not in the log any more. */
  async remember(): Promise<void> {
    this.#closed = false;
    try {
      this.#before = await this.#fetchCommitted();
    } catch {
      // What the database knows, and what is committed when it is asked for, has to do.
      this.#before = new Map();
    }
  }

  /** Another assignment: what was expected is for others now. */
  joined(): void {
    this.#expected.clear();
    this.#reread.clear();
    this.#committed = undefined;
    this.#begun = undefined;
  }

  /** The partition is read again from an earlier place. */
  forget(place: { topic: string; partition: number }): void {
    this.#expected.delete(nameOf(place));
    this.#reread.delete(nameOf(place));
  }

  /** The offset of the first record that is not decided. */
  passed(place: { topic: string; partition: number }, next: bigint): void {
    this.#expected.set(nameOf(place), next);
  }

  /** Whether the batch is what was to come: `behind` when it is a part of the log that was read before. */
  compare(batch: FetchedBatch): 'unknown' | 'next' | 'ahead' | 'behind' {
    const expected = this.#expected.get(nameOf(batch));
    const first = batch.records[0]?.offset;
    if (expected === undefined || first === undefined) return 'unknown';
    if (first === expected) return 'next';
    return first > expected ? 'ahead' : 'behind';
  }

  /** Why this member has lost records, as long as it lives. */
  warning(): string | undefined {
    const [loss] = this.#losses.values();
    return loss;
  }

  /** Before the first batch: writes down where the group begins, if it is to begin at the end. Rejects while it cannot. */
  async begin(): Promise<void> {
    if (this.#options.startFrom !== 'latest') return;
    this.#begun ??= this.#beginAtTheEnd();
    try {
      await this.#begun;
    } catch (error) {
      this.#begun = undefined;
      throw error;
    }
  }

  async #beginAtTheEnd(): Promise<void> {
    const { topics, store } = this.#options;
    const committed = await this.#allCommitted();
    for (const topic of topics) {
      if (committed.has(topic) && (committed.get(topic)?.size ?? 0) > 0) continue;
      const bounds = await (await this.#connected()).bounds(topic);
      await store.begin(
        topic,
        bounds.map(({ partition, end }) => ({ partition, offset: end })),
      );
    }
  }

  /**
   * Where to read again because the batch begins behind what the database has handled: a database that was restored, or failed over to
   * a copy that was a little behind, has lost effects whose offsets are committed. Undefined when the log has nothing in between.
   */
  async unhandled(batch: FetchedBatch, handled: bigint | undefined): Promise<bigint | undefined> {
    const first = batch.records[0]?.offset;
    // A log with a hole there begins behind it the second time, too.
    if (handled === undefined || first === undefined || first <= handled || this.#reread.has(nameOf(batch)))
      return undefined;
    const start = await this.startOf(batch);
    const from = start > handled ? start : handled;
    if (from >= first) return undefined;
    this.#reread.add(nameOf(batch));
    return from;
  }

  /** Checks the first batch of an assignment. Throws `ConsumerStopped` where the policy is to stop. */
  async checkStart(batch: FetchedBatch, handled: bigint | undefined): Promise<void> {
    const { topic, partition } = batch;
    const position = handled ?? (await this.#committedAt(topic, partition));
    if (position !== undefined) {
      if (position > (await this.logEnd(batch, position)))
        this.#lost(batch, position, batch.records[0]?.offset ?? 0n);
      else await this.checkGap(batch, position);
      return;
    }
    if (this.#options.startFrom === 'stop' && !(await this.#isKnown(topic)))
      throw new ConsumerStopped(
        `${nameOf(batch)}: the group has no position, neither in Kafka nor in the database. Whether it begins at the start or at the end is ` +
          'a decision: set startFrom, or commit an offset for the group.',
        'NO_POSITION',
      );
    this.#options.logger.info({ topic, partition }, 'the group has no position here and begins at the start');
  }

  /**
   * Where the log ends; asked again a few times while that is before `expected`, because a leader that is new does not show yet what
   * the last one has acknowledged.
   */
  async logEnd(batch: FetchedBatch, expected: bigint | undefined): Promise<bigint> {
    let { logEnd } = batch;
    for (let look = 1; expected !== undefined && logEnd < expected && look <= LOOKS; look += 1) {
      if (look > 1) await pause(LOOK_AGAIN_MS);
      const bounds = await (await this.#connected()).bounds(batch.topic);
      const end = bounds.find(({ partition }) => partition === batch.partition)?.end ?? 0n;
      if (end > logEnd) logEnd = end;
    }
    return logEnd;
  }

  /** A batch that begins behind `expected`: either the log has a hole, or its records were deleted before they were read. */
  async checkGap(batch: FetchedBatch, expected = this.#expected.get(nameOf(batch))): Promise<void> {
    const first = batch.records[0]?.offset;
    if (expected === undefined || first === undefined || first <= expected) return;
    const start = await this.startOf(batch);
    if (start > expected) this.#lost(batch, expected, start);
  }

  /** The first offset that is in the log; rejects while it cannot be asked. */
  async startOf({ topic, partition }: { topic: string; partition: number }): Promise<bigint> {
    const bounds = await (await this.#connected()).bounds(topic);
    return bounds.find((one) => one.partition === partition)?.start ?? 0n;
  }

  #lost(batch: FetchedBatch, expected: bigint, next: bigint): void {
    const { topic, partition } = batch;
    const count = next > expected ? next - expected : 0n;
    const message =
      next > expected
        ? `${nameOf(batch)}: the records from offset ${expected} to ${next - 1n} were deleted before the group has handled them`
        : `${nameOf(batch)}: the group was at offset ${expected}, but the log ends at ${batch.logEnd}; it is read again from ${next}`;
    if (this.#options.onOutOfRange === 'stop') throw new ConsumerStopped(message, 'OUT_OF_RANGE');
    this.#options.logger.error({ topic, partition, expected: String(expected), next: String(next) }, message);
    this.#options.metrics.lost(topic, Number(count));
    this.#losses.set(nameOf(batch), message);
  }

  /** Whether the group has a position in another partition: this one had no records then, or was added. Retry topics are its own. */
  async #isKnown(topic: string): Promise<boolean> {
    if (!this.#options.topics.includes(topic)) return true;
    const now = await this.#allCommitted();
    return (now.get(topic)?.size ?? 0) > 0 || (this.#before.get(topic)?.size ?? 0) > 0;
  }

  async #committedAt(topic: string, partition: number): Promise<bigint | undefined> {
    const now = await this.#allCommitted();
    return now.get(topic)?.get(partition) ?? this.#before.get(topic)?.get(partition);
  }

  #allCommitted(): Promise<Map<string, Map<number, bigint>>> {
    this.#committed ??= this.#fetchCommitted().catch((error: unknown) => {
      this.#committed = undefined;
      throw error;
    });
    return this.#committed;
  }

  async #fetchCommitted(): Promise<Map<string, Map<number, bigint>>> {
    const admin = this.#options.client.admin();
    try {
      await admin.connect();
      return await admin.committed(this.#options.groupId);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  #connected(): Promise<ClientReader> {
    if (this.#closed) return Promise.reject(new Closed('the session has ended'));
    this.#reader ??= (async () => {
      const reader = this.#options.client.reader();
      await reader.connect();
      return reader;
    })().catch((error: unknown) => {
      this.#reader = undefined;
      throw error;
    });
    return this.#reader;
  }

  /** At the end of a session: who still asks makes no connection that nobody closes. */
  async close(): Promise<void> {
    this.#closed = true;
    const reader = await this.#reader?.catch(() => undefined);
    this.#reader = undefined;
    await reader?.disconnect().catch(() => undefined);
  }
}
