import type { ClientConsumer, ClientConsumerOptions, FetchedBatch, RawRecord } from '@eda/kafka';
import { SessionLost } from '@eda/kafka';
import type { InMemoryGroup, MemberPort } from './in-memory-group.ts';
import type { PartitionLog } from './in-memory-log.ts';

/** What a consumer needs of its broker. Topics have the names that they have on the broker. */
export interface ConsumerHost {
  readonly clientId: string;
  readonly group: InMemoryGroup;
  log(topic: string, partition: number): PartitionLog;
  logical(topic: string): string;
  physical(topic: string): string;
  /** Throws when the client cannot reach the broker or a topic does not exist. */
  check(topics: readonly string[]): void;
  /** Calls `listener` when the client is cut off; returns what ends that. */
  onCut(listener: (error: Error) => void): () => void;
}

interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  position: bigint;
  paused: boolean;
  /** Counted up by `seek`: what was fetched before it is of no use. */
  epoch: number;
}

/** The time between two rebalances. */
class Generation {
  readonly number: number;
  readonly states = new Map<string, PartitionState>();
  readonly tasks = new Set<Promise<void>>();
  readonly #wakers = new Set<() => void>();
  lost: SessionLost | undefined;
  over = false;

  constructor(number: number) {
    this.number = number;
  }

