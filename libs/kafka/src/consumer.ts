import type { Logger } from 'pino';
import type { Backoff } from './backoff.ts';
import { backoffMs, pause } from './backoff.ts';
import type { BatchWorkerOptions } from './batch-worker.ts';
import { workBatch } from './batch-worker.ts';
import { ChunkProcessor } from './chunk-processor.ts';
import type { ClientConsumer } from './client-types.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { createConsumerMetrics } from './consumer-metrics.ts';
import type { Consumer, ConsumerHealth, ConsumerOptions } from './consumer-types.ts';
import { CrashGuard } from './crash-guard.ts';
import { EffectStore } from './effect-store.ts';
import { pauseUntilChanged } from './credentials-wait.ts';
import { AccessDenied, ConsumerStopped, describeError } from './errors.ts';
import { OffsetCommits } from './offset-commits.ts';
import { ParkedRetrier } from './parked-retrier.ts';
import type { ProcessorOptions } from './record-processor.ts';
import { Positions } from './positions.ts';
import { RecordProcessor } from './record-processor.ts';
import type { RecordStore } from './record-store.ts';
import { NO_STORE } from './record-store.ts';
import type { Subscription } from './subscription.ts';
import { withRetryTopics } from './retry-topic.ts';
import { DEFAULT_RETRY, parkingOf } from './subscription.ts';
import { untilTopicsExist } from './topics-exist.ts';

interface Crash {
  readonly error: Error;
  readonly unreachable: boolean;
}

function storeOf(options: ConsumerOptions): RecordStore {
  const { store = 'postgres', pool, groupId, handlerTimeoutMs = HANDLER_TIMEOUT_MS, onCommitted } = options;
  if (store === 'none') return NO_STORE;
  if (pool === undefined) throw new TypeError("a consumer needs a pool, or store: 'none'");
  return new EffectStore(pool, groupId, handlerTimeoutMs, onCommitted);
}

const HANDLER_TIMEOUT_MS = 30_000;
/** One that is set for longer ends at once. The record is put off again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const REJOIN: Backoff = { initialMs: 200, maxMs: 5000 };
/** Who is not let in waits for people or for a rotation: slowly, and the restart budget says for how long. */
const REJOIN_WHEN_DENIED: Backoff = { initialMs: 2000, maxMs: 30_000 };

