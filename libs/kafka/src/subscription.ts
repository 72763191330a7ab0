import type { Backoff } from './backoff.ts';
import type {
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
  /** `stop` ends the consumer in front of the record and lets the process fail: for streams in which nothing may be passed over. */
  readonly onExhausted: 'dead-letter' | 'stop';
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 3,
  backoff: { initialMs: 200, maxMs: 5000 },
  onExhausted: 'dead-letter',
};

/** A kind of event and its handler, with the event's type erased. */
export interface Subscription {
  readonly topic: string;
  readonly eventType: string;
  readonly retry: RetryPolicy | undefined;
  decode(codec: EventCodec, record: RawRecord): EventEnvelope<unknown> | Promise<EventEnvelope<unknown>>;
  handle(record: ReceivedRecord<unknown>, context: HandlerContext): Promise<void>;
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
    // The record's data was decoded with this contract.
    handle: async (record, context) => handler(record as ReceivedRecord<T>, context),
  };
}
