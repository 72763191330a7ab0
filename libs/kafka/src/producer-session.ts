import type { Logger } from 'pino';
import type { Backoff } from './backoff.ts';
import { backoffMs, pause } from './backoff.ts';
import type { ClientProducer, WireRecord } from './client-types.ts';
import { AccessDenied, describeError } from './errors.ts';

const CONNECT_BACKOFF: Backoff = { initialMs: 100, maxMs: 2000 };

/** One producer id on the cluster. A batch stays with the session that first sent it: only there a repeat is recognised. */
export class ProducerSession {
  readonly #client: ClientProducer;
  readonly #logger: Logger;
  readonly #ended = new AbortController();
  #connecting: Promise<void> | undefined;
  #users = 0;
  #retired: { readonly onEnd: () => void } | undefined;

  constructor(client: ClientProducer, logger: Logger) {
    this.#client = client;
    this.#logger = logger;
  }

  /**
   * Resolves when connected, however long it takes. Rejects when the session ends first, and with `AccessDenied` when a right is
   * missing; a login that fails is tried again, for it may be a rotation that has not arrived here.
   */
  ready(): Promise<void> {
    this.#connecting ??= this.#connect().catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    return this.#connecting;
  }

  append(topic: string, partition: number, records: readonly WireRecord[]): Promise<bigint> {
    return this.#client.append(topic, partition, records);
  }

  use(): void {
    this.#users += 1;
  }

  release(): void {
    this.#users -= 1;
    if (this.#retired !== undefined && this.#users === 0) void this.end();
  }

  /** No new batch begins here; the session ends when its last batch is decided, and says so. */
  retire(onEnd: () => void): void {
    this.#retired ??= { onEnd };
    if (this.#users === 0) void this.end();
  }

  async end(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    await this.#connecting?.catch(() => undefined);
    await this.#client.disconnect().catch((error: unknown) => {
      this.#logger.debug({ err: error }, 'disconnecting the producer failed');
    });
    this.#retired?.onEnd();
  }

  async #connect(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.#ended.signal.aborted) throw new Error('the producer session ended before it was connected');
      try {
        await this.#client.connect();
        return;
      } catch (error) {
        if (error instanceof AccessDenied && error.code.endsWith('_AUTHORIZATION_FAILED')) throw error;
        this.#logger.warn(
          { attempt, reason: describeError(error) },
          'producer cannot connect to Kafka, trying again',
        );
        await pause(backoffMs(CONNECT_BACKOFF, attempt), this.#ended.signal);
      }
    }
  }
}

/** The session that new batches use, and its replacement when the broker no longer accepts its sequence numbers. */
export class ProducerSessions {
  readonly #create: () => ProducerSession;
  readonly #live = new Set<ProducerSession>();
  #current: ProducerSession | undefined;

  constructor(create: () => ProducerSession) {
    this.#create = create;
  }

  current(): ProducerSession {
    if (this.#current === undefined) {
      this.#current = this.#create();
      this.#live.add(this.#current);
    }
    return this.#current;
  }

  /** Sends nothing new through `session`; the next batch gets a new one. */
  retire(session: ProducerSession): void {
    if (session === this.#current) this.#current = undefined;
    session.retire(() => {
      this.#live.delete(session);
    });
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#live].map((session) => session.end()));
    this.#live.clear();
  }
}
