import type { Logger } from 'pino';
import type { FirstTry, Outcome, ProcessingSignals } from './attempts.ts';
import { type Attempts, place, realignment, Undecided, verdictOf, waitOut } from './attempts.ts';
import { backoffMs } from './backoff.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { runCausedBy } from './correlation.ts';
import { sendDeadLetter } from './dead-letter.ts';
import type { Verdict } from './errors.ts';
import { ConsumerStopped, describeError, PermanentError, RecordTooLarge } from './errors.ts';
import { toFailure } from './failure.ts';
import { handlerContext, received } from './handler-context.ts';
import { withDeadline } from './handler-deadline.ts';
import type { KeyedRecord } from './parked-records.ts';
import { isKeyed } from './parked-records.ts';
import { RecordRun, tombstone } from './record-run.ts';
import type { RecordStore } from './record-store.ts';
import { retryDelays, retryTopic, toRetryRecord } from './retry-topic.ts';
import type { ParkingPolicy, RetryPolicy, Subscription } from './subscription.ts';
import { parkingOf } from './subscription.ts';
import { inProcessSpan, startProcess } from './tracing.ts';
import type { EventCodec, Producer, RawRecord } from './types.ts';

export interface ProcessorOptions {
  readonly groupId: string;
  readonly codec: EventCodec;
  readonly store: RecordStore;
  /** For dead letters. */
  readonly producer: Producer;
  readonly retry: RetryPolicy;
  readonly handlerTimeoutMs: number;
  readonly classify: ((error: unknown) => Verdict | undefined) | undefined;
  readonly metrics: ConsumerMetrics;
  readonly logger: Logger;
  /** Told why a partition stands still, and with undefined that it moves again. */
  readonly onBlocked: (place: { topic: string; partition: number }, reason: string | undefined) => void;
}

const CLOCK_SKEW_MS = 60_000;

/** A step that may be refused for good, which no repetition helps. */
function unlessRefused(
  refusal: typeof PermanentError | typeof RecordTooLarge,
  step: () => Promise<unknown>,
): { done: () => Promise<void>; refused: () => boolean } {
  let refused = false;
  return {
    refused: () => refused,
    done: async () => {
      try {
        await step();
      } catch (error) {
        if (!(error instanceof refusal)) throw error;
        refused = true;
      }
    },
  };
}

/** Decides each record: its effect is in the database, it was there before, or it is acknowledged as a dead letter. */
export class RecordProcessor {
  readonly #options: ProcessorOptions;
  readonly #undecided = new Undecided();

  constructor(options: ProcessorOptions) {
    this.#options = options;
  }

  /** Whether this record was tried before and is to be tried again by itself. */
  isWaiting(record: RawRecord): boolean {
    return this.#undecided.has(record);
  }

