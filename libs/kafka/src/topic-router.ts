import type { Backoff } from './backoff.ts';
import { backoffMs, pause } from './backoff.ts';
import type { ClientAdmin } from './client-types.ts';
import { AccessDenied, InvalidRecord, NotSent, UnknownTopic } from './errors.ts';
import { partitionOf } from './murmur2.ts';
import type { PendingRecord } from './pending-record.ts';

const RETRY: Backoff = { initialMs: 100, maxMs: 1000 };
const MAX_AGE_MS = 60_000;
/** A topic that was just made is not known to every broker at once. */
const TRIES_BEFORE_UNKNOWN = 4;

interface Waiting {
  readonly record: PendingRecord;
  readonly partition: number | undefined;
}

interface Route {
  partitions: number | undefined;
  askedAt: number;
  /** Records that came before the number of partitions was known, in order. */
  readonly waiting: Waiting[];
  asking: boolean;
  /** For records without a key. */
  turn: number;
}

export interface RouterHost {
  deliver(record: PendingRecord, partition: number): void;
  refuse(record: PendingRecord, error: Error): void;
}

/** Finds the partition of each record; records of one topic leave in the order in which they came. */
export class TopicRouter {
  readonly #admin: ClientAdmin;
  readonly #host: RouterHost;
  readonly #routes = new Map<string, Route>();
  readonly #closed = new AbortController();
  #connecting: Promise<void> | undefined;

  constructor(admin: ClientAdmin, host: RouterHost) {
    this.#admin = admin;
    this.#host = host;
  }

  route(record: PendingRecord, partition: number | undefined): void {
    let route = this.#routes.get(record.topic);
    if (route === undefined) {
      route = { partitions: undefined, askedAt: 0, waiting: [], asking: false, turn: 0 };
      this.#routes.set(record.topic, route);
    }
    if (route.partitions === undefined) route.waiting.push({ record, partition });
    else this.#send(route, route.partitions, { record, partition });
    if (!route.asking && Date.now() - route.askedAt > MAX_AGE_MS) void this.#ask(record.topic, route);
  }

  /** Whether the cluster knows the topic; true when no broker answers. A topic that is gone is asked for anew. */
  async exists(topic: string): Promise<boolean> {
    try {
      const partitions = await this.#partitionCount(topic);
      // A route that is being asked for already keeps its records: a second one beside it would overtake them.
      if (partitions === undefined && this.#routes.get(topic)?.partitions !== undefined)
        this.#routes.delete(topic);
      return partitions !== undefined;
    } catch {
      return true;
    }
  }

  /** Refuses what still waits for an answer about its topic. */
  abandon(error: Error): void {
    this.#closed.abort();
    for (const route of this.#routes.values()) this.#refuseAll(route, error);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    if (this.#connecting === undefined) return;
    // A connection that is still being made would stay behind and keep the process alive.
    await this.#connecting.catch(() => undefined);
    await this.#admin.disconnect().catch(() => undefined);
  }

  async #ask(topic: string, route: Route): Promise<void> {
    route.asking = true;
    const expiry = setInterval(() => this.#expire(route), 100);
    let missing = 0;
    try {
      for (let attempt = 1; !this.#closed.signal.aborted; attempt += 1) {
        try {
          const partitions = await this.#partitionCount(topic);
          if (partitions !== undefined) {
            this.#learn(route, partitions);
            return;
          }
          // One partition without a leader looks like this too; that the topic is gone is noticed where it is written to.
          if (route.partitions !== undefined) return;
          missing += 1;
          if (missing >= TRIES_BEFORE_UNKNOWN) {
            this.#forget(topic, route, new UnknownTopic(topic));
            return;
          }
        } catch (error) {
          // Records wait until their deadline while no broker answers; a number already known stays in use.
          if (route.partitions !== undefined) return;
          if (error instanceof AccessDenied) {
            this.#forget(topic, route, error);
            return;
          }
        }
        await pause(backoffMs(RETRY, attempt), this.#closed.signal);
      }
    } finally {
      clearInterval(expiry);
      route.asking = false;
      route.askedAt = Date.now();
      if (route.partitions === undefined) route.askedAt = 0;
    }
  }

  /** Refuses what waits; the next record asks anew. */
  #forget(topic: string, route: Route, error: Error): void {
    this.#refuseAll(route, error);
    if (this.#routes.get(topic) === route) this.#routes.delete(topic);
  }

  #learn(route: Route, partitions: number): void {
    route.partitions = partitions;
    for (const waiting of route.waiting.splice(0)) this.#send(route, partitions, waiting);
  }

  #send(route: Route, partitions: number, { record, partition }: Waiting): void {
    if (partition !== undefined && partition >= partitions) {
      // It may have been added since: whoever tries again later is told the truth.
      route.askedAt = 0;
      const message = `${record.topic} has ${partitions} partitions, none of them is ${partition}`;
      this.#host.refuse(record, new InvalidRecord(message));
      return;
    }
    const { key } = record.wire;
    this.#host.deliver(
      record,
      partition ?? (key === null ? route.turn++ % partitions : partitionOf(key, partitions)),
    );
  }

  #expire(route: Route): void {
    const oldest = route.waiting[0];
    if (oldest === undefined || oldest.record.deadline > performance.now()) return;
    this.#refuseAll(
      route,
      new NotSent('no broker said which partitions the topic has before the delivery deadline'),
    );
  }

  #refuseAll(route: Route, error: Error): void {
    for (const { record } of route.waiting.splice(0)) this.#host.refuse(record, error);
  }

  async #partitionCount(topic: string): Promise<number | undefined> {
    if (this.#closed.signal.aborted) throw new NotSent('the producer was closed');
    this.#connecting ??= this.#admin.connect().catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    await this.#connecting;
    return this.#admin.partitionCount(topic);
  }
}
