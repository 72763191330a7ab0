import type { Backoff } from './backoff.ts';
import { backoffMs, pause } from './backoff.ts';
import { AppendError } from './client-types.ts';
import {
  AccessDenied,
  DeliveryUnknown,
  NotSent,
  RecordRejected,
  RecordTooLarge,
  UnknownTopic,
} from './errors.ts';
import type { PendingRecord, Succession } from './pending-record.ts';
import type { ProducerSession } from './producer-session.ts';

/** The cluster forgets a topic for a moment while brokers start; only after so many tries in a row is that believed. */
const TRIES_BEFORE_NEW_SESSION = 5;

export interface LaneLimits {
  readonly maxBatchRecords: number;
  readonly maxBatchBytes: number;
  readonly lingerMs: number;
  /** Between two tries of the same batch. */
  readonly retry: Backoff;
}

export interface LaneHost {
  session(): ProducerSession;
  retire(session: ProducerSession): void;
  /** Whether the cluster knows the topic; true when it cannot be asked. */
  topicExists(topic: string): Promise<boolean>;
  attempted(failure: AppendError | undefined, topic: string, records: number, durationMs: number): void;
  /** Callers were told that the outcome of their records is not known. */
  doubted(topic: string, records: number): void;
  freed(records: readonly PendingRecord[]): void;
}

interface Flight {
  readonly records: PendingRecord[];
  /** Whether the batch was handed to the client at least once. */
  sent: boolean;
  /** Whether an attempt ended without saying whether the batch was written. */
  doubtful: boolean;
  /** Attempts in a row that did not find the topic. */
  missing: number;
  /** Whether the callers were let go at their deadline. */
  told: boolean;
  /** Why the batch must not be tried again, if so. */
  abandoned: Error | undefined;
}

/**
 * One partition's queue. One batch is in flight at a time, and it is repeated unchanged, by the same producer session, until the
 * broker decides: that keeps order and makes the broker recognise a repeat (see docs/decisions/0020).
 */
export class Lane {
  readonly #topic: string;
  readonly #partition: number;
  readonly #limits: LaneLimits;
  readonly #host: LaneHost;
  readonly #stop = new AbortController();
  #queue: PendingRecord[] = [];
  #flight: Flight | undefined;
  #draining = false;
  #timer: NodeJS.Timeout | undefined;
  /** Smaller than the limit for a while after a batch was too large. */
  #batchLimit: number;

  constructor(topic: string, partition: number, limits: LaneLimits, host: LaneHost) {
    this.#topic = topic;
    this.#partition = partition;
    this.#limits = limits;
    this.#batchLimit = limits.maxBatchRecords;
    this.#host = host;
  }

