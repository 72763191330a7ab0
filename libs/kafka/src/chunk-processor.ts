import type { Outcome, ProcessingSignals } from './attempts.ts';
import { type Attempts, place, realignment, Undecided, verdictOf, waitOut } from './attempts.ts';
import { describeError } from './errors.ts';
import { handlerContext, received } from './handler-context.ts';
import { withDeadline } from './handler-deadline.ts';
import type { ProcessorOptions } from './record-processor.ts';
import type { IdentifiedRecord } from './record-store.ts';
import type { Subscription } from './subscription.ts';
import { parkingOf } from './subscription.ts';
import { inBatchSpan } from './tracing.ts';
import type { EventEnvelope, RawRecord, ReceivedRecord } from './types.ts';

/** How many of the chunk's first records are decided, or how many have to go one by one. */
export type ChunkOutcome =
  { readonly decided: number } | { readonly apart: number } | Exclude<Outcome, 'decided'>;

interface DecodedRecord extends IdentifiedRecord {
  readonly event: EventEnvelope<unknown>;
}

/** Decides records of a batch handler many at a time: one transaction for a chunk, as long as nothing is wrong with it. */
export class ChunkProcessor {
  readonly #options: ProcessorOptions;
  readonly #undecided = new Undecided();

  constructor(options: ProcessorOptions) {
    this.#options = options;
  }

  /**
   * Decides `records`, of one partition and in their order, in one transaction. A record that cannot be decoded ends the chunk in
   * front of it. An outage is waited for; any other failure says that the records have to go one by one. Never rejects.
   */
  async process(
    records: readonly RawRecord[],
    subscription: Subscription,
    signals: ProcessingSignals,
  ): Promise<ChunkOutcome> {
    const chunk = await this.#decode(records, subscription);
    const [first] = records;
    if (chunk.length === 0 || first === undefined) return { apart: 1 };
    const tries = this.#undecided.take(first, subscription, signals);
    const outcome = await inBatchSpan(chunk, this.#options.groupId, (span) => {
      tries.span = span;
      return this.#decide(tries, chunk);
    });
    this.#undecided.settle(
      tries,
      typeof outcome === 'object' && ('decided' in outcome || 'apart' in outcome) ? 'decided' : outcome,
    );
    return outcome;
  }

  /** Up to the first record that cannot be decoded. */
  async #decode(records: readonly RawRecord[], subscription: Subscription): Promise<DecodedRecord[]> {
    const chunk: DecodedRecord[] = [];
    for (const record of records) {
      if (record.value === null) return chunk;
      try {
        const decoded = subscription.decode(this.#options.codec, record);
        const event = decoded instanceof Promise ? await decoded : decoded;
        chunk.push({ record, event, eventId: event.id });
      } catch {
        return chunk;
      }
    }
    return chunk;
  }

  async #decide(tries: Attempts, chunk: readonly DecodedRecord[]): Promise<ChunkOutcome> {
    const { classify, store, logger } = this.#options;
    for (;;) {
      try {
        await this.#try(tries, chunk);
        tries.span.decided('applied');
        return { decided: chunk.length };
      } catch (error) {
        tries.span.failed(error, tries.attempt);
        if (tries.signals.abandon.aborted) return 'interrupted';
        const back = realignment(error, this.#options);
        if (back !== undefined) return back;
        if ((await verdictOf(error, classify, store)) !== 'transient') {
          logger.warn(
            { ...place(tries.record), records: chunk.length, reason: describeError(error) },
            'a chunk failed, its records go one by one',
          );
          return { apart: chunk.length };
        }
        const next = await waitOut(tries, error, this.#options);
        if (next !== 'again') return next;
      }
    }
  }

  async #try(tries: Attempts, chunk: readonly DecodedRecord[]): Promise<void> {
    const { subscription, signals, attempt, record, started } = tries;
    const { store, handlerTimeoutMs, logger, onBlocked, metrics, retry } = this.#options;
    const results = await store.applyChunk(
      chunk,
      (fresh, tx) =>
        withDeadline(handlerTimeoutMs, signals.abandon, (deadline) => {
          const events: ReceivedRecord<unknown>[] = [];
          for (const index of fresh) {
            const item = chunk[index];
            if (item !== undefined) events.push(received(item.event, item.record, attempt));
          }
          return subscription.handle(events, handlerContext(deadline, tx, logger, undefined));
        }),
      parkingOf(subscription.retry ?? retry),
    );
    onBlocked(record, undefined);
    metrics.processedChunk(
      record.topic,
      results,
      performance.now() - started,
      Date.now() - record.timestamp.getTime(),
    );
  }
}
