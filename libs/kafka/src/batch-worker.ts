import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoffMs, pause } from './backoff.ts';
import type { ProcessingSignals } from './attempts.ts';
import type { ChunkOutcome, ChunkProcessor } from './chunk-processor.ts';
import type { FetchedBatch } from './client-types.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { ConsumerStopped, describeError } from './errors.ts';
import { type StartingPoint, startingPoint } from './fence-check.ts';
import { startHeartbeatTicker } from './heartbeat-ticker.ts';
import type { OffsetCommits } from './offset-commits.ts';
import type { Positions } from './positions.ts';
import type { RecordProcessor } from './record-processor.ts';
import type { RecordStore } from './record-store.ts';
import type { Subscription } from './subscription.ts';
import type { RawRecord } from './types.ts';

export interface BatchWorkerOptions {
  readonly processor: RecordProcessor;
  readonly chunks: ChunkProcessor;
  readonly store: RecordStore;
  readonly positions: Positions;
  readonly commits: OffsetCommits;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  readonly heartbeatIntervalMs: number;
  readonly sessionTimeoutMs: number;
  /** Aborted when the consumer stops. */
  readonly stopping: AbortSignal;
  /** Aborted when the consumer's time to stop is over. */
  readonly abandoning: AbortSignal;
  readonly metrics: ConsumerMetrics;
  readonly logger: Logger;
  /** Whether the partition was compared with the fence since it was assigned. */
  isAligned(topic: string, partition: number): boolean;
  setAligned(topic: string, partition: number): void;
  /** The next batch is compared again. */
  setUnaligned(topic: string, partition: number): void;
  seek(topic: string, partition: number, offset: bigint): void;
  /** Lets the partition rest for a while, and then come again from its first undecided record. */
  putOff(topic: string, partition: number, ms: number): void;
  onBlocked(place: { topic: string; partition: number }, reason: string | undefined): void;
  /** The consumer cannot go on. */
  onFatal(error: ConsumerStopped): void;
}

/** Works through one fetched batch in order; what is decided is committed soon, and before the batch ends where the session does. */
class BatchWork {
  readonly #batch: FetchedBatch;
  readonly #options: BatchWorkerOptions;
  readonly #subscription: Subscription;
  readonly #finish = new AbortController();
  readonly #abandon = new AbortController();
  readonly #signals: ProcessingSignals;

  constructor(batch: FetchedBatch, options: BatchWorkerOptions, subscription: Subscription) {
    this.#batch = batch;
    this.#options = options;
    this.#subscription = subscription;
    this.#signals = { finish: this.#finish.signal, abandon: this.#abandon.signal };
  }

  async run(): Promise<void> {
    const { heartbeatIntervalMs, sessionTimeoutMs } = this.#options;
    const stopTicker = startHeartbeatTicker(this.#batch, {
      intervalMs: Math.max(100, Math.floor(heartbeatIntervalMs / 3)),
      patienceMs: sessionTimeoutMs,
      onLost: (what) => {
        this.#finish.abort();
        if (what === 'abandon') this.#abandon.abort();
      },
    });
    const { stopping, abandoning } = this.#options;
    const finish = () => {
      this.#finish.abort();
    };
    const abandon = () => {
      this.#abandon.abort();
    };
    // Not AbortSignal.any: asking such a signal costs, and it is asked for every record.
    stopping.addEventListener('abort', finish);
    abandoning.addEventListener('abort', abandon);
    if (stopping.aborted) finish();
    if (abandoning.aborted) abandon();
    try {
      // Before anything is waited for: that may not come to an end.
      const [first] = this.#batch.records;
      if (first !== undefined) this.#tellLag(first.offset);
      const from = await this.#align();
      if (from !== undefined) await this.#handleFrom(from);
    } finally {
      // Otherwise nobody waits for it: the next records are fetched meanwhile.
      if (this.#signals.finish.aborted) await this.#options.commits.flush();
      stopTicker();
      stopping.removeEventListener('abort', finish);
      abandoning.removeEventListener('abort', abandon);
    }
  }