  push(record: PendingRecord): void {
    this.#queue.push(record);
    if (this.#timer === undefined) this.#watchDeadline();
    if (this.#draining) return;
    this.#draining = true;
    // Records published in the same turn of the event loop share a batch.
    if (this.#limits.lingerMs > 0) setTimeout(() => void this.#drain(), this.#limits.lingerMs);
    else setImmediate(() => void this.#drain());
  }

  /** Sends nothing more; what was sent is in doubt for good. */
  abandon(reason: NotSent): void {
    this.#stop.abort();
    if (this.#flight !== undefined) this.#flight.abandoned = reason;
    this.#rejectQueue(reason);
    if (this.#flight !== undefined) this.#giveUp(this.#flight, reason);
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const flight: Flight = {
        records: this.#takeBatch(),
        sent: false,
        doubtful: false,
        missing: 0,
        told: false,
        abandoned: undefined,
      };
      this.#flight = flight;
      await this.#deliver(flight);
      this.#flight = undefined;
    }
    this.#draining = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #takeBatch(): PendingRecord[] {
    let bytes = 0;
    let count = 0;
    for (const record of this.#queue) {
      if (count === this.#batchLimit || (count > 0 && bytes + record.size > this.#limits.maxBatchBytes))
        break;
      bytes += record.size;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #deliver(flight: Flight): Promise<void> {
    const session = this.#host.session();
    session.use();
    try {
      await session.ready();
      for (let attempt = 1; !this.#isAbandoned(flight); attempt += 1) {
        flight.sent = true;
        const failure = await this.#attempt(session, flight);
        if (failure === undefined) return;
        flight.missing = failure.failure === 'missing-topic' ? flight.missing + 1 : 0;
        const next = await this.#decide(session, flight, failure);
        if (next === 'decided') return;
        if (next === 'at-once') continue;
        if (failure.failure === 'unknown') flight.doubtful = true;
        await pause(backoffMs(this.#limits.retry, attempt), this.#stop.signal);
      }
    } catch (error) {
      if (error instanceof AccessDenied && !flight.sent) {
        this.#settle(flight.records, (record) => record.reject(error));
        this.#rejectQueue(error);
        return;
      }
      if (flight.sent) this.#host.retire(session);
      flight.abandoned ??= new NotSent('the producer closed before it was connected', error);
    } finally {
      session.release();
    }
    this.#giveUp(flight, flight.abandoned ?? new NotSent('the producer closed'));
  }

  #isAbandoned(flight: Flight): boolean {
    return flight.abandoned !== undefined || this.#stop.signal.aborted;
  }

  async #attempt(session: ProducerSession, flight: Flight): Promise<AppendError | undefined> {
    const started = performance.now();
    const wires = flight.records.map(({ wire }) => wire);
    try {
      const base = await session.append(this.#topic, this.#partition, wires);
      this.#settle(flight.records, (record, index) => {
        record.resolve({ topic: this.#topic, partition: this.#partition, offset: base + BigInt(index) });
      });
      this.#batchLimit = Math.min(this.#limits.maxBatchRecords, this.#batchLimit * 2);
      this.#host.attempted(undefined, this.#topic, wires.length, performance.now() - started);
      return undefined;
    } catch (error) {
      const failure = error instanceof AppendError ? error : new AppendError('unknown', 'UNEXPECTED', error);
      this.#host.attempted(failure, this.#topic, wires.length, performance.now() - started);
      return failure;
    }
  }

  /** What a failed attempt means for its batch; whatever is not decided is repeated, after a pause or at once. */
  async #decide(
    session: ProducerSession,
    flight: Flight,
    error: AppendError,
  ): Promise<'decided' | 'later' | 'at-once'> {
    if (error.failure === 'unknown') return 'later';
    if (error.failure === 'missing-topic') return this.#decideMissing(session, flight, error);
    // A no from the broker is certain only if no earlier attempt of the same batch may have been written.
    if (error.failure === 'sequence' || flight.doubtful) {
      this.#doubtForGood(session, flight, error);
      return 'decided';
    }
    if (error.failure !== 'refused' && flight.records.length > 1) {
      if (flight.told) {
        // Their callers have gone and wait for an outcome at most: what is queued behind must not come before their next try.
        this.#setAside(
          flight,
          new NotSent('the broker refused the batch after its delivery deadline', error),
        );
        return 'decided';
      }
      this.#shrink(flight);
      return 'at-once';
    }
    this.#refuse(flight, error);
    return 'decided';
  }

  /** The attempt itself wrote nothing into a log that is still there; an earlier one may have, before the topic was forgotten. */
  async #decideMissing(
    session: ProducerSession,
    flight: Flight,
    error: AppendError,
  ): Promise<'decided' | 'later'> {
    const exists = await this.#host.topicExists(this.#topic);
    if ((exists || flight.doubtful) && flight.missing < TRIES_BEFORE_NEW_SESSION) return 'later';
    if (flight.doubtful) {
      this.#doubtForGood(session, flight, error);
      return 'decided';
    }
    this.#host.retire(session);
    // One that exists is not found when another topic of this session was deleted: kafkajs then fails for all (tulios/kafkajs#1622).
    this.#setAside(
      flight,
      exists
        ? new NotSent(`the leader of ${this.#topic} was not found`, error)
        : new UnknownTopic(this.#topic, error),
    );
    return 'decided';
  }

  #refuse(flight: Flight, error: AppendError): void {
    const rejected =
      error.failure === 'too-large'
        ? new RecordTooLarge(
            `a record of ${flight.records[0]?.size ?? 0} bytes is too large for ${this.#topic}`,
            error,
          )
        : error.cause instanceof AccessDenied
          ? error.cause
          : new RecordRejected(
              `the broker refused a record for ${this.#topic}: ${error.code}`,
              error.code,
              error,
            );
    const succession = flight.records[0]?.succession;
    this.#settle(flight.records, (record) => record.reject(rejected));
    if (succession !== undefined) this.#holdBack(succession, rejected);
    // One bad record says nothing about the next of another key; a refusal of the whole topic may end while they are sent.
    if (error.failure === 'refused')
      this.#rejectQueue(new NotSent('the broker refused the record before this one', error));
  }

  /** A record is refused alone: all that must not come before its next try is in the queue. */
  #holdBack(succession: Succession, refusal: Error): void {
    const behind = this.#queue.filter((record) => record.succession === succession);
    if (behind.length === 0) return;
    this.#queue = this.#queue.filter((record) => record.succession !== succession);
    const heldBack = new NotSent('a record of the same key before this one was refused', refusal);
    this.#settle(behind, (record) => record.reject(heldBack));
  }

  /** Puts half of a refused batch back, to find the record that is at fault. */
  #shrink(flight: Flight): void {
    this.#batchLimit = Math.ceil(flight.records.length / 2);
    this.#queue.unshift(...flight.records.splice(this.#batchLimit));
  }

  /** Rejects what is certainly not in the log, with all that is queued behind it. */
  #setAside(flight: Flight, error: Error): void {
    this.#settle(flight.records, (record) => record.reject(error));
    this.#rejectQueue(error);
  }

  /**
   * Nobody will ever know: callers are told so, and what was queued behind is not sent, so that a retry in order stays in order.
   * The session goes too: it would give the sequence numbers of this batch to the next one, which the broker would then drop.
   */
  #doubtForGood(session: ProducerSession | undefined, flight: Flight, cause: unknown): void {
    if (session !== undefined) this.#host.retire(session);
    const unknown = new DeliveryUnknown(`records for ${this.#topic} may or may not be in the log`, { cause });
    if (!flight.told) this.#host.doubted(this.#topic, flight.records.length);
    this.#settle(flight.records, (record) => record.reject(unknown));
    this.#rejectQueue(new NotSent('a record before this one has an unknown outcome', cause));
  }

