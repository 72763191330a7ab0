import type { Logger } from 'pino';
import { backoffMs, pause } from './backoff.ts';
import type { ClientNames } from './client-names.ts';
import type { Assignment } from './client-platformatic-assignment.ts';
import type { Address, PlatformaticCluster } from './client-platformatic-cluster.ts';
import { brokerErrorId, isUnreachable, toError } from './client-platformatic-errors.ts';
import type { FetchResponse } from './client-platformatic-reader.ts';
import { EARLIEST, fetchFrom, listOffsets } from './client-platformatic-reader.ts';
import { readFetched } from './client-platformatic-records.ts';
import type { FetchedBatch, ReadPosition } from './client-types.ts';

export interface PumpOptions {
  readonly concurrency: number;
  readonly maxBytesPerPartition: number;
  readonly maxWaitMs: number;
  onBatch(batch: FetchedBatch): Promise<void>;
  /** Whether no new batch may begin. */
  isOver(): boolean;
  /** Throws when the group moved on. */
  heartbeat(): void;
  commit(positions: readonly ReadPosition[]): Promise<void>;
  /** Nothing can be read any more. */
  onFailure(error: Error): void;
  readonly logger: Logger;
}

interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** Where the next fetch begins. */
  position: bigint;
  paused: boolean;
  /** Being fetched, waiting for a turn or at work. */
  busy: boolean;
  /** Counted up by `seek`: what was fetched before it is of no use. */
  epoch: number;
}

/** Fetches from one broker that wait for records at the same time: partitions that are ready again do not wait for them. */
const FETCHES_PER_BROKER = 3;
/** A topic is unknown for a moment while brokers start. */
const TRIES_OF_FATAL_ERRORS = 5;
const BACKOFF = { initialMs: 100, maxMs: 1000 };

/** Fetches the partitions of one generation and hands them out, each partition in order, several at a time. */
export class PartitionPump {
  readonly #cluster: PlatformaticCluster;
  readonly #names: ClientNames;
  readonly #options: PumpOptions;
  readonly #partitions = new Map<string, PartitionState>();
  /** Lanes in use, by broker. */
  readonly #lanes = new Map<string, Set<number>>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #turns: (() => void)[] = [];
  readonly #draining = new AbortController();
  #atWork = 0;
  #failures = 0;
  #pumping = false;

  constructor(cluster: PlatformaticCluster, names: ClientNames, options: PumpOptions) {
    this.#cluster = cluster;
    this.#names = names;
    this.#options = options;
  }

