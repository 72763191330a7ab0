import type { Logger } from 'pino';
import { backoffMs, pause } from './backoff.ts';
import type { ClientReader, KafkaClient, ReadPosition } from './client-types.ts';
import { describeError } from './errors.ts';
import type { RawRecord } from './types.ts';

const MAX_WAIT_MS = 250;
const NEW_PARTITIONS_EVERY_MS = 60_000;

export interface TailOptions {
  readonly client: KafkaClient;
  readonly topics: readonly { readonly topic: string; readonly from: 'beginning' | 'end' }[];
  /** Called in order per partition; what it throws is logged and the record is passed over. */
  onRecord(record: RawRecord): void;
  readonly logger: Logger;
}

export interface Tail {
  /** Begins in the background; topics that do not exist yet are waited for. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when everything that stood in the log at the start was delivered. */
  readonly caughtUp: Promise<void>;
}

interface Position {
  next: bigint;
  /** Where the log ended when this partition was first seen. */
  readonly goal: bigint;
}

/** Asked anew each time: it changes while others run. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Follows one topic until it is told to stop; every failure is ridden out from where it was. */
class TopicTail {
  readonly #options: TailOptions;
  readonly #topic: string;
  readonly #from: 'beginning' | 'end';
  readonly #positions = new Map<number, Position>();
  readonly #caughtUp = Promise.withResolvers<undefined>();
  #seenAt = 0;

  constructor(options: TailOptions, topic: string, from: 'beginning' | 'end') {
    this.#options = options;
    this.#topic = topic;
    this.#from = from;
  }

  get caughtUp(): Promise<undefined> {
    return this.#caughtUp.promise;
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !isOver(signal);) {
      const reader = this.#options.client.reader();
      try {
        await reader.connect();
        while (!isOver(signal)) {
          await this.#findPartitions(reader);
          await this.#read(reader);
          attempt = 1;
        }
      } catch (error) {
        if (attempt === 1)
          this.#options.logger.warn(
            { topic: this.#topic, reason: describeError(error) },
            'cannot follow the topic, trying again',
          );
        await pause(backoffMs({ initialMs: 200, maxMs: 2000 }, attempt), signal);
        attempt += 1;
      } finally {
        await reader.disconnect().catch(() => undefined);
      }
    }
  }

  async #findPartitions(reader: ClientReader): Promise<void> {
    if (Date.now() - this.#seenAt < NEW_PARTITIONS_EVERY_MS) return;
    const first = this.#positions.size === 0;
    for (const { partition, start, end } of await reader.bounds(this.#topic)) {
      const known = this.#positions.get(partition);
      // A topic that was deleted and made again begins anew; a partition that was added later is read from its start.
      if (known === undefined)
        this.#positions.set(partition, {
          next: first && this.#from === 'end' ? end : start,
          goal: first ? end : start,
        });
      else if (known.next < start || known.next > end) known.next = start;
    }
    this.#seenAt = Date.now();
    this.#checkCaughtUp();
  }

  async #read(reader: ClientReader): Promise<void> {
    const positions = [...this.#positions].map(([partition, { next }]): ReadPosition => ({
      topic: this.#topic,
      partition,
      offset: next,
    }));
    try {
      for (const { partition, records, next } of await reader.fetch(positions, MAX_WAIT_MS)) {
        for (const record of records) this.#deliver(record);
        const position = this.#positions.get(partition);
        if (position !== undefined) position.next = next;
      }
    } catch (error) {
      this.#seenAt = 0;
      throw error;
    }
    this.#checkCaughtUp();
  }

  #deliver(record: RawRecord): void {
    try {
      this.#options.onRecord(record);
    } catch (error) {
      this.#options.logger.error(
        { err: error, topic: record.topic, partition: record.partition, offset: String(record.offset) },
        'a followed record could not be taken',
      );
    }
  }

  #checkCaughtUp(): void {
    if (this.#positions.size > 0 && [...this.#positions.values()].every(({ next, goal }) => next >= goal))
      this.#caughtUp.resolve(undefined);
  }
}

/** Follows topics from their beginning or their end without a consumer group: commits nothing and leaves nothing behind. */
export function createTail(options: TailOptions): Tail {
  const stopping = new AbortController();
  const tails = options.topics.map(({ topic, from }) => new TopicTail(options, topic, from));
  let running: Promise<unknown> | undefined;
  return {
    caughtUp: Promise.all(tails.map((tail) => tail.caughtUp)).then(() => undefined),
    start() {
      running ??= Promise.all(tails.map((tail) => tail.run(stopping.signal)));
      return Promise.resolve();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
