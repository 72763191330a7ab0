import type { Logger } from 'pino';
import { backoffMs, pause } from './backoff.ts';
import type { ClientNames } from './client-names.ts';
import type { Assignment } from './client-platformatic-assignment.ts';
import type { PlatformaticCluster } from './client-platformatic-cluster.ts';
import {
  brokerErrorId,
  isUnreachable,
  mayPass,
  toError,
  toSessionLost,
} from './client-platformatic-errors.ts';
import type { GroupMembership } from './client-platformatic-group.ts';
import { PartitionPump } from './client-platformatic-pump.ts';
import type { ClientConsumer, ClientConsumerOptions, ReadPosition } from './client-types.ts';
import { SessionLost } from './client-types.ts';
import { patiently } from './patience.ts';

const JOIN_TRIES = 5;
const LEAVE_FORMER_TRIES = 10;
const BACKOFF = { initialMs: 100, maxMs: 1000 };
/** How often a member looks for partitions that were added. */
const LAYOUT_CHECK_MS = 60_000;

/** Asked anew each time: it changes while others run. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** One time between two rebalances. */
class Generation {
  readonly #over = Promise.withResolvers<undefined>();
  readonly #drained = new AbortController();
  #lost: SessionLost | undefined;
  #heartbeatFailure: unknown;
  #failure: Error | undefined;
  heardAt = Date.now();

  /** Resolves when no new batch may begin. */
  get over(): Promise<undefined> {
    return this.#over.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }
  #isOver = false;

  /** Aborted when the last batch has returned. */
  get drained(): AbortSignal {
    return this.#drained.signal;
  }

  /** What ends the whole consumer, if anything. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Whether the group has moved on. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  end(): void {
    this.#isOver = true;
    this.#over.resolve(undefined);
  }

  finish(): void {
    this.#drained.abort();
  }

  lose(lost: SessionLost): void {
    // Once expelled nothing may be committed; that a member was only called back before does not matter any more.
    if (this.#lost?.reason !== 'expelled') this.#lost = lost;
    this.end();
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.end();
  }

  heard(failure?: unknown): void {
    this.#heartbeatFailure = failure;
    if (failure === undefined) this.heardAt = Date.now();
  }

  /** Throws what a batch at work must know. */
  check(): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#heartbeatFailure !== undefined) throw toError(this.#heartbeatFailure);
  }

  refuseWhenExpelled(): void {
    if (this.#lost?.reason === 'expelled') throw this.#lost;
  }
}

/** One session of a group member: joins, works, rejoins after each rebalance, and ends by `stop` or with one crash. */
class Consumer implements ClientConsumer {
  readonly #cluster: PlatformaticCluster;
  readonly #group: GroupMembership;
  readonly #names: ClientNames;
  readonly #options: ClientConsumerOptions;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #joining = false;
  #generation: Generation | undefined;
  #pump: PartitionPump | undefined;

  constructor(
    cluster: PlatformaticCluster,
    group: GroupMembership,
    names: ClientNames,
    options: ClientConsumerOptions,
    logger: Logger,
  ) {
    this.#cluster = cluster;
    this.#group = group;
    this.#names = names;
    this.#options = options;
    this.#logger = logger;
  }

  start(): Promise<void> {
    this.#running = this.#run();
    return Promise.resolve();
  }

  seek(topic: string, partition: number, offset: bigint): void {
    this.#pump?.seek(this.#names.physical(topic), partition, offset);
  }

  pause(topic: string, partition: number): void {
    this.#pump?.pause(this.#names.physical(topic), partition);
  }