  /** Finds where each partition is read on: where the group has got to, or at the start of the log. */
  async start(
    assignment: Assignment,
    committed: ReadonlyMap<string, ReadonlyMap<number, bigint>>,
  ): Promise<void> {
    for (const [topic, partitions] of assignment) {
      const known = committed.get(topic);
      const fresh = partitions.filter((partition) => known?.has(partition) !== true);
      const starts =
        fresh.length === 0 ? undefined : await listOffsets(this.#cluster, topic, fresh, EARLIEST);
      for (const partition of partitions) {
        const position = known?.get(partition) ?? starts?.get(partition) ?? 0n;
        this.#partitions.set(`${topic}/${partition}`, {
          topic,
          partition,
          position,
          paused: false,
          busy: false,
          epoch: 0,
        });
      }
    }
  }

  run(): void {
    this.#pump();
  }

  seek(topic: string, partition: number, offset: bigint): void {
    const state = this.#partitions.get(`${topic}/${partition}`);
    if (state === undefined) return;
    state.position = offset;
    state.epoch += 1;
  }

  pause(topic: string, partition: number): void {
    const state = this.#partitions.get(`${topic}/${partition}`);
    if (state !== undefined) state.paused = true;
  }

  resume(topic: string, partition: number): void {
    const state = this.#partitions.get(`${topic}/${partition}`);
    if (state?.paused !== true) return;
    state.paused = false;
    this.#pump();
  }

  /** Resolves when nothing is fetched and no batch is at work. */
  async drain(): Promise<void> {
    this.#draining.abort();
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  /** Collects what became ready in this turn of the event loop into as few fetches as possible. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#track(
      (async () => {
        await Promise.resolve();
        this.#pumping = false;
        if (this.#isOver()) return;
        const ready = [...this.#partitions.values()].filter(({ busy, paused }) => !busy && !paused);
        const placed = new Map<Address, PartitionState[]>();
        for (const state of ready) {
          state.busy = true;
          const leader = await this.#leaderOf(state);
          if (leader === undefined) continue;
          placed.set(leader, [...(placed.get(leader) ?? []), state]);
        }
        for (const [broker, states] of placed) this.#track(this.#fetch(broker, states));
      })(),
    );
  }

  async #leaderOf(state: PartitionState): Promise<Address | undefined> {
    try {
      return await this.#cluster.leader(state.topic, state.partition);
    } catch (error) {
      this.#track(this.#later([state], error));
      return undefined;
    }
  }

  #track(task: Promise<void>): void {
    const tracked = task
      .catch((error: unknown) => {
        this.#options.onFailure(toError(error));
      })
      .finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
  }

  async #fetch(broker: Address, states: readonly PartitionState[]): Promise<void> {
    const name = `${broker.host}:${broker.port}`;
    const lanes = this.#lanes.get(name) ?? new Set<number>();
    this.#lanes.set(name, lanes);
    if (lanes.size >= FETCHES_PER_BROKER) {
      // The fetch that ends next takes them along.
      for (const state of states) state.busy = false;
      return;
    }
    let lane = 0;
    while (lanes.has(lane)) lane += 1;
    lanes.add(lane);
    const epochs = states.map(({ epoch }) => epoch);
    let answer: FetchResponse;
    try {
      const { maxWaitMs, maxBytesPerPartition } = this.#options;
      answer = await fetchFrom(
        this.#cluster,
        broker,
        states.map(({ topic, partition, position }) => ({ topic, partition, offset: position })),
        { maxWaitMs, maxBytesPerPartition, lane: `fetch-${lane}` },
      );
      this.#failures = 0;
    } catch (error) {
      lanes.delete(lane);
      await this.#later(states, error);
      return;
    }
    lanes.delete(lane);
    states.forEach((state, index) => {
      this.#take(state, epochs[index], answer);
    });
    this.#pump();
  }

  #take(state: PartitionState, epoch: number | undefined, answer: FetchResponse): void {
    const fetched = answer.responses
      .find(({ topicId }) => topicId === state.topic)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === state.partition);
    if (fetched === undefined || epoch !== state.epoch || state.paused || this.#isOver()) {
      state.busy = false;
      return;
    }
    if (fetched.errorCode !== 0) {
      this.#track(this.#onPartitionError(state, new this.#cluster.library.ProtocolError(fetched.errorCode)));
      return;
    }
    const topic = this.#names.logical(state.topic);
    const { records, next } = readFetched(topic, state.partition, state.position, fetched);
    if (records.length === 0) {
      state.position = next;
      state.busy = false;
      return;
    }
    this.#track(this.#handOut(state, { topic, records, next, logEnd: fetched.highWatermark }));
  }

  async #handOut(
    state: PartitionState,
    { topic, records, next, logEnd }: Pick<FetchedBatch, 'topic' | 'records' | 'logEnd'> & { next: bigint },
  ): Promise<void> {
    const { epoch, partition } = state;
    const last = records.at(-1)?.offset;
    const isCurrent = () => state.epoch === epoch && !this.#isOver();
    const batch: FetchedBatch = {
      topic,
      partition,
      logEnd,
      records,
      heartbeat: async () => {
        await Promise.resolve();
        this.#options.heartbeat();
      },
      commit: (positions) => this.#options.commit(positions),
      resolve: (offset) => {
        if (state.epoch !== epoch) return;
        const position = offset === last ? next : offset + 1n;
        if (position > state.position) state.position = position;
      },
      isCurrent,
    };
    await this.#turn();
    try {
      if (isCurrent()) await this.#options.onBatch(batch);
    } finally {
      this.#atWork -= 1;
      this.#turns.shift()?.();
      state.busy = false;
      this.#pump();
    }
  }

  async #turn(): Promise<void> {
    if (this.#atWork >= this.#options.concurrency)
      await new Promise<void>((resolve) => this.#turns.push(resolve));
    this.#atWork += 1;
  }

  async #onPartitionError(state: PartitionState, error: Error): Promise<void> {
    if (brokerErrorId(error) !== 'OFFSET_OUT_OF_RANGE') {
      await this.#later([state], error);
      return;
    }
    const { topic, partition } = state;
    try {
      const starts = await listOffsets(this.#cluster, topic, [partition], EARLIEST);
      const start = starts.get(partition) ?? 0n;
      this.#options.logger.warn(
        {
          topic: this.#names.logical(topic),
          partition,
          position: String(state.position),
          start: String(start),
        },
        'the position is not in the log any more, reading from its start',
      );
      state.position = start;
      state.busy = false;
      this.#pump();
    } catch (failure) {
      await this.#later([state], failure);
    }
  }

  /** The partitions are fetched again after a pause, from whoever leads them then; what will not get better ends the session. */
  async #later(states: readonly PartitionState[], error: unknown): Promise<void> {
    for (const { topic } of states) this.#cluster.forget(topic);
    if (!this.#isOver()) {
      this.#failures += 1;
      this.#options.logger.debug({ err: error }, 'fetching failed');
      if (!isUnreachable(error) && this.#failures >= TRIES_OF_FATAL_ERRORS) throw toError(error);
      await pause(backoffMs(BACKOFF, this.#failures), this.#draining.signal);
    }
    for (const state of states) state.busy = false;
    this.#pump();
  }

  #isOver(): boolean {
    return this.#draining.signal.aborted || this.#options.isOver();
  }
}
