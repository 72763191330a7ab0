import type { Logger } from 'pino';
import type { Backoff } from './backoff.ts';
import { backoffMs, pause } from './backoff.ts';
import { classify } from './classify.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import type { Verdict } from './errors.ts';
import { describeError, HandlerTimeout } from './errors.ts';
import type { RecordStore } from './record-store.ts';
import { FenceWentBack } from './record-store.ts';
import { retryState } from './retry-topic.ts';
import type { Subscription } from './subscription.ts';
import { NO_SPAN, type ProcessSpan, type ProcessStart } from './tracing.ts';
import type { EventEnvelope, RawRecord } from './types.ts';

const OUTAGE: Backoff = { initialMs: 100, maxMs: 5000 };
const REMIND_EVERY_MS = 30_000;
/** What a record may wait in its batch altogether: the batch holds back the other partitions of its broker. */
const PATIENCE_MS = 1000;

export interface ProcessingSignals {
  /** Aborted when no new try may begin: the consumer stops or the group rebalances. */
  readonly finish: AbortSignal;
  /** Aborted when even the try at work is worthless. */
  readonly abandon: AbortSignal;
}

/** The record is not decided; it is to come again in `laterMs` milliseconds, and its partition waits until then. */
export interface Later {
  readonly laterMs: number;
}

/** The database is at an earlier offset than this member was: nothing more of this batch, reading begins again there. */
export interface Realign {
  readonly realignAt: bigint;
}

/** `interrupted`: the signals ended it, and the record must come again. */
export type Outcome = 'decided' | 'interrupted' | Later | Realign;

export type Stage = 'decode' | 'handler';

/** A first try that has failed already. */
export interface FirstTry {
  readonly error: unknown;
  /** Undefined when it could not be decoded. */
  readonly event: EventEnvelope<unknown> | undefined;
  /** Of `performance.now`. */
  readonly startedAt: number;
  /** The record's span goes on. */
  readonly start: ProcessStart;
}

const NOT_RETRIED = { original: undefined, attempts: 0, notBefore: 0 };

/** One record's way (or that of a chunk, with its first record) through decoding, effect and retries; outlives its batch. */
export class Attempts {
  readonly record: RawRecord;
  readonly subscription: Subscription;
  signals: ProcessingSignals;
  started = performance.now();
  stage: Stage = 'decode';
  event: EventEnvelope<unknown> | undefined;
  attempt = 1;
  /** Failures that were the record's or the handler's own. */
  ownFailures = 0;
  waitedMs = 0;
  remindedAt = 0;
  /** Of this visit. */
  span: ProcessSpan = NO_SPAN;

  /** The record as it was before it went to a retry topic; the record itself where it did not. */
  readonly original: RawRecord;
  /** Tries before it went to a retry topic. */
  readonly earlierAttempts: number;
  /** Epoch milliseconds. */
  readonly notBefore: number;

  constructor(record: RawRecord, subscription: Subscription, signals: ProcessingSignals) {
    this.record = record;
    const earlier = subscription.retryOf === undefined ? NOT_RETRIED : retryState(record);
    this.original = earlier.original ?? record;
    this.earlierAttempts = earlier.attempts;
    this.notBefore = earlier.notBefore;
    this.subscription = subscription;
    this.signals = signals;
  }

  /** Takes over what a try has found out that was made elsewhere. */
  resume({ event, startedAt }: FirstTry): void {
    this.event = event;
    this.started = startedAt;
    if (event !== undefined) this.stage = 'handler';
  }

  /** Waits for the next try: here when that is short, otherwise outside of the batch. */
  async wait(ms: number): Promise<'again' | 'interrupted' | Later> {
    this.attempt += 1;
    this.waitedMs += ms;
    if (this.waitedMs > PATIENCE_MS) return { laterMs: ms };
    await pause(ms, this.signals.finish);
    return this.signals.finish.aborted ? 'interrupted' : 'again';
  }
}

/** Undecided records and chunks by partition, so that what was tried of them is known when they come again. */
export class Undecided {
  readonly #waiting = new Map<string, Attempts>();

  /** What is known of `record`, or a new beginning. */
  take(record: RawRecord, subscription: Subscription, signals: ProcessingSignals): Attempts {
    const known = this.#known(record);
    if (known === undefined) return new Attempts(record, subscription, signals);
    known.signals = signals;
    return known;
  }

  has(record: RawRecord): boolean {
    return this.#known(record) !== undefined;
  }

  settle(tries: Attempts, outcome: Outcome): void {
    const { topic, partition } = tries.record;
    const comesAgain = outcome !== 'decided' && (outcome === 'interrupted' || 'laterMs' in outcome);
    if (comesAgain) this.#waiting.set(`${topic}/${partition}`, tries);
    else if (this.#waiting.size > 0) this.#waiting.delete(`${topic}/${partition}`);
  }

  #known({ topic, partition, offset }: RawRecord): Attempts | undefined {
    if (this.#waiting.size === 0) return undefined;
    const waiting = this.#waiting.get(`${topic}/${partition}`);
    return waiting?.record.offset === offset ? waiting : undefined;
  }
}

/** What an error says that is not about the record: the fence went back. */
export function realignment(error: unknown, { logger }: OutageOptions): Realign | undefined {
  if (!(error instanceof FenceWentBack)) return undefined;
  logger.error(error.message);
  return { realignAt: error.next };
}

export interface OutageOptions {
  readonly metrics: ConsumerMetrics;
  readonly logger: Logger;
  /** Told why a partition stands still, and with undefined that it moves again. */
  readonly onBlocked: (place: { topic: string; partition: number }, reason: string | undefined) => void;
}

/** An outage lasts as long as it lasts; the record waits and the group is told that we live. */
export async function waitOut(
  tries: Attempts,
  error: unknown,
  { metrics, logger, onBlocked }: OutageOptions,
): Promise<'again' | 'interrupted' | Later> {
  const { record, attempt } = tries;
  onBlocked(record, describeError(error));
  if (Date.now() - tries.remindedAt > REMIND_EVERY_MS) {
    logger.warn(
      { ...place(record), err: error, attempt },
      'a record cannot be handled now, trying until it can',
    );
    tries.remindedAt = Date.now();
  }
  metrics.retried(record.topic, 'transient');
  const next = await tries.wait(backoffMs(OUTAGE, attempt));
  if (next === 'interrupted') onBlocked(record, undefined);
  return next;
}

/** What a failure means; a handler that waits for a store that does not answer is not at fault. */
export async function verdictOf(
  error: unknown,
  own: ((error: unknown) => Verdict | undefined) | undefined,
  store: RecordStore,
): Promise<Verdict> {
  const verdict = own?.(error) ?? classify(error);
  if (error instanceof HandlerTimeout && !(await store.answers())) return 'transient';
  return verdict;
}

export function place({ topic, partition, offset }: RawRecord): {
  topic: string;
  partition: number;
  offset: string;
} {
  return { topic, partition, offset: String(offset) };
}
