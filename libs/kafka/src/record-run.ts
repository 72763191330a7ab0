import { runCausedBy } from './correlation.ts';
import { PermanentError } from './errors.ts';
import { handlerContext, received } from './handler-context.ts';
import { Deadline, stopWatching, watch } from './handler-deadline.ts';
import type { FirstTry, ProcessingSignals } from './attempts.ts';
import type { ProcessorOptions } from './record-processor.ts';
import { NO_STORE } from './record-store.ts';
import type { Subscription } from './subscription.ts';
import { NO_START, type ProcessStart, startProcess } from './tracing.ts';
import type { EventEnvelope, RawRecord } from './types.ts';

/** After that the event loop gets its turn, and what is decided may be committed. */
const RUN_MS = 100;

/**
 * Handles records one after another where that takes nothing but their handler: one deadline is moved from record to record, and
 * nothing else is made for a record than what its handler gets, its context, and its span if its trace is recorded.
 */
export class RecordRun {
  readonly #options: ProcessorOptions;
  readonly #subscription: Subscription;
  readonly #signals: ProcessingSignals;
  /** How many records were handled. */
  decided = 0;
  #event: EventEnvelope<unknown> | undefined;
  #startedAt = 0;
  #start: ProcessStart = NO_START;

  /** Whether records of `subscription` can be handled so: no transaction, no way back to another topic. */
  static isPossible({ store }: ProcessorOptions, { maxBatchRecords, retryOf }: Subscription): boolean {
    return store === NO_STORE && maxBatchRecords === 1 && retryOf === undefined;
  }

  constructor(options: ProcessorOptions, subscription: Subscription, signals: ProcessingSignals) {
    this.#options = options;
    this.#subscription = subscription;
    this.#signals = signals;
  }

  /** From the record at `from` until one fails, the time of a run is over, or no new record may begin. Never rejects. */
  async handle(records: readonly RawRecord[], from: number): Promise<FirstTry | undefined> {
    const { promise: cut, reject } = Promise.withResolvers<never>();
    const deadline = new Deadline(this.#options.handlerTimeoutMs, this.#signals.abandon, reject);
    watch(deadline);
    try {
      await Promise.race([this.#loop(records, from, deadline), cut]);
      return undefined;
    } catch (error) {
      return { error, event: this.#event, startedAt: this.#startedAt, start: this.#start };
    } finally {
      stopWatching(deadline);
      if (this.decided > 0) this.#options.metrics.counted(this.#subscription.topic, 'applied', this.decided);
    }
  }

  async #loop(records: readonly RawRecord[], from: number, deadline: Deadline): Promise<void> {
    const { metrics, groupId } = this.#options;
    const times = metrics.timesOf(this.#subscription.topic);
    const begunAt = performance.now();
    let now = begunAt;
    for (let index = from; index < records.length && now - begunAt < RUN_MS; index += 1) {
      if (this.#signals.finish.aborted) return;
      const record = records[index] as RawRecord;
      this.#startedAt = now;
      this.#event = undefined;
      const start = (this.#start = startProcess(record, groupId));
      await this.#handleOne(record, deadline);
      // Who was cut off is not waited for any more, and decides nothing.
      if (deadline.isOver) return;
      this.decided += 1;
      start.span?.decided('applied');
      start.span?.end();
      now = performance.now();
      times.record(now - this.#startedAt, Date.now() - record.timestamp.getTime());
    }
  }

  #handleOne(record: RawRecord, deadline: Deadline): Promise<void> {
    if (record.value === null) throw tombstone();
    // Outside of the record's context, as each time of entering one costs: a schema that is fetched is not for this record only.
    const decoded = this.#subscription.decode(this.#options.codec, record);
    if (!(decoded instanceof Promise)) return this.#handOver(decoded, record, deadline);
    // As for any record: decoding has no deadline but that of the registry's client.
    deadline.restart(Number.POSITIVE_INFINITY);
    return decoded.then((event) =>
      deadline.isOver ? undefined : this.#handOver(event, record, deadline, performance.now()),
    );
  }

  #handOver(
    event: EventEnvelope<unknown>,
    record: RawRecord,
    deadline: Deadline,
    now = this.#startedAt,
  ): Promise<void> {
    this.#event = event;
    deadline.restart(now);
    this.#start.span?.identify(event.id, event.extensions['correlationid']);
    return runCausedBy(
      event,
      () =>
        this.#subscription.handle(
          [received(event, record, 1)],
          handlerContext(deadline, undefined, this.#options.logger, event),
        ),
      this.#start.context,
    );
  }
}

/** A record without a value where only events are. */
export function tombstone(): PermanentError {
  return new PermanentError('the record has no value, and this topic is not one of states', {
    code: 'TOMBSTONE',
  });
}
