/** What the names that brokers give to errors mean, for any Kafka client. */
import type { AppendFailure } from './client-types.ts';
import { SessionLost } from './client-types.ts';

/** The broker says this before it writes: the batch is not in the log. Everything else may come after the write. */
const REFUSED = new Set([
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'POLICY_VIOLATION',
]);

/** The broker and this producer count differently: nobody knows what that says about the batch. */
const SEQUENCE = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
]);

/** What the broker's answer to a produce request means for its batch; `type` is undefined when there was no answer. */
export function appendFailure(type: string | undefined): AppendFailure {
  if (type === undefined) return 'unknown';
  if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE') return 'too-large';
  if (type === 'INVALID_RECORD' || type === 'INVALID_TIMESTAMP') return 'bad-record';
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION') return 'missing-topic';
  if (SEQUENCE.has(type)) return 'sequence';
  return REFUSED.has(type) ? 'refused' : 'unknown';
}

/** A `SessionLost` when a heartbeat or commit was answered like this because the group moved on; undefined otherwise. */
export function sessionLost(type: string | undefined, cause: unknown): SessionLost | undefined {
  switch (type) {
    case 'REBALANCE_IN_PROGRESS':
      return new SessionLost('rebalancing', cause);
    case 'UNKNOWN_MEMBER_ID':
    case 'ILLEGAL_GENERATION':
    case 'FENCED_INSTANCE_ID':
      return new SessionLost('expelled', cause);
    default:
      return undefined;
  }
}
