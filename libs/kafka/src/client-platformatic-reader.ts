import type { ClientNames } from './client-names.ts';
import type { Address, Library, PlatformaticCluster } from './client-platformatic-cluster.ts';
import { isUnknownTopic } from './client-platformatic-cluster.ts';
import { isUnreachable } from './client-platformatic-errors.ts';
import { patiently } from './patience.ts';
import { readFetched } from './client-platformatic-records.ts';
import type { ClientReader, PartitionBounds, ReadPosition, ReadResult } from './client-types.ts';
import { UnknownTopic } from './errors.ts';

export const EARLIEST = -2n;
export const LATEST = -1n;
const MAX_BYTES = 5_000_000;
const MAX_BYTES_PER_PARTITION = 1_000_000;
const READ_COMMITTED = 1;
const NO_REPLICA = -1;
const NO_EPOCH = -1;
/** No fetch session: each request says everything. */
const SESSIONLESS = [0, -1] as const;

export type FetchResponse = Awaited<ReturnType<Library['fetchV12']['api']['async']>>;

export interface FetchRequest {
  readonly maxWaitMs: number;
  readonly maxBytesPerPartition: number;
  readonly lane: string;
}

/** One fetch from one broker; topics are physical. Partitions with an error are in the answer, with their error. */
export async function fetchFrom(
  cluster: PlatformaticCluster,
  broker: Address,
  positions: readonly ReadPosition[],
  { maxWaitMs, maxBytesPerPartition, lane }: FetchRequest,
): Promise<FetchResponse> {
  const { fetchV12, ResponseError } = cluster.library;
  const topics = [...Map.groupBy(positions, ({ topic }) => topic)].map(([topic, mine]) => ({
    topicId: topic,
    partitions: mine.map(({ partition, offset }) => ({
      partition,
      currentLeaderEpoch: NO_EPOCH,
      fetchOffset: offset,
      lastFetchedEpoch: NO_EPOCH,
      partitionMaxBytes: maxBytesPerPartition,
    })),
  }));
  try {
    return await cluster.request(
      broker,
      fetchV12.api,
      [maxWaitMs, 1, MAX_BYTES, READ_COMMITTED, ...SESSIONLESS, topics, [], ''],
      { lane },
    );
  } catch (error) {
    const answer =
      error instanceof ResponseError ? (error['response'] as FetchResponse | undefined) : undefined;
    if (answer === undefined || answer.errorCode !== 0) throw error;
    return answer;
  }
}

/** The first or the next offset of each partition; the topic is physical. */
export async function listOffsets(
  cluster: PlatformaticCluster,
  topic: string,
  partitions: readonly number[],
  timestamp: bigint,
): Promise<Map<number, bigint>> {
  const { listOffsetsV7 } = cluster.library;
  try {
    const byBroker = Map.groupBy(
      await Promise.all(
        partitions.map(async (partition) => ({ partition, broker: await cluster.leader(topic, partition) })),
      ),
      ({ broker }) => broker,
    );
    const answers = await Promise.all(
      [...byBroker].map(([broker, mine]) =>
        cluster.request(broker, listOffsetsV7.api, [
          NO_REPLICA,
          READ_COMMITTED,
          [
            {
              name: topic,
              partitions: mine.map(({ partition }) => ({
                partitionIndex: partition,
                currentLeaderEpoch: NO_EPOCH,
                timestamp,
              })),
            },
          ],
        ]),
      ),
    );
    return new Map(
      answers
        .flatMap(({ topics }) => topics.flatMap((answer) => answer.partitions))
        .map(({ partitionIndex, offset }) => [partitionIndex, offset]),
    );
  } catch (error) {
    cluster.forget(topic);
    throw error;
  }
}

class Reader implements ClientReader {
  readonly #cluster: PlatformaticCluster;
  readonly #names: ClientNames;

  constructor(cluster: PlatformaticCluster, names: ClientNames) {
    this.#cluster = cluster;
    this.#names = names;
  }

  connect(): Promise<void> {
    return this.#cluster.connect();
  }

  disconnect(): Promise<void> {
    return this.#cluster.disconnect();
  }

  async bounds(topic: string): Promise<PartitionBounds[]> {
    const physical = this.#names.physical(topic);
    try {
      const { leaders } = await this.#cluster.layout(physical);
      const partitions = [...leaders.keys()].sort((a, b) => a - b);
      const list = (timestamp: bigint) =>
        patiently(() => listOffsets(this.#cluster, physical, partitions, timestamp), {
          worthwhile: isUnreachable,
        });
      const [starts, ends] = await Promise.all([list(EARLIEST), list(LATEST)]);
      return partitions.map((partition) => ({
        partition,
        start: starts.get(partition) ?? 0n,
        end: ends.get(partition) ?? 0n,
      }));
    } catch (error) {
      if (isUnknownTopic(error)) throw new UnknownTopic(topic, error);
      throw error;
    }
  }

  async fetch(positions: readonly ReadPosition[], maxWaitMs: number): Promise<ReadResult[]> {
    const placed = await Promise.all(
      positions.map(async (position) => {
        const topic = this.#names.physical(position.topic);
        return { ...position, topic, broker: await this.#cluster.leader(topic, position.partition) };
      }),
    );
    const answers = await Promise.all(
      [...Map.groupBy(placed, ({ broker }) => broker)].map(([broker, mine]) =>
        this.#fetch(broker, mine, maxWaitMs),
      ),
    );
    return answers.flat();
  }

  async #fetch(
    broker: Address,
    positions: readonly ReadPosition[],
    maxWaitMs: number,
  ): Promise<ReadResult[]> {
    const { ProtocolError } = this.#cluster.library;
    try {
      const { responses } = await fetchFrom(this.#cluster, broker, positions, {
        maxWaitMs,
        maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
        lane: 'fetch',
      });
      return responses.flatMap(({ topicId, partitions }) =>
        partitions.map((fetched): ReadResult => {
          if (fetched.errorCode !== 0) throw new ProtocolError(fetched.errorCode);
          const partition = fetched.partitionIndex;
          const position = positions.find((each) => each.topic === topicId && each.partition === partition);
          const topic = this.#names.logical(topicId);
          return {
            topic,
            partition,
            ...readFetched(topic, partition, position?.offset ?? 0n, fetched),
            logEnd: fetched.highWatermark,
          };
        }),
      );
    } catch (error) {
      for (const { topic } of positions) this.#cluster.forget(topic);
      throw error;
    }
  }
}

/** Reads partitions without a consumer group. */
export function createPlatformaticReader(cluster: PlatformaticCluster, names: ClientNames): ClientReader {
  return new Reader(cluster, names);
}