/** The listener container: sessions with the group one after another, and what must outlive a session. */
class ListenerContainer implements Consumer {
  readonly #options: ConsumerOptions;
  readonly #logger: Logger;
  readonly #metrics: ConsumerMetrics;
  readonly #guard: CrashGuard;
  readonly #stopping = new AbortController();
  readonly #abandoning = new AbortController();
  readonly #aligned = new Set<string>();
  readonly #blocked = new Map<string, string>();
  readonly #restingPartitions = new Set<NodeJS.Timeout>();
  readonly #store: RecordStore;
  readonly #positions: Positions;
  readonly #subscriptions: readonly Subscription[];
  readonly #timing: { readonly sessionTimeoutMs: number; readonly heartbeatIntervalMs: number };
  readonly #retrier: ParkedRetrier | undefined;
  #running: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #member: string | undefined;
  #waitingFor: string | undefined = 'not started';
  #heardAt = 0;
  #fatal: Error | undefined;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    const topics = options.subscriptions.map(({ topic }) => topic);
    if (topics.length === 0) throw new TypeError('a consumer needs a subscription');
    if (new Set(topics).size < topics.length)
      throw new TypeError(`a topic is subscribed to twice: ${topics.join(', ')}`);
    const parks = options.subscriptions.some(({ retry = options.retry }) => parkingOf(retry) !== undefined);
    if (parks && options.store === 'none') throw new TypeError('keys are parked in the store: there is none');
    this.#store = storeOf(options);
    this.#subscriptions = withRetryTopics(
      options.subscriptions,
      options.groupId,
      ({ retry = options.retry ?? DEFAULT_RETRY }) => retry,
    );
    this.#timing = {
      sessionTimeoutMs: options.sessionTimeoutMs ?? 30_000,
      heartbeatIntervalMs: options.heartbeatIntervalMs ?? 3000,
    };
    this.#logger = options.logger.child({ group: options.groupId });
    this.#metrics = createConsumerMetrics(
      options.metrics,
      options.groupId,
      options.subscriptions.map(({ topic }) => topic),
      () => this.#isMember(),
    );
    this.#guard = new CrashGuard(options.restartBudget);
    const { client, groupId, startFrom = 'earliest', onOutOfRange = 'earliest' } = options;
    if (startFrom === 'latest' && options.store === 'none')
      throw new TypeError('to begin at the end needs a store, which remembers where the end was');
    this.#positions = new Positions({
      client,
      groupId,
      topics: options.subscriptions.map(({ topic }) => topic),
      store: this.#store,
      startFrom,
      onOutOfRange,
      metrics: this.#metrics,
      logger: this.#logger,
    });
    const { pool, store, subscriptions, onCommitted } = options;
    if (pool !== undefined && store !== 'none')
      this.#retrier = new ParkedRetrier({ ...this.#deciding(), pool, subscriptions, onCommitted });
  }

  start(): Promise<void> {
    this.#running ??= Promise.all([this.#supervise(), this.#retryParked()]).then(() => undefined);
    return Promise.resolve();
  }

  stop(deadlineMs = 20_000): Promise<void> {
    this.#stopped ??= this.#stop(deadlineMs);
    return this.#stopped;
  }

  health(): ConsumerHealth {
    const live = this.#fatal === undefined;
    const reason = this.#notReadyReason();
    const warnings = [this.#positions.warning(), this.#retrier?.warning()].filter(
      (text) => text !== undefined,
    );
    return {
      ready: reason === undefined,
      live,
      ...(reason === undefined ? {} : { reason }),
      ...(warnings.length === 0 ? {} : { warning: warnings.join('; ') }),
    };
  }

  #notReadyReason(): string | undefined {
    if (this.#fatal !== undefined) return `consumer ended: ${this.#fatal.message}`;
    if (this.#stopping.signal.aborted) return 'consumer is stopping';
    if (this.#waitingFor !== undefined) return this.#waitingFor;
    if (!this.#isMember()) return `no answer from Kafka for ${Math.round(this.#silenceMs() / 1000)} s`;
    const [blocked] = this.#blocked;
    return blocked === undefined ? undefined : `${blocked[0]} waits: ${blocked[1]}`;
  }

  #silenceMs(): number {
    return Date.now() - this.#heardAt;
  }

  /** Whether it has joined its group, as far as this side knows: not when Kafka is silent for too long. */
  #isMember(): boolean {
    const { sessionTimeoutMs, heartbeatIntervalMs } = this.#timing;
    const isHeard = this.#silenceMs() <= Math.min(sessionTimeoutMs, 5 * heartbeatIntervalMs);
    return this.#fatal === undefined && this.#waitingFor === undefined && isHeard;
  }

  async #supervise(): Promise<void> {
    let denied: AccessDenied | undefined;
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt += 1) {
      // While we are not let in, what is missing stays the answer to "why not ready".
      if (denied === undefined) this.#waitingFor = 'joining the group';
      const { credentials } = this.#options.client;
      const version = credentials?.current().version;
      const joinedBefore = this.#heardAt;
      const crash = await this.#runSession();
      if (crash === undefined) return;
      if (this.#heardAt > joinedBefore) attempt = 1;
      const problem = credentials?.problem();
      this.#waitingFor = `Kafka: ${describeError(crash.error)}${problem === undefined ? '' : `; ${problem}`}`;
      denied = crash.error instanceof AccessDenied ? crash.error : undefined;
      if (!crash.unreachable && !this.#guard.allowRestart()) {
        this.#fail(
          new ConsumerStopped(
            `the consumer crashed too often, last: ${crash.error.message}`,
            denied?.code ?? 'CRASHED_TOO_OFTEN',
            crash.error,
          ),
        );
        return;
      }
      this.#logger.warn(
        { reason: describeError(crash.error), attempt },
        'the consumer lost its session, joining again',
      );
      const { signal } = this.#stopping;
      if (denied === undefined) await pause(backoffMs(REJOIN, attempt), signal);
      else await pauseUntilChanged(credentials, version, backoffMs(REJOIN_WHEN_DENIED, attempt), signal);
    }
  }

  /** One session, with the search for its topics before it; undefined when the consumer stops. */
  async #runSession(): Promise<Crash | undefined> {
    try {
      const exist = await untilTopicsExist({
        admin: this.#options.client.admin(),
        topics: this.#subscriptions.map(({ topic }) => topic),
        logger: this.#logger,
        signal: this.#stopping.signal,
        onWait: (reason) => (this.#waitingFor = reason),
      });
      return exist ? await this.#joinAndWork() : undefined;
    } catch (error) {
      if (error instanceof AccessDenied) return { error, unreachable: false };
      throw error;
    }
  }

  /** In the group until the session crashes; undefined when the consumer stops. */
  async #joinAndWork(): Promise<Crash | undefined> {
    const {
      client,
      groupId,
      concurrency = 4,
      maxBytesPerPartition = 512_000,
      maxWaitMs = 300,
    } = this.#options;
    const { promise: ended, resolve: end } = Promise.withResolvers<Crash | undefined>();
    const commits = new OffsetCommits(this.#logger, this.#abandoning.signal);
    const session = client.consumer({
      groupId,
      topics: this.#subscriptions.map(({ topic }) => topic),
      ...this.#timing,
      rebalanceTimeoutMs: this.#options.rebalanceTimeoutMs ?? 60_000,
      concurrency,
      maxBytesPerPartition,
      maxWaitMs,
      onBatch: (batch) => workBatch(batch, worker),
      formerMember: this.#member,
      onJoin: (assignment, memberId) => {
        this.#member = memberId;
        commits.forgetAll();
        this.#joined(assignment);
      },
      onRebalance: () => {
        this.#metrics.rebalanced();
        return commits.flush();
      },
      onHeartbeat: () => {
        this.#heardAt = Date.now();
      },
      onCrash: (error, unreachable) => {
        commits.close();
        end({ error, unreachable });
      },
    });
    const worker = this.#workerOf(session, commits);
    const onStop = () => {
      end(undefined);
    };
    this.#stopping.signal.addEventListener('abort', onStop, { once: true });
    try {
      await this.#positions.remember();
      await session.start();
      if (this.#stopping.signal.aborted) return undefined;
      return await ended;
    } finally {
      this.#stopping.signal.removeEventListener('abort', onStop);
      for (const timer of this.#restingPartitions) clearTimeout(timer);
      this.#restingPartitions.clear();
      // First: what a batch at work asks there would hold up the session's end.
      await this.#positions.close();
      await commits.flush();
      await session.stop().catch((error: unknown) => {
        this.#logger.warn({ reason: describeError(error) }, 'leaving the group failed');
      });
      commits.close();
      this.#metrics.assigned(() => false);
    }
  }

  #joined(assignment: ReadonlyMap<string, readonly number[]>): void {
    this.#heardAt = Date.now();
    this.#waitingFor = undefined;
    this.#aligned.clear();
    this.#blocked.clear();
    this.#positions.joined();
    this.#retrier?.joined();
    // At once: what is written from now on is not left out.
    void this.#positions.begin().catch(() => undefined);
    this.#metrics.assigned((topic, partition) => assignment.get(topic)?.includes(partition) === true);
    this.#logger.info({ assignment: Object.fromEntries(assignment) }, 'the consumer has joined its group');
  }

  /** What it takes to decide a record, wherever it comes from. */
  #deciding(): ProcessorOptions {
    const {
      codec,
      groupId,
      producer,
      handlerTimeoutMs = HANDLER_TIMEOUT_MS,
      retry = DEFAULT_RETRY,
      classify,
    } = this.#options;
    const onBlocked: ProcessorOptions['onBlocked'] = ({ topic, partition }, reason) => {
      if (reason === undefined) this.#blocked.delete(`${topic}/${partition}`);
      else this.#blocked.set(`${topic}/${partition}`, reason);
    };
    return {
      groupId,
      codec,
      producer,
      retry,
      handlerTimeoutMs,
      classify,
      onBlocked,
      store: this.#store,
      metrics: this.#metrics,
      logger: this.#logger,
    };
  }

  /** Parked records are tried whether or not this member has partitions. */
  #retryParked(): Promise<void> {
    return this.#retrier?.run(this.#stopping.signal, this.#abandoning.signal) ?? Promise.resolve();
  }

  #workerOf(session: ClientConsumer, commits: OffsetCommits): BatchWorkerOptions {
    const deciding = this.#deciding();
    const { store, onBlocked, metrics, logger } = deciding;
    return {
      store,
      positions: this.#positions,
      commits,
      onBlocked,
      metrics,
      logger,
      ...this.#timing,
      processor: new RecordProcessor(deciding),
      chunks: new ChunkProcessor(deciding),
      subscriptions: new Map(this.#subscriptions.map((subscription) => [subscription.topic, subscription])),
      stopping: this.#stopping.signal,
      abandoning: this.#abandoning.signal,
      isAligned: (topic, partition) => this.#aligned.has(`${topic}/${partition}`),
      setAligned: (topic, partition) => this.#aligned.add(`${topic}/${partition}`),
      setUnaligned: (topic, partition) => {
        this.#aligned.delete(`${topic}/${partition}`);
        this.#positions.forget({ topic, partition });
      },
      seek: (topic, partition, offset) => {
        session.seek(topic, partition, offset);
      },
      putOff: (topic, partition, ms) => {
        this.#putOff(session, topic, partition, ms);
      },
      onFatal: (error) => {
        this.#fail(error);
      },
    };
  }

  #putOff(session: ClientConsumer, topic: string, partition: number, ms: number): void {
    session.pause(topic, partition);
    const timer = setTimeout(
      () => {
        this.#restingPartitions.delete(timer);
        session.resume(topic, partition);
      },
      Math.min(ms, LONGEST_TIMER_MS),
    );
    this.#restingPartitions.add(timer);
  }

  /** Ends the consumer for good and says so. */
  #fail(error: Error): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = error;
    this.#logger.fatal({ err: error }, 'the consumer cannot go on');
    void this.stop();
    const { onCrash } = this.#options;
    if (onCrash !== undefined) onCrash(error);
    else
      setImmediate(() => {
        throw error;
      });
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#stopping.abort();
    const ended = this.#running ?? Promise.resolve();
    const over = new AbortController();
    const deadline = pause(deadlineMs, over.signal).then(() => 'late' as const);
    if ((await Promise.race([ended, deadline])) === 'late') {
      this.#logger.warn(
        { deadlineMs },
        'the consumer did not finish in time, leaving its records uncommitted',
      );
      this.#abandoning.abort();
      await Promise.race([ended, pause(2000, over.signal)]);
    }
    // A timer that goes on keeps the process.
    over.abort();
    this.#metrics.close();
  }
}

/**
 * The consumer: at least once on the wire and in order per partition; effects once, through inbox and fence in the handler's own
 * transaction. Nothing is committed before it is handled or acknowledged as a dead letter; outages are ridden out.
 */
export function createConsumer(options: ConsumerOptions): Consumer {
  return new ListenerContainer(options);
}