  /**
   * Resolves with `decided`, or with what is to happen before the record comes again. `first` is a first try that was made before.
   * Rejects only with `ConsumerStopped`, when the policy is to stop in front of this record.
   */
  async process(
    record: RawRecord,
    subscription: Subscription,
    signals: ProcessingSignals,
    first?: FirstTry,
  ): Promise<Outcome> {
    const tries = this.#undecided.take(record, subscription, signals);
    if (first !== undefined) tries.resume(first);
    const dueInMs = tries.notBefore - Date.now();
    if (dueInMs > 0) {
      if (dueInMs > this.#longestDelayMs(subscription) + CLOCK_SKEW_MS)
        this.#options.onBlocked(
          record,
          `it says that it is not to be tried before ${new Date(tries.notBefore).toISOString()}, later than any delay of the policy`,
        );
      return { laterMs: dueInMs };
    }
    const start = first?.start ?? startProcess(record, this.#options.groupId);
    const outcome = await inProcessSpan(start, (span) => {
      tries.span = span;
      return this.#decide(tries, first);
    });
    this.#undecided.settle(tries, outcome);
    return outcome;
  }

  /** Whether `processRun` is the way for records of `subscription`. */
  handlesRuns(subscription: Subscription): boolean {
    return RecordRun.isPossible(this.#options, subscription);
  }

  /** As `process` for several records from `from` on: how many were decided, and what is to happen before the next one. */
  async processRun(
    records: readonly RawRecord[],
    from: number,
    subscription: Subscription,
    signals: ProcessingSignals,
  ): Promise<{ readonly decided: number; readonly outcome: Outcome }> {
    const run = new RecordRun(this.#options, subscription, signals);
    const failed = await run.handle(records, from);
    const { decided } = run;
    const record = records[from + decided];
    if (failed === undefined || record === undefined) return { decided, outcome: 'decided' };
    const outcome = await this.process(record, subscription, signals, failed);
    return outcome === 'decided' ? { decided: decided + 1, outcome } : { decided, outcome };
  }

  async #decide(tries: Attempts, first: FirstTry | undefined): Promise<Outcome> {
    let next: Outcome | 'again' = first === undefined ? 'again' : await this.#failed(tries, first.error);
    while (next === 'again') {
      try {
        const outcome = await this.#try(tries);
        this.#decided(tries, outcome);
        return 'decided';
      } catch (error) {
        next = await this.#failed(tries, error);
      }
    }
    return next;
  }

  async #failed(tries: Attempts, error: unknown): Promise<Outcome | 'again'> {
    tries.span.failed(error, tries.attempt);
    if (tries.signals.abandon.aborted) return 'interrupted';
    return realignment(error, this.#options) ?? this.#afterFailure(tries, error);
  }

  async #try(tries: Attempts): Promise<string> {
    const { record, subscription, signals } = tries;
    const { codec, store, handlerTimeoutMs, logger } = this.#options;
    tries.stage = 'decode';
    if (record.value === null) throw tombstone();
    const event = (tries.event ??= await subscription.decode(codec, tries.original));
    tries.span.identify(event.id, event.extensions['correlationid']);
    tries.stage = 'handler';
    return store.apply(
      record,
      event.id,
      (tx) =>
        withDeadline(handlerTimeoutMs, signals.abandon, (deadline) =>
          runCausedBy(event, () =>
            subscription.handle(
              [received(event, tries.original, tries.earlierAttempts + tries.attempt)],
              handlerContext(deadline, tx, logger, event),
            ),
          ),
        ),
      parkingOf(this.#policyOf(subscription)),
    );
  }

  async #afterFailure(tries: Attempts, error: unknown): Promise<Outcome | 'again'> {
    const verdict = await verdictOf(error, this.#options.classify, this.#options.store);
    if (verdict === 'transient') return waitOut(tries, error, this.#options);
    if (verdict === 'poison') return this.#putAside(tries, error);
    tries.ownFailures += 1;
    const policy = this.#policyOf(tries.subscription);
    if (tries.ownFailures < policy.maxAttempts) {
      this.#options.logger.warn(
        { ...place(tries.record), err: error, attempt: tries.attempt },
        'the handler failed, trying again',
      );
      this.#options.metrics.retried(tries.record.topic, verdict);
      return tries.wait(backoffMs(policy.backoff, tries.ownFailures));
    }
    if (policy.onExhausted === 'retry-topic') return this.#sendOn(tries, error, policy);
    if (policy.onExhausted !== 'stop') return this.#giveUp(tries, error, policy);
    const { topic, partition, offset } = tries.record;
    throw new ConsumerStopped(
      `stopped in front of ${topic}/${partition} offset ${offset}: ${describeError(error)}`,
      'RETRIES_EXHAUSTED',
      error,
    );
  }

  #longestDelayMs(subscription: Subscription): number {
    return Math.max(0, ...retryDelays(this.#policyOf(subscription)));
  }

  #policyOf(subscription: Subscription): RetryPolicy {
    return subscription.retry ?? this.#options.retry;
  }

  #giveUp(tries: Attempts, error: unknown, policy: RetryPolicy): Promise<Outcome> {
    const parking = parkingOf(policy);
    // Without a key there is no order to keep.
    if (parking === undefined || !isKeyed(tries.record)) return this.#putAside(tries, error);
    return this.#park(tries, tries.record, error, parking);
  }

  async #park(
    tries: Attempts,
    record: KeyedRecord,
    error: unknown,
    parking: Required<ParkingPolicy>,
  ): Promise<Outcome> {
    const { store, logger } = this.#options;
    const { attempt } = tries;
    logger.error({ ...place(record), err: error, attempt }, 'the record and its key are parked');
    const why = { failure: toFailure(error), attempts: attempt, delayMs: backoffMs(parking.backoff, 1) };
    const { done, refused } = unlessRefused(PermanentError, () => store.park(record, why, parking));
    const parked = await this.#insist(tries, done);
    if (parked !== 'done') return parked;
    if (refused()) return this.#putAside(tries, error);
    this.#decided(tries, 'parked');
    return 'decided';
  }

