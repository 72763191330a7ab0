import type { Failure } from './parked-records.ts';
import type { RetryPolicy, Subscription } from './subscription.ts';
import type { OutgoingRecord, RawHeaders, RawRecord } from './types.ts';

/** Before every header that a record of a retry topic has in addition; they are gone when the handler or a dead letter sees it. */
export const RETRY_PREFIX = '__retry.';

const DEFAULT_DELAYS_MS = [5000, 60_000, 600_000];

/** What a record of a retry topic says about itself. */
export interface RetryState {
  /** Epoch milliseconds before which it is not tried. */
  readonly notBefore: number;
  /** Tries so far. */
  readonly attempts: number;
  /** The record as it was where it came from. */
  readonly original: RawRecord;
}

/** The topic in which records of `topic` that `groupId` could not handle wait for the `level`th time, counted from 1. */
export function retryTopic(topic: string, groupId: string, level: number): string {
  return `${topic}.${groupId}.retry.${level}`;
}

/** The delays of the policy's retry topics in milliseconds; none when it has no retry topics. */
export function retryDelays(policy: RetryPolicy): readonly number[] {
  return policy.onExhausted === 'retry-topic' ? (policy.retryDelaysMs ?? DEFAULT_DELAYS_MS) : [];
}

/** The subscriptions themselves, and one more for each retry topic that one of them needs. */
export function withRetryTopics(
  subscriptions: readonly Subscription[],
  groupId: string,
  policyOf: (subscription: Subscription) => RetryPolicy,
): Subscription[] {
  return subscriptions.flatMap((subscription) => [
    subscription,
    ...retryDelays(policyOf(subscription)).map((_, index) => ({
      ...subscription,
      topic: retryTopic(subscription.topic, groupId, index + 1),
      // Each has its own time, and one that fails goes on alone.
      maxBatchRecords: 1,
      retryOf: { topic: subscription.topic, level: index + 1 },
    })),
  ]);
}

/** The record that goes to the next retry topic: key, value and headers as they were, and headers that say when and what to try. */
export function toRetryRecord(
  original: RawRecord,
  topic: string,
  {
    notBefore,
    attempts,
    failure,
  }: { readonly notBefore: number; readonly attempts: number; readonly failure: Failure },
): OutgoingRecord {
  const state = {
    topic: original.topic,
    partition: original.partition,
    offset: original.offset,
    timestamp: original.timestamp.getTime(),
    not_before: Math.round(notBefore),
    attempts,
    code: failure.code,
    message: failure.message,
  };
  const headers: OutgoingRecord['headers'] = { ...original.headers };
  for (const [name, value] of Object.entries(state)) headers[RETRY_PREFIX + name] = String(value);
  return { topic, key: original.key, value: original.value, headers };
}

/** Reads what a record of a retry topic says; one that says nothing of the kind is tried at once, as what it is. */
export function retryState(record: RawRecord): RetryState {
  const text = (name: string): string | undefined => {
    const value = record.headers[RETRY_PREFIX + name];
    return (Array.isArray(value) ? value.at(-1) : value)?.toString('utf8');
  };
  const number = (name: string): number | undefined => {
    const value = text(name);
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  const topic = text('topic');
  const [partition, offset, timestamp] = [number('partition'), number('offset'), number('timestamp')];
  const known =
    topic !== undefined && partition !== undefined && offset !== undefined && timestamp !== undefined;
  return {
    notBefore: number('not_before') ?? 0,
    attempts: number('attempts') ?? 0,
    original: known
      ? {
          topic,
          partition,
          offset: BigInt(offset),
          timestamp: new Date(timestamp),
          key: record.key,
          value: record.value,
          headers: withoutRetryHeaders(record.headers),
        }
      : record,
  };
}

function withoutRetryHeaders(headers: RawHeaders): RawHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(RETRY_PREFIX)));
}
