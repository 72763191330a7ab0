import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Backoff } from './backoff.ts';
import { backoffMs, pause } from './backoff.ts';
import { classify } from './classify.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { runCausedBy } from './correlation.ts';
import { toDeadLetter } from './dead-letter.ts';
import type { EffectStore } from './effect-store.ts';
import type { Verdict } from './errors.ts';
import { ConsumerStopped, describeError, HandlerTimeout, PermanentError } from './errors.ts';
import { withDeadline } from './handler-deadline.ts';
import type { RetryPolicy, Subscription } from './subscription.ts';
import { databaseAnswers } from './transaction.ts';
import type { EventCodec, EventEnvelope, Producer, RawRecord } from './types.ts';

const OUTAGE: Backoff = { initialMs: 100, maxMs: 5000 };
const REMIND_EVERY_MS = 30_000;

export interface ProcessorOptions {
  readonly groupId: string;
  readonly codec: EventCodec;
  readonly pool: Pool;
  readonly store: EffectStore;
  /** For dead letters. */
  readonly producer: Producer;
  readonly retry: RetryPolicy;
  readonly handlerTimeoutMs: number;
  readonly classify: ((error: unknown) => Verdict | undefined) | undefined;
  readonly metrics: ConsumerMetrics;
  readonly logger: Logger;
  /** Told why a partition stands still, and with undefined that it moves again. */
  onBlocked(record: RawRecord, reason: string | undefined): void;
}

export interface ProcessingSignals {
  /** Aborted when no new try may begin: the consumer stops or the group rebalances. */
  readonly finish: AbortSignal;
  /** Aborted when even the try at work is worthless. */
  readonly abandon: AbortSignal;
}

type Stage = 'decode' | 'handler';

/** One record's way through decoding, effect, retries and dead letter. */
class Attempts {
  readonly record: RawRecord;
  readonly subscription: Subscription;
  readonly signals: ProcessingSignals;
  readonly started = performance.now();
  stage: Stage = 'decode';
  event: EventEnvelope<unknown> | undefined;
  attempt = 1;
  /** Failures that were the record's or the handler's own. */
  ownFailures = 0;
  remindedAt = 0;

  constructor(record: RawRecord, subscription: Subscription, signals: ProcessingSignals) {
    this.record = record;
    this.subscription = subscription;
    this.signals = signals;
  }
}

/** Decides each record: its effect is in the database, it was there before, or it is acknowledged as a dead letter. */
export class RecordProcessor {
  readonly #options: ProcessorOptions;

  constructor(options: ProcessorOptions) {
    this.#options = options;
  }

  /**
   * Resolves with `decided`, however long that takes, or with `interrupted` when the signals end it first and the record must
   * come again. Rejects only with `ConsumerStopped`, when the policy is to stop in front of this record.
   */
  async process(
    record: RawRecord,
    subscription: Subscription,
    signals: ProcessingSignals,
  ): Promise<'decided' | 'interrupted'> {
    const tries = new Attempts(record, subscription, signals);
    for (; ; tries.attempt += 1) {
      try {
        const outcome = await this.#try(tries);
        this.#decided(tries, outcome);
        return 'decided';
      } catch (error) {
        if (signals.abandon.aborted) return 'interrupted';
        const next = await this.#afterFailure(tries, error);
        if (next !== 'again') return next;
      }
    }
  }

