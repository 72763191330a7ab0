import type { Logger } from 'pino';
import { backoffMs, pause } from './backoff.ts';
import type { FetchedBatch, ReadPosition } from './client-types.ts';
import { SessionLost } from './client-types.ts';
import { describeError } from './errors.ts';

/** How long a decided record waits for others to be committed with it; what a member that is killed may leave to be read again. */
const COMMIT_EVERY_MS = 100;
const COMMIT_TRIES = 4;

/**
 * What was decided in one session with the group and is not committed yet: all partitions go into one request, now and then, while
 * the handlers go on. A commit that fails costs a replay, which inbox and fence absorb; the next one makes up for it.
 */
export class OffsetCommits {
  readonly #logger: Logger;
  readonly #abandoning: AbortSignal;
  readonly #pending = new Map<string, ReadPosition>();
  #latest: FetchedBatch | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #sending = new Set<Promise<void>>();
  #closed = false;

  /** `abandoning` is aborted when there is no time left to try again. */
  constructor(logger: Logger, abandoning: AbortSignal) {
    this.#logger = logger;
    this.#abandoning = abandoning;
  }

  /** Everything of the batch's partition before `next` is decided. */
  decided(batch: FetchedBatch, next: bigint): void {
    if (this.#closed) return;
    const { topic, partition } = batch;
    this.#latest = batch;
    this.#pending.set(`${topic}/${partition}`, { topic, partition, offset: next });
    this.#timer ??= setTimeout(() => {
      this.#later();
    }, COMMIT_EVERY_MS);
  }

  /** What is pending of the partition is not committed. */
  forget(topic: string, partition: number): void {
    this.#pending.delete(`${topic}/${partition}`);
  }

  /** Partitions may belong to others from here on: nothing is committed that was decided before. */
  forgetAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending.clear();
    this.#latest = undefined;
  }

  /** The session is over. */
  close(): void {
    this.#closed = true;
    this.forgetAll();
  }

  /** Resolves when what is decided so far is committed, or could not be; never rejects. Sends at once, whatever is under way. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#send();
    await Promise.all(this.#sending);
  }

  /** One request at a time, as long as nobody is in a hurry. */
  #later(): void {
    this.#timer = undefined;
    if (this.#sending.size === 0) this.#send();
    else
      this.#timer = setTimeout(() => {
        this.#later();
      }, COMMIT_EVERY_MS);
  }

  #send(): void {
    const sending = this.#commit().finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  async #commit(): Promise<void> {
    for (let attempt = 1; attempt <= COMMIT_TRIES; attempt += 1) {
      // Anew for each attempt: meanwhile the group may have moved on.
      const positions = [...this.#pending.values()];
      if (this.#latest === undefined || positions.length === 0) return;
      try {
        await this.#latest.commit(positions);
        this.#done(positions);
        return;
      } catch (error) {
        this.#logger.warn(
          { positions: positions.map(toText), reason: describeError(error) },
          'offsets could not be committed',
        );
        if (error instanceof SessionLost) {
          this.#done(positions);
          return;
        }
        await pause(backoffMs({ initialMs: 100, maxMs: 1000 }, attempt), this.#abandoning);
      }
    }
  }

  #done(positions: readonly ReadPosition[]): void {
    for (const position of positions) {
      const key = `${position.topic}/${position.partition}`;
      if (this.#pending.get(key) === position) this.#pending.delete(key);
    }
  }
}

function toText({ topic, partition, offset }: ReadPosition): string {
  return `${topic}/${partition}: ${offset}`;
}
