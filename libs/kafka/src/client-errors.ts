import type { AccessTarget } from './client-access.ts';
import { accessDeniedByCode } from './client-access.ts';
import { AppendError } from './client-types.ts';
import { appendFailure, sessionLost } from './client-verdicts.ts';
import { AccessDenied } from './errors.ts';

interface ClientError {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly originalError?: unknown;
}

function* chain(error: unknown): Generator<ClientError> {
  for (let current = error as ClientError | undefined, depth = 0; depth < 10; depth += 1) {
    if (typeof current !== 'object' || (current as ClientError | null) === null) return;
    yield current;
    current = (current.cause ?? current.originalError) as ClientError | undefined;
  }
}

/** The broker's name for what went wrong, from the error or from one that it wraps; undefined when no broker answered. */
export function brokerErrorType(error: unknown): string | undefined {
  for (const { type } of chain(error)) {
    if (typeof type === 'string') return type;
  }
  return undefined;
}

/** What clients call a login that the broker refused, where they do not pass on the broker's own name for it. */
const LOGIN_REFUSED = new Set(['KafkaJSSASLAuthenticationError', 'PLT_KFK_AUTHENTICATION']);

/** All that an error wraps, of either client: one error of @platformatic/kafka may hold several. */
function* wrapped(error: unknown, depth = 0): Generator<Record<string, unknown>> {
  if (typeof error !== 'object' || error === null || depth > 10) return;
  const link = error as Record<string, unknown>;
  yield link;
  if (Array.isArray(link['errors'])) for (const each of link['errors']) yield* wrapped(each, depth + 1);
  yield* wrapped(link['cause'] ?? link['originalError'], depth + 1);
}

/** An `AccessDenied` when the cluster does not let this client in or not do what `target` says; undefined otherwise. */
export function accessDenied(error: unknown, target: AccessTarget): AccessDenied | undefined {
  for (const link of wrapped(error)) {
    if (link instanceof AccessDenied) return link;
    const names = [link['name'], link['apiId'], link['type'], link['code']];
    for (const name of names) {
      if (typeof name !== 'string') continue;
      const code = LOGIN_REFUSED.has(name) ? 'SASL_AUTHENTICATION_FAILED' : name;
      const denied = accessDeniedByCode(code, target, error);
      if (denied !== undefined) return denied;
    }
  }
  return undefined;
}

/** Whether the failure is that no broker could be reached or answered in time; one that is reached and says no is not. */
export function isUnreachable(error: unknown): boolean {
  if (accessDenied(error, { action: 'describe' }) !== undefined) return false;
  for (const { name, type } of chain(error)) {
    if (typeof type === 'string') return COORDINATOR_MOVING.has(type);
    if (typeof name === 'string' && UNREACHABLE.has(name)) return true;
  }
  return false;
}

/** Whether the broker that was asked does not lead the partition, or not yet: metadata are older than the cluster. */
export function isLeaderMoving(error: unknown): boolean {
  return LEADER_MOVING.has(brokerErrorType(error) ?? '');
}

const LEADER_MOVING = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
]);

const UNREACHABLE = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSLockTimeout',
]);

/** What brokers say while they start, stop or elect: the cluster is there, but not for us yet. */
const COORDINATOR_MOVING = new Set([
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_LOAD_IN_PROGRESS',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'BROKER_NOT_AVAILABLE',
  'NOT_CONTROLLER',
  'REQUEST_TIMED_OUT',
]);

/** These say that something failed, or how often it was tried; what it was says the error that they wrap. */
const SAY_NOTHING = new Set([
  'Error',
  'KafkaJSError',
  'KafkaJSNonRetriableError',
  'KafkaJSNumberOfRetriesExceeded',
]);

function telling(error: unknown): string | undefined {
  for (const { name } of chain(error)) if (typeof name === 'string' && !SAY_NOTHING.has(name)) return name;
  return undefined;
}

/** Says what a failed produce request means for its batch. */
export function toAppendError(error: unknown): AppendError {
  const type = brokerErrorType(error);
  return new AppendError(appendFailure(type), type ?? telling(error) ?? 'UNKNOWN', error);
}

/** A `SessionLost` when a heartbeat or commit failed because the group moved on; the error itself otherwise. */
export function toSessionLost(error: unknown): unknown {
  return sessionLost(brokerErrorType(error), error) ?? error;
}