  async #try(tries: Attempts): Promise<string> {
    const { record, subscription, signals } = tries;
    const { codec, store, handlerTimeoutMs, logger } = this.#options;
    tries.stage = 'decode';
    if (record.value === null)
      throw new PermanentError('the record has no value, and this topic is not one of states', {
        code: 'TOMBSTONE',
      });
    const event = (tries.event ??= await subscription.decode(codec, record));
    tries.stage = 'handler';
    return store.apply(record, event.id, (tx) =>
      withDeadline(handlerTimeoutMs, signals.abandon, async (signal) => {
        const { topic, partition, offset, timestamp } = record;
        const received = {
          ...event,
          topic,
          partition,
          offset,
          appendTime: timestamp,
          attempt: tries.attempt,
        };
        const correlation = event.extensions['correlationid'] ?? event.id;
        const context = {
          signal,
          tx,
          logger: logger.child({ eventId: event.id, correlationId: correlation }),
        };
        await runCausedBy(event, () => subscription.handle(received, context));
      }),
    );
  }

  async #afterFailure(tries: Attempts, error: unknown): Promise<'again' | 'decided' | 'interrupted'> {
    const verdict = await this.#verdict(error);
    if (verdict === 'transient') return this.#waitOut(tries, error);
    if (verdict === 'poison') return this.#putAside(tries, error);
    tries.ownFailures += 1;
    const policy = tries.subscription.retry ?? this.#options.retry;
    if (tries.ownFailures < policy.maxAttempts) {
      this.#options.logger.warn(
        { ...place(tries.record), err: error, attempt: tries.attempt },
        'the handler failed, trying again',
      );
      this.#options.metrics.retried(tries.record.topic, verdict);
      await pause(backoffMs(policy.backoff, tries.ownFailures), tries.signals.finish);
      return tries.signals.finish.aborted ? 'interrupted' : 'again';
    }
    if (policy.onExhausted === 'dead-letter') return this.#putAside(tries, error);
    const { topic, partition, offset } = tries.record;
    throw new ConsumerStopped(
      `stopped in front of ${topic}/${partition} offset ${offset}: ${describeError(error)}`,
      'RETRIES_EXHAUSTED',
      error,
    );
  }

  async #verdict(error: unknown): Promise<Verdict> {
    const verdict = this.#options.classify?.(error) ?? classify(error);
    // A handler that waits for a database that does not answer is not at fault.
    if (error instanceof HandlerTimeout && !(await databaseAnswers(this.#options.pool))) return 'transient';
    return verdict;
  }

  /** An outage lasts as long as it lasts; the record waits here and the group is told that we live. */
  async #waitOut(tries: Attempts, error: unknown): Promise<'again' | 'interrupted'> {
    const { record, signals } = tries;
    const reason = describeError(error);
    this.#options.onBlocked(record, reason);
    if (Date.now() - tries.remindedAt > REMIND_EVERY_MS) {
      this.#options.logger.warn(
        { ...place(record), err: error, attempt: tries.attempt },
        'a record cannot be handled now, trying until it can',
      );
      tries.remindedAt = Date.now();
    }
    this.#options.metrics.retried(record.topic, 'transient');
    await pause(backoffMs(OUTAGE, tries.attempt), signals.finish);
    if (!signals.finish.aborted) return 'again';
    this.#options.onBlocked(record, undefined);
    return 'interrupted';
  }

  async #putAside(tries: Attempts, error: unknown): Promise<'decided' | 'interrupted'> {
    const { record, stage, attempt } = tries;
    const { groupId, producer, store, logger } = this.#options;
    logger.error(
      { ...place(record), err: error, attempt, stage },
      'the record goes to the dead-letter topic',
    );
    const letter = toDeadLetter(record, { groupId, stage, error, attempts: attempt, failedAt: new Date() });
    const written = await this.#insist(tries, async () => {
      await producer.send(letter);
    });
    if (!written) return 'interrupted';
    // The letter is in the log: the record is decided, even if the fence has to wait for the next one.
    await this.#insist(tries, () => store.pass(record));
    this.#decided(tries, 'dead-letter');
    return 'decided';
  }

  /** Repeats `step` until it succeeds; false when interrupted after a failure. */
  async #insist(tries: Attempts, step: () => Promise<void>): Promise<boolean> {
    for (;;) {
      try {
        await step();
        return true;
      } catch (error) {
        if (tries.signals.abandon.aborted || (await this.#waitOut(tries, error)) === 'interrupted')
          return false;
        tries.attempt += 1;
      }
    }
  }

  #decided({ record, started }: Attempts, outcome: string): void {
    this.#options.onBlocked(record, undefined);
    this.#options.metrics.processed(
      record.topic,
      outcome,
      performance.now() - started,
      Date.now() - record.timestamp.getTime(),
    );
  }
}

function place({ topic, partition, offset }: RawRecord): {
  topic: string;
  partition: number;
  offset: string;
} {
  return { topic, partition, offset: String(offset) };
}