  /** To the next retry topic, or after the last one to the dead letters. */
  async #sendOn(tries: Attempts, error: unknown, policy: RetryPolicy): Promise<Outcome> {
    const { record, original, subscription, attempt } = tries;
    const { groupId, producer, logger } = this.#options;
    const level = (subscription.retryOf?.level ?? 0) + 1;
    const delayMs = retryDelays(policy)[level - 1];
    if (delayMs === undefined) return this.#putAside(tries, error);
    logger.warn({ ...place(record), err: error, attempt, level }, 'the record goes to a retry topic');
    const next = toRetryRecord(original, retryTopic(original.topic, groupId, level), {
      notBefore: Date.now() + delayMs,
      attempts: tries.earlierAttempts + attempt,
      failure: toFailure(error),
    });
    const { done, refused } = unlessRefused(RecordTooLarge, () => producer.send(next));
    const written = await this.#insist(tries, done);
    if (written !== 'done') return written;
    if (refused()) return this.#putAside(tries, error);
    return this.#pass(tries, 'retry-topic');
  }

  async #putAside(tries: Attempts, error: unknown): Promise<Outcome> {
    const { record, original, stage } = tries;
    const attempt = tries.earlierAttempts + tries.attempt;
    const { groupId, producer, logger } = this.#options;
    logger.error(
      { ...place(record), err: error, attempt, stage },
      'the record goes to the dead-letter topic',
    );
    const reason = { groupId, stage, error, attempts: attempt, failedAt: new Date() };
    const written = await this.#insist(tries, () => sendDeadLetter(producer, original, reason));
    if (written !== 'done') return written;
    return this.#pass(tries, 'dead-letter');
  }

  /** What is in another topic is decided, even if the fence has to wait for the next record. */
  async #pass(tries: Attempts, outcome: string): Promise<Outcome> {
    const passed = await this.#insist(tries, () => this.#options.store.pass(tries.record));
    if (typeof passed === 'object' && 'realignAt' in passed) return passed;
    this.#decided(tries, outcome);
    return 'decided';
  }

  /** Repeats `step` until it succeeds, or until the record has to wait elsewhere. */
  async #insist(
    tries: Attempts,
    step: () => Promise<unknown>,
  ): Promise<'done' | Exclude<Outcome, 'decided'>> {
    for (;;) {
      try {
        await step();
        return 'done';
      } catch (error) {
        if (tries.signals.abandon.aborted) return 'interrupted';
        const back = realignment(error, this.#options);
        if (back !== undefined) return back;
        const next = await waitOut(tries, error, this.#options);
        if (next !== 'again') return next;
      }
    }
  }

  #decided({ record, started, span }: Attempts, outcome: string): void {
    span.decided(outcome);
    this.#options.onBlocked(record, undefined);
    this.#options.metrics.processed(
      record.topic,
      outcome,
      performance.now() - started,
      Date.now() - record.timestamp.getTime(),
    );
  }
}
