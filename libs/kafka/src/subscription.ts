import type { Backoff } from './backoff.ts';
import type {
  BatchHandler,
  EventCodec,
  EventContract,
  EventEnvelope,
  Handler,
  HandlerContext,
  RawRecord,
  ReceivedRecord,
} from './types.ts';

/** What happens when a handler fails for reasons of its own. Outages and bad bytes do not count against `maxAttempts`. */
export interface RetryPolicy {
  /** Tries of one record in all; 1 never tries again. */
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  /**
   * - `dead-letter`: the record goes to the dead-letter topic, those behind it go on;
   * - `park-key`: the record waits in the database and is tried again; what comes with its key waits behind it, in order, and other
   *   keys go on (docs/decisions/0027). A record without a key becomes a dead letter;
   * - `retry-topic`: the record goes to `<topic>.<group>.retry.1` and comes again after its delay, then to the next one, and at last
   *   to the dead-letter topic; those behind it go on, also those with its key (docs/decisions/0028);
   * - `stop` ends the consumer in front of the record and lets the process fail: for streams in which nothing may be passed over.
   */
  readonly onExhausted: 'park-key' | 'retry-topic' | 'dead-letter' | 'stop';
  readonly parking?: ParkingPolicy;
  /** One retry topic for each, which must exist, in milliseconds; 5 s, 1 min and 10 min when absent. */
  readonly retryDelaysMs?: readonly number[];
}

/** How parked records are tried again, and how many there may be: beyond, the partition waits and readiness says so. */
export interface ParkingPolicy {
  /** 5 s to 5 min when absent. */
  readonly backoff?: Backoff;
  /** 1000 when absent. */
  readonly maxRecordsPerKey?: number;
  /** Keys of one topic; 1000 when absent. */
  readonly maxKeys?: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 3,
  backoff: { initialMs: 200, maxMs: 5000 },
  onExhausted: 'dead-letter',
};

/** The policy with its defaults; undefined where keys are not parked. */
export function parkingOf(policy: RetryPolicy | undefined): Required<ParkingPolicy> | undefined {
  return policy?.onExhausted === 'park-key' ? parkingDefaults(policy) : undefined;
}

/** How records are treated that were parked under another policy. */
export function parkingDefaults({ parking = {} }: Pick<RetryPolicy, 'parking'>): Required<ParkingPolicy> {
  const { backoff = { initialMs: 5000, maxMs: 300_000 }, maxRecordsPerKey = 1000, maxKeys = 1000 } = parking;
  return { backoff, maxRecordsPerKey, maxKeys };
}

/** A kind of event and its handler, with the event's type erased. */
export interface Subscription {
  readonly topic: string;
  readonly eventType: string;
  readonly retry: RetryPolicy | undefined;
  /** Records that go to the handler at a time, at most. */
  readonly maxBatchRecords: number;
  /** Where the records of a retry topic come from. */
  readonly retryOf?: { readonly topic: string; readonly level: number };
  decode(codec: EventCodec, record: RawRecord): EventEnvelope<unknown> | Promise<EventEnvelope<unknown>>;
  /** Throws or rejects with what the handler does; not more records at a time than `maxBatchRecords`. */
  handle(records: readonly ReceivedRecord<unknown>[], context: HandlerContext): Promise<void>;
}

/** Pairs an event contract with the handler of its events. */
export function subscribe<T>(
  contract: EventContract<T>,
  handler: Handler<T>,
  options: { readonly retry?: RetryPolicy } = {},
): Subscription {
  return {
    topic: contract.topic,
    eventType: contract.type,
    retry: options.retry,
    decode: (codec, record) => codec.decode(contract, record),
    maxBatchRecords: 1,
    // One at a time; its data was decoded with this contract.
    handle: ([record], context) => handler(record as ReceivedRecord<T>, context),
  };
}

/**
 * Pairs an event contract with a handler of many events of one partition at a time, up to `maxBatchRecords` (500 when absent): they
 * share one transaction, and only those come that are new. When it fails for another reason than an outage, they come again one
 * by one, in lists of one, so that a bad event does not hurt its neighbours. The deadline is that of the whole list. Events that
 * the handler makes inherit nothing by themselves: it says what caused each with `runCausedBy`.
 */
export function subscribeBatch<T>(
  contract: EventContract<T>,
  handler: BatchHandler<T>,
  options: { readonly retry?: RetryPolicy; readonly maxBatchRecords?: number } = {},
): Subscription {
  const { retry, maxBatchRecords = 500 } = options;
  if (!Number.isInteger(maxBatchRecords) || maxBatchRecords < 1)
    throw new TypeError(`maxBatchRecords is a whole number above 0, not ${maxBatchRecords}`);
  return {
    topic: contract.topic,
    eventType: contract.type,
    retry,
    maxBatchRecords,
    decode: (codec, record) => codec.decode(contract, record),
    // The records' data was decoded with this contract.
    handle: async (records, context) => handler(records as readonly ReceivedRecord<T>[], context),
  };
}
