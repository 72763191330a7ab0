import { AppendError } from './client-types.ts';
import { appendFailure, sessionLost } from './client-verdicts.ts';

/** What the errors of @platformatic/kafka carry; one answer may name several, a connection error wraps its cause. */
interface ClientError {
  readonly apiId?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

const MAX_DEPTH = 8;

function* causes(error: unknown, depth = 0): Generator<ClientError> {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return;
  const { cause, errors } = error as ClientError;
  yield error;
  if (Array.isArray(errors)) for (const each of errors) yield* causes(each, depth + 1);
  yield* causes(cause, depth + 1);
}

/** The broker's name for what went wrong; undefined when no broker answered. */
export function brokerErrorId(error: unknown): string | undefined {
  for (const { apiId } of causes(error)) if (typeof apiId === 'string') return apiId;
  return undefined;
}

/** What brokers say while they start, stop or elect: the cluster is there, but not for us yet. */
const MOVING = new Set([
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'BROKER_NOT_AVAILABLE',
  'NOT_CONTROLLER',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'KAFKA_STORAGE_ERROR',
]);

/** Whether the failure is that no broker could be reached or answered in time, or that the cluster is moving. */
export function isUnreachable(error: unknown): boolean {
  const id = brokerErrorId(error);
  if (id !== undefined) return MOVING.has(id);
  for (const { code } of causes(error)) if (code === 'PLT_KFK_NETWORK') return true;
  return false;
}

/** A topic that was just made, or a broker that has just started: the answer may be another one soon. */
export function mayPass(error: unknown): boolean {
  return isUnreachable(error) || brokerErrorId(error) === 'UNKNOWN_TOPIC_OR_PARTITION';
}

function codeOf(error: unknown): string | undefined {
  for (const { code } of causes(error)) if (typeof code === 'string') return code;
  return undefined;
}

/** Says what a failed produce request means for its batch; `id` is the broker's word for the partition, when it answered. */
export function toAppendError(error: unknown, id = brokerErrorId(error)): AppendError {
  return new AppendError(appendFailure(id), id ?? codeOf(error) ?? 'UNKNOWN', error);
}

/** A `SessionLost` when a heartbeat or commit failed because the group moved on; the error itself otherwise. */
export function toSessionLost(error: unknown): unknown {
  return sessionLost(brokerErrorId(error), error) ?? error;
}

/** The cluster knows the topic, but nobody leads the partition now. */
export class LeaderMissing extends Error {
  readonly apiId = 'LEADER_NOT_AVAILABLE';

  constructor(topic: string, partition: number) {
    super(`${topic}/${partition} has no leader`);
    this.name = 'LeaderMissing';
  }
}

/** The error as it is when it is one, something readable otherwise. */
export function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