  /** Where to begin in this batch; undefined when another has to be read first. */
  async #align(): Promise<bigint | undefined> {
    const { topic, partition, records } = this.#batch;
    const { positions, store } = this.#options;
    const first = records[0]?.offset ?? 0n;
    const compared = positions.compare(this.#batch);
    const aligned = this.#options.isAligned(topic, partition) && compared !== 'behind';
    if (aligned && compared !== 'ahead') return first;
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (aligned) {
          await positions.checkGap(this.#batch);
          this.#options.onBlocked(this.#batch, undefined);
          return first;
        }
        await positions.begin();
        const fence = await store.fence(topic, partition);
        const unhandled = await positions.unhandled(this.#batch, fence?.next);
        const point: StartingPoint =
          unhandled === undefined
            ? startingPoint(this.#batch, fence, await positions.logEnd(this.#batch, fence?.next))
            : { kind: 'seek', offset: unhandled };
        if (point.kind === 'seek') {
          this.#options.logger.info(
            { topic, partition, from: String(first), to: String(point.offset) },
            'the database is not where the group has committed, reading on from where the database is',
          );
          this.#options.onBlocked(this.#batch, undefined);
          this.#options.seek(topic, partition, point.offset);
          return undefined;
        }
        await positions.checkStart(this.#batch, fence?.next);
        this.#options.onBlocked(this.#batch, undefined);
        this.#options.setAligned(topic, partition);
        return point.offset;
      } catch (error) {
        if (error instanceof ConsumerStopped) throw error;
        this.#options.onBlocked(this.#batch, describeError(error));
        await pause(backoffMs({ initialMs: 100, maxMs: 5000 }, attempt), this.#signals.finish);
        if (this.#signals.finish.aborted) return undefined;
      }
    }
  }

  /** The database has lost what it knew: nothing of this batch is committed, and reading begins again where the database is. */
  async #realign(at: bigint): Promise<void> {
    const { topic, partition } = this.#batch;
    this.#options.commits.forget(topic, partition);
    this.#options.setUnaligned(topic, partition);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const start = await this.#options.positions.startOf(this.#batch);
        this.#options.onBlocked(this.#batch, undefined);
        this.#options.seek(topic, partition, start > at ? start : at);
        return;
      } catch (error) {
        this.#options.onBlocked(this.#batch, describeError(error));
        await pause(backoffMs({ initialMs: 100, maxMs: 5000 }, attempt), this.#signals.finish);
        if (this.#signals.finish.aborted) return;
      }
    }
  }

  async #handleFrom(from: bigint): Promise<void> {
    const { topic, partition, records } = this.#batch;
    const begin = records.findIndex(({ offset }) => offset >= from);
    let index = begin === -1 ? records.length : begin;
    this.#passed(records[index - 1]);
    let apartUntil = 0;
    const { processor } = this.#options;
    const inRuns = processor.handlesRuns(this.#subscription);
    while (!this.#signals.finish.aborted && this.#batch.isCurrent()) {
      const record = records[index];
      if (record === undefined) return;
      const run = inRuns && !processor.isWaiting(record) ? await this.#handleRun(index) : undefined;
      index += run?.decided ?? 0;
      const outcome =
        run?.outcome ??
        (index < apartUntil || this.#goesAlone(record)
          ? await processor.process(record, this.#subscription, this.#signals)
          : await this.#options.chunks.process(
              records.slice(index, index + this.#subscription.maxBatchRecords),
              this.#subscription,
              this.#signals,
            ));
      if (outcome === 'interrupted') return;
      if (outcome === 'decided') index += 1;
      else if ('decided' in outcome) index += outcome.decided;
      else if ('apart' in outcome) apartUntil = index + outcome.apart;
      else if ('realignAt' in outcome) return this.#realign(outcome.realignAt);
      else {
        this.#options.putOff(topic, partition, outcome.laterMs);
        return;
      }
      this.#passed(records[index - 1]);
    }
  }

  async #handleRun(index: number): Promise<{ readonly decided: number; readonly outcome: ChunkOutcome }> {
    const { records } = this.#batch;
    const run = await this.#options.processor.processRun(records, index, this.#subscription, this.#signals);
    this.#passed(records[index + run.decided - 1]);
    // Handlers that never wait for anything would hold up heartbeats and deadlines.
    if (index + run.decided < records.length) await nextTurn();
    return { ...run, outcome: run.outcome === 'decided' ? { decided: 0 } : run.outcome };
  }

  #goesAlone(record: RawRecord): boolean {
    return this.#subscription.maxBatchRecords === 1 || this.#options.processor.isWaiting(record);
  }

  /** Everything up to `record` is decided. */
  #passed(record: RawRecord | undefined): void {
    if (record === undefined) return;
    this.#batch.resolve(record.offset);
    const next = record.offset + 1n;
    // Whoever is expelled has nothing to commit.
    if (!this.#abandon.signal.aborted) this.#options.commits.decided(this.#batch, next);
    this.#options.positions.passed(this.#batch, next);
    this.#tellLag(next);
  }

  #tellLag(next: bigint): void {
    const { topic, partition, logEnd } = this.#batch;
    this.#options.metrics.lag(topic, partition, logEnd - next);
  }
}

/** Handles a batch completely or as far as it may; never rejects, because what reaches kafkajs there ends the consumer. */
export async function workBatch(batch: FetchedBatch, options: BatchWorkerOptions): Promise<void> {
  try {
    const subscription = options.subscriptions.get(batch.topic);
    if (subscription === undefined)
      throw new ConsumerStopped(`nobody subscribed to ${batch.topic}`, 'UNEXPECTED_TOPIC');
    await new BatchWork(batch, options, subscription).run();
  } catch (error) {
    options.onFatal(
      error instanceof ConsumerStopped
        ? error
        : new ConsumerStopped(describeError(error), 'UNEXPECTED', error),
    );
  }
}