  resume(topic: string, partition: number): void {
    this.#pump?.resume(this.#names.physical(topic), partition);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#generation?.end();
    // The coordinator holds a join back until the others have come; leaving makes it answer.
    if (this.#joining) await this.#leave();
    await this.#running;
  }

  async #run(): Promise<void> {
    let crash: Error | undefined;
    try {
      await this.#cluster.connect();
      await this.#leaveFormer();
      while (!this.#stopping.signal.aborted) {
        const assignment = await this.#join();
        if (assignment === undefined) break;
        await this.#work(assignment);
      }
    } catch (error) {
      crash = toError(error);
    }
    const unreachable = crash !== undefined && isUnreachable(crash);
    if (!unreachable) await this.#leave();
    await this.#cluster.disconnect();
    // A stop that was under way gets what it wanted.
    if (crash !== undefined && !this.#stopping.signal.aborted) this.#options.onCrash(crash, unreachable);
  }

  async #leave(): Promise<void> {
    await this.#group.leave().catch((error: unknown) => {
      this.#logger.debug({ err: error }, 'leaving the group failed');
    });
  }

  /** Best effort: without it the partitions wait for the session time-out of a member that is gone. */
  async #leaveFormer(): Promise<void> {
    const { formerMember } = this.#options;
    for (let attempt = 1; formerMember !== undefined && attempt <= LEAVE_FORMER_TRIES; attempt += 1) {
      try {
        await this.#group.leave(formerMember);
        return;
      } catch (error) {
        if (brokerErrorId(error) === 'UNKNOWN_MEMBER_ID' || this.#stopping.signal.aborted) return;
        await pause(backoffMs(BACKOFF, attempt), this.#stopping.signal);
      }
    }
  }

  /** A few seconds of patience; undefined when the consumer stops. */
  async #join(): Promise<Assignment | undefined> {
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt += 1) {
      this.#joining = true;
      try {
        return await this.#group.join();
      } catch (error) {
        if (isAborted(this.#stopping.signal)) return undefined;
        const id = brokerErrorId(error) ?? '';
        if (id === 'UNKNOWN_MEMBER_ID' || id === 'FENCED_INSTANCE_ID') this.#group.forgetMember();
        if (attempt >= JOIN_TRIES || !(isUnreachable(error) || JOIN_AGAIN.has(id))) throw error;
        await pause(backoffMs(BACKOFF, attempt), this.#stopping.signal);
      } finally {
        this.#joining = false;
      }
    }
    return undefined;
  }

  async #work(assignment: Assignment): Promise<void> {
    const { concurrency, maxBytesPerPartition, maxWaitMs } = this.#options;
    const generation = new Generation();
    this.#generation = generation;
    const pump = new PartitionPump(this.#cluster, this.#names, {
      concurrency,
      maxBytesPerPartition,
      maxWaitMs,
      onBatch: (batch) => this.#options.onBatch(batch),
      isOver: () => generation.isOver,
      heartbeat: () => {
        generation.check();
      },
      commit: (positions) => this.#commit(generation, positions),
      onFailure: (error) => {
        generation.fail(error);
      },
      logger: this.#logger,
    });
    this.#pump = pump;
    const beating = this.#beat(generation);
    try {
      if (this.#stopping.signal.aborted) generation.end();
      await patiently(
        async () => {
          await pump.start(assignment, await this.#group.committed(assignment));
        },
        { worthwhile: mayPass, signal: this.#stopping.signal },
      );
      if (!generation.isOver) {
        this.#options.onJoin(
          new Map([...assignment].map(([topic, partitions]) => [this.#names.logical(topic), partitions])),
          this.#group.memberId,
        );
        pump.run();
      }
      await generation.over;
    } catch (error) {
      const lost = toSessionLost(error);
      if (lost instanceof SessionLost) generation.lose(lost);
      else generation.fail(toError(error));
    }
    await pump.drain();
    if (generation.isLost) await this.#options.onRebalance();
    generation.finish();
    await beating;
    if (generation.failure !== undefined) throw generation.failure;
  }

  async #commit(generation: Generation, positions: readonly ReadPosition[]): Promise<void> {
    generation.refuseWhenExpelled();
    if (generation !== this.#generation)
      throw new SessionLost('rebalancing', new Error('the member has joined again since'));
    try {
      await this.#group.commit(
        positions.map((position) => ({ ...position, topic: this.#names.physical(position.topic) })),
      );
    } catch (error) {
      const lost = toSessionLost(error);
      if (lost instanceof SessionLost) this.#lose(generation, lost);
      throw lost;
    }
  }

  #lose(generation: Generation, lost: SessionLost): void {
    if (brokerErrorId(lost.cause) === 'UNKNOWN_MEMBER_ID') this.#group.forgetMember();
    generation.lose(lost);
  }

  /** Keeps the membership alive, whatever the handlers do, until the last of them has returned. */
  async #beat(generation: Generation): Promise<void> {
    const { heartbeatIntervalMs, sessionTimeoutMs } = this.#options;
    const before = await this.#partitionCounts({ fresh: false }).catch(() => undefined);
    let checkedAt = Date.now();
    for (;;) {
      await pause(heartbeatIntervalMs, generation.drained);
      if (generation.drained.aborted) return;
      try {
        await this.#group.heartbeat();
        generation.heard();
        this.#options.onHeartbeat();
        if (Date.now() - checkedAt > LAYOUT_CHECK_MS) {
          checkedAt = Date.now();
          const now = await this.#partitionCounts({ fresh: true });
          if (before !== undefined && now !== before)
            generation.lose(
              new SessionLost('rebalancing', new Error('the topics have other partitions now')),
            );
        }
      } catch (error) {
        const lost = toSessionLost(error);
        if (lost instanceof SessionLost) this.#lose(generation, lost);
        else {
          generation.heard(error);
          if (Date.now() - generation.heardAt > sessionTimeoutMs) generation.fail(toError(error));
        }
      }
    }
  }

  async #partitionCounts({ fresh }: { fresh: boolean }): Promise<string> {
    const counts: string[] = [];
    for (const topic of this.#options.topics.map((name) => this.#names.physical(name))) {
      if (fresh) this.#cluster.forget(topic);
      counts.push(`${topic}=${(await this.#cluster.layout(topic)).leaders.size}`);
    }
    return counts.join();
  }
}

const JOIN_AGAIN = new Set([
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'MEMBER_ID_REQUIRED',
]);

/** One session of a group member, on the protocol of @platformatic/kafka. */
export function createPlatformaticConsumer(
  cluster: PlatformaticCluster,
  group: GroupMembership,
  names: ClientNames,
  options: ClientConsumerOptions,
  logger: Logger,
): ClientConsumer {
  return new Consumer(cluster, group, names, options, logger);
}