  /** Lets every partition look again at what it waits for. */
  wake(): void {
    for (const waker of [...this.#wakers]) waker();
    this.#wakers.clear();
  }

  /** Resolves at the next `wake`. */
  async woken(): Promise<void> {
    await new Promise<void>((resolve) => this.#wakers.add(resolve));
  }

  end(lost?: SessionLost): void {
    this.over = true;
    if (this.lost?.reason !== 'expelled') this.lost = lost ?? this.lost;
    this.wake();
  }

  async drained(): Promise<void> {
    await Promise.all(this.tasks);
  }
}

class InMemoryConsumer implements ClientConsumer, MemberPort {
  readonly topics: readonly string[];
  readonly #host: ConsumerHost;
  readonly #options: ClientConsumerOptions;
  readonly #turns: (() => void)[] = [];
  #atWork = 0;
  #memberId: string | undefined;
  #generation: Generation | undefined;
  #stopping = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #unwatch: () => void = () => undefined;

  constructor(host: ConsumerHost, options: ClientConsumerOptions) {
    this.#host = host;
    this.#options = options;
    this.topics = options.topics.map((topic) => host.physical(topic));
  }

  start(): Promise<void> {
    try {
      this.#host.check(this.topics);
    } catch (error) {
      queueMicrotask(() => {
        this.#options.onCrash(error as Error, (error as { code?: unknown }).code !== 'UNKNOWN_TOPIC');
      });
      return Promise.resolve();
    }
    if (this.#options.formerMember !== undefined) this.#host.group.leave(this.#options.formerMember);
    this.#unwatch = this.#host.onCut((error) => void this.#crash(error));
    this.#heartbeat = setInterval(() => {
      this.#options.onHeartbeat();
    }, this.#options.heartbeatIntervalMs);
    this.#heartbeat.unref();
    this.#join();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#generation?.end();
    await this.#generation?.drained();
    this.#end();
    if (this.#memberId !== undefined) this.#host.group.leave(this.#memberId);
    this.#memberId = undefined;
  }

  seek(topic: string, partition: number, offset: bigint): void {
    const state = this.#state(topic, partition);
    if (state === undefined) return;
    state.position = offset;
    state.epoch += 1;
    this.#generation?.wake();
  }

  pause(topic: string, partition: number): void {
    const state = this.#state(topic, partition);
    if (state !== undefined) state.paused = true;
  }

  resume(topic: string, partition: number): void {
    const state = this.#state(topic, partition);
    if (state !== undefined) state.paused = false;
    this.#generation?.wake();
  }

  recall(): void {
    const generation = this.#generation;
    const id = this.#memberId;
    if (generation === undefined || id === undefined || generation.over) return;
    generation.end(new SessionLost('rebalancing', new Error('the group rebalances')));
    void this.#rebalanced(generation).then(() => {
      if (!this.#stopping) this.#host.group.ready(id);
    });
  }

  expelled(): void {
    this.#memberId = undefined;
    const generation = this.#generation;
    generation?.end(new SessionLost('expelled', new Error('the group has expelled this member')));
    if (generation !== undefined)
      void this.#rebalanced(generation).then(() => {
        if (!this.#stopping) this.#join();
      });
  }

  assigned(number: number, assignment: ReadonlyMap<string, readonly number[]>): void {
    if (this.#stopping) return;
    const generation = new Generation(number);
    this.#generation = generation;
    for (const [topic, partitions] of assignment) {
      for (const partition of partitions) {
        const position = this.#host.group.committed.get(`${topic}/${partition}`) ?? 0n;
        const state = { topic, partition, position, paused: false, epoch: 0 };
        generation.states.set(`${topic}/${partition}`, state);
      }
    }
    // The group has not returned this member's id yet when the very first assignment comes at once.
    queueMicrotask(() => {
      if (generation.over || this.#memberId === undefined) return;
      const logical = [...assignment].map(
        ([topic, partitions]) => [this.#host.logical(topic), partitions] as const,
      );
      this.#options.onJoin(new Map(logical), this.#memberId);
      for (const state of generation.states.values()) generation.tasks.add(this.#work(generation, state));
    });
  }

  /** Resolves when this member may join again. */
  async #rebalanced(generation: Generation): Promise<void> {
    await generation.drained();
    await this.#options.onRebalance();
  }

  #join(): void {
    this.#memberId = this.#host.group.join(this.#host.clientId, this);
  }

  #state(topic: string, partition: number): PartitionState | undefined {
    return this.#generation?.states.get(`${this.#host.physical(topic)}/${partition}`);
  }

  async #crash(error: Error): Promise<void> {
    const id = this.#memberId;
    this.#stopping = true;
    this.#end();
    if (id !== undefined) this.#host.group.expel(id);
    await this.#generation?.drained();
    this.#options.onCrash(error, true);
  }

  #end(): void {
    clearInterval(this.#heartbeat);
    this.#unwatch();
  }

  /** One partition, batch after batch, until the generation is over. */
  async #work(generation: Generation, state: PartitionState): Promise<void> {
    const log = this.#host.log(state.topic, state.partition);
    const unwatch = log.watch(() => {
      generation.wake();
    });
    try {
      while (!generation.over) {
        const records = state.paused ? [] : log.read(state.position, this.#options.maxBytesPerPartition);
        if (records.length === 0) await generation.woken();
        else await this.#handOut(generation, state, log, records);
      }
    } finally {
      unwatch();
    }
  }

  async #handOut(
    generation: Generation,
    state: PartitionState,
    log: PartitionLog,
    records: readonly RawRecord[],
  ): Promise<void> {
    if (this.#atWork >= this.#options.concurrency)
      await new Promise<void>((resolve) => this.#turns.push(resolve));
    this.#atWork += 1;
    const { epoch } = state;
    const isCurrent = () => !generation.over && state.epoch === epoch;
    const id = this.#memberId ?? '';
    const topic = this.#host.logical(state.topic);
    const batch: FetchedBatch = {
      topic,
      partition: state.partition,
      logEnd: log.end,
      records: records.map((record) => ({ ...record, topic })),
      heartbeat: async () => {
        await Promise.resolve();
        if (generation.lost !== undefined) throw generation.lost;
      },
      commit: async (positions) => {
        await Promise.resolve();
        this.#host.group.check(id, generation.number);
        for (const position of positions)
          this.#host.group.committed.set(
            `${this.#host.physical(position.topic)}/${position.partition}`,
            position.offset,
          );
      },
      resolve: (offset) => {
        if (state.epoch === epoch && offset >= state.position) state.position = offset + 1n;
      },
      isCurrent,
    };
    try {
      if (isCurrent()) await this.#options.onBatch(batch);
    } finally {
      this.#atWork -= 1;
      this.#turns.shift()?.();
    }
  }
}

/** One session of a group member on the broker in memory. */
export function createInMemoryConsumer(host: ConsumerHost, options: ClientConsumerOptions): ClientConsumer {
  return new InMemoryConsumer(host, options);
}