  #giveUp(flight: Flight, reason: Error): void {
    if (flight.sent) this.#doubtForGood(undefined, flight, reason);
    else this.#settle(flight.records, (record) => record.reject(reason));
  }

  #settle(records: PendingRecord[], how: (record: PendingRecord, index: number) => void): void {
    records.forEach(how);
    this.#host.freed(records.splice(0));
  }

  #rejectQueue(error: Error): void {
    this.#settle(this.#queue, (record) => record.reject(error));
  }

  #oldestUntold(): PendingRecord | undefined {
    const flight = this.#flight;
    return flight === undefined || flight.told ? this.#queue[0] : (flight.records[0] ?? this.#queue[0]);
  }

  #watchDeadline(): void {
    const oldest = this.#oldestUntold();
    this.#timer =
      oldest === undefined
        ? undefined
        : setTimeout(
            () => {
              this.#passDeadline();
              this.#watchDeadline();
            },
            Math.max(1, oldest.deadline - performance.now()),
          );
  }

  /** At the delivery deadline callers are let go; a batch that was sent stays in flight, for its sequence numbers are taken. */
  #passDeadline(): void {
    const oldest = this.#oldestUntold();
    if (oldest === undefined || oldest.deadline > performance.now()) return;
    const late = new NotSent('the record was not sent before its delivery deadline');
    const flight = this.#flight;
    if (flight?.told === false) {
      flight.told = true;
      if (flight.sent) {
        this.#host.doubted(this.#topic, flight.records.length);
        for (const record of flight.records)
          record.doubt('no broker has confirmed the record before its delivery deadline');
      } else {
        flight.abandoned = late;
        this.#settle(flight.records, (record) => record.reject(late));
      }
    }
    this.#rejectQueue(late);
  }
}
