/** What a failure means for the record being handled: try again, put it aside, or count it as the domain's own. */
export type Verdict = 'transient' | 'poison' | 'business';

export interface ErrorDetails {
  /** Stable, upper-case; part of the contract with callers and stored in dead letters. */
  readonly code?: string;
  readonly cause?: unknown;
}

/** An error with a stable code. */
class CodedError extends Error {
  readonly code: string;

  constructor(message: string, code: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
  }
}

/** The surroundings failed (database, network, broker): the same record is tried again, without limit. */
export class TransientError extends CodedError {
  readonly verdict = 'transient';

  constructor(message: string, { code = 'TRANSIENT', cause }: ErrorDetails = {}) {
    super(message, code, cause);
  }
}

/** No later try can succeed: the record goes to the dead-letter topic at once. */
export class PermanentError extends CodedError {
  readonly verdict = 'poison';

  constructor(message: string, { code = 'PERMANENT', cause }: ErrorDetails = {}) {
    super(message, code, cause);
  }
}

/**
 * The record may or may not be in the log. Publish it again with the same event id; consumers with an inbox see it once.
 * While the library goes on trying, `outcome` settles later with what became of the record.
 */
export class DeliveryUnknown<T = unknown> extends CodedError {
  readonly verdict = 'transient';
  readonly outcome: Promise<T> | undefined;

  constructor(message: string, { cause, outcome }: { cause?: unknown; outcome?: Promise<T> } = {}) {
    super(message, 'DELIVERY_UNKNOWN', cause);
    this.outcome = outcome;
  }
}

/** The producer's memory is full; the record was not sent. Answer 503 or slow down. */
export class BufferExhausted extends CodedError {
  readonly verdict = 'transient';

  constructor(message: string) {
    super(message, 'BUFFER_EXHAUSTED');
  }
}

/** The record was certainly not sent; sending it again in the same order keeps the order. */
export class NotSent extends CodedError {
  readonly verdict = 'transient';

  constructor(message: string, cause?: unknown) {
    super(message, 'NOT_SENT', cause);
  }
}

/** The producer or consumer is closed; the record was not sent. */
export class Closed extends CodedError {
  readonly verdict = 'transient';

  constructor(message: string) {
    super(message, 'CLOSED');
  }
}

/** The topic does not exist on the cluster; the record was not sent. Transient: topics are made by operators. */
export class UnknownTopic extends CodedError {
  readonly verdict = 'transient';
  readonly topic: string;

  constructor(topic: string, cause?: unknown) {
    super(`topic ${topic} does not exist`, 'UNKNOWN_TOPIC', cause);
    this.topic = topic;
  }
}

/** The record is larger than the producer or the broker accepts; it is not in the log. */
export class RecordTooLarge extends CodedError {
  readonly verdict = 'poison';

  constructor(message: string, cause?: unknown) {
    super(message, 'RECORD_TOO_LARGE', cause);
  }
}

/** The record cannot be put on the wire (a header, key or value of the wrong type, no such partition); it was not sent. */
export class InvalidRecord extends CodedError {
  readonly verdict = 'poison';

  constructor(message: string, cause?: unknown) {
    super(message, 'INVALID_RECORD', cause);
  }
}

/** The broker refused the record for good (its `code` is the broker's, for example `TOPIC_AUTHORIZATION_FAILED`). */
export class RecordRejected extends CodedError {
  readonly verdict: Verdict;

  constructor(message: string, code: string, cause?: unknown) {
    super(message, code, cause);
    this.verdict = code.endsWith('AUTHORIZATION_FAILED') ? 'transient' : 'poison';
  }
}

/** Something was still undecided at the deadline. */
export class DeadlineExceeded extends CodedError {
  constructor(message: string) {
    super(message, 'DEADLINE_EXCEEDED');
  }
}

/** The handler did not settle before its deadline; its transaction was rolled back. */
export class HandlerTimeout extends CodedError {
  readonly verdict = 'business';

  constructor(message: string) {
    super(message, 'HANDLER_TIMEOUT');
  }
}

/** The consumer cannot go on without an operator; `code` says why. */
export class ConsumerStopped extends CodedError {}

/**
 * The mounted credentials cannot be used; `problems` names each file and what to do about it. Never holds a secret.
 */
export class CredentialsInvalid extends CodedError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Kafka credentials: ${problems.join('; ')}`, 'CREDENTIALS_INVALID');
    this.problems = problems;
  }
}

/**
 * The cluster does not let this client in, or not do this. `code` says why: `AUTHENTICATION_FAILED`, `BROKER_UNTRUSTED`,
 * `BROKER_CERTIFICATE_EXPIRED`, `BROKER_NAME_MISMATCH`, `CLIENT_CERTIFICATE_REFUSED`, or the broker's
 * `..._AUTHORIZATION_FAILED`; the message names the right or the file that is missing. Nothing was written. Transient: passwords,
 * certificates and ACLs are changed while a process runs.
 */
export class AccessDenied extends CodedError {
  readonly verdict = 'transient';
}

/** A dead letter cannot be put back: `DEAD_LETTER_NOT_FOUND`, `NOT_A_DEAD_LETTER`, `WRONG_ORIGIN` or `ALREADY_REDRIVEN`. */
export class RedriveRefused extends CodedError {}

function json(value: unknown): string {
  try {
    const text: unknown = JSON.stringify(value);
    return typeof text === 'string' ? text : String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** The one-line form of anything that was thrown: error, string, null. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(describeError).join('; ');
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  if (typeof error === 'string') return error;
  return `thrown value: ${typeof error === 'symbol' ? error.toString() : json(error)}`;
}
