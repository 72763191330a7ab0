/**
 * The words of this library: records as they are on the wire, events as the domain sees them, and the codec
 * that turns one into the other. The library knows no domain and no serialization format; both are arguments.
 */
import type { PoolClient } from 'pg';
import type { Logger } from 'pino';

/** Header values as they are on the wire; a key that stands more than once has a list. */
export type RawHeaders = Record<string, Buffer | Buffer[]>;

/** A record as the broker gave it, nothing decoded. */
export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestamp: Date;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RawHeaders;
}

/** A record to be sent as it is; `partition` is computed from the key (murmur2, as Java does) when it is absent. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string | Buffer | (string | Buffer)[]>;
  readonly partition?: number;
}

/** What two services agree on about one kind of event. */
export interface EventContract<T> {
  /** CloudEvents type, for example `eda.retail.v1.StockMoved`. */
  readonly type: string;
  /** Logical topic name, before the client's topic prefix. */
  readonly topic: string;
  /** The subject under which the value's schema is registered. */
  readonly subject: string;
  /** The record key: events with the same key stay in order. */
  key(data: T): string;
}

/** An event with its context; the context travels as CloudEvents headers. */
export interface EventEnvelope<T> {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: Date;
  readonly subject?: string;
  readonly key: string;
  readonly data: T;
  /** CloudEvents extension attributes, for example `correlationid`, `causationid`; `traceparent` and `tracestate` are headers of these names. */
  readonly extensions: Readonly<Record<string, string>>;
}

/**
 * Turns events into records and back. `decode` throws an error whose `verdict` is `poison` when no later try can
 * succeed, and `transient` when the schema registry does not answer.
 */
export interface EventCodec {
  encode<T>(contract: EventContract<T>, event: EventEnvelope<T>): OutgoingRecord;
  decode<T>(contract: EventContract<T>, record: RawRecord): EventEnvelope<T> | Promise<EventEnvelope<T>>;
}

export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface PublishOptions {
  /** Event id; a UUIDv7 is made when absent. Publishing again with the same id is safe for consumers with an inbox. */
  readonly id?: string;
  readonly time?: Date;
  readonly subject?: string;
  readonly extensions?: Readonly<Record<string, string>>;
}

export interface SendManyOptions {
  /**
   * What follows a record that is refused for good, in the same call and with its topic and key, is not sent: it rejects with
   * `NotSent`, so that the refused record can still come before it. Records without a key hold nothing back.
   */
  readonly keepKeyOrder?: boolean;
}

/** Options for all events of one call; each gets an id of its own. */
export type PublishManyOptions = Omit<PublishOptions, 'id'>;

export interface Producer {
  /**
   * Resolves when the event is in the log on all in-sync replicas.
   * Rejects with `DeliveryUnknown` (may or may not be in the log: publish again with the same id), or with
   * `BufferExhausted`, `NotSent`, `AccessDenied` or `Closed` (never sent).
   */
  publish<T>(contract: EventContract<T>, data: T, options?: PublishOptions): Promise<RecordMetadata>;
  /**
   * As `publish` for each, in order; one result per event, none is hidden behind another's failure. A refusal is told with the other
   * results: where order per key matters, publish nothing newer of the same keys before they are there.
   */
  publishMany<T>(
    contract: EventContract<T>,
    data: readonly T[],
    options?: PublishManyOptions,
  ): Promise<PromiseSettledResult<RecordMetadata>[]>;
  /** Sends a record as it is (outbox, dead letters, redrive); the same promises as `publish`. */
  send(record: OutgoingRecord): Promise<RecordMetadata>;
  /** As `send`, in order; one result per record, none is hidden behind another's failure. */
  sendMany(
    records: readonly OutgoingRecord[],
    options?: SendManyOptions,
  ): Promise<PromiseSettledResult<RecordMetadata>[]>;
  /** Resolves when everything accepted so far is decided, or rejects after `deadlineMs`. */
  flush(deadlineMs?: number): Promise<void>;
  /** Refuses new events, flushes, disconnects. */
  close(deadlineMs?: number): Promise<void>;
}

/** A decoded event with its place in the log, as handlers get it. */
export interface ReceivedRecord<T> extends EventEnvelope<T> {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** 1 on the first try, counted up by the retry in place. */
  readonly attempt: number;
  readonly appendTime: Date;
}

export interface HandlerContext {
  /** Aborted at the handler's deadline and when the partition is taken away. */
  readonly signal: AbortSignal;
  /** The transaction of inbox and effect: what a handler writes with it happens once. Throws where the consumer has no store. */
  readonly tx: PoolClient;
  readonly logger: Logger;
}

/** Domain code for one event. Throws `TransientError` or `PermanentError`; anything else is a business failure. */
export type Handler<T> = (record: ReceivedRecord<T>, context: HandlerContext) => Promise<void>;

/** Domain code for many events of one partition, in their order; the same rules as for `Handler`. */
export type BatchHandler<T> = (
  records: readonly ReceivedRecord<T>[],
  context: HandlerContext,
) => Promise<void>;
