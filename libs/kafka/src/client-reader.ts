import { brokerErrorType, isLeaderMoving } from './client-errors.ts';
import type { InternalCluster } from './client-internals.ts';
import { InternalBatch, READ_COMMITTED } from './client-internals.ts';
import type { ClientNames } from './client-names.ts';
import { toRawRecord } from './client-record.ts';
import type { ClientReader, PartitionBounds, ReadPosition, ReadResult } from './client-types.ts';
import { UnknownTopic } from './errors.ts';
import { patiently } from './patience.ts';

const EARLIEST = -2;
const LATEST = -1;
const MAX_BYTES = 5_000_000;
const MAX_BYTES_PER_PARTITION = 1_000_000;
const LEADERS_MAX_AGE_MS = 60_000;

interface Leaders {
  readonly foundAt: number;
  /** Broker by partition. */
  readonly nodes: ReadonlyMap<number, number>;
}

class Reader implements ClientReader {
  readonly #names: ClientNames;
  readonly #cluster: InternalCluster;
  readonly #leaders = new Map<string, Leaders>();

  constructor(names: ClientNames, cluster: InternalCluster) {
    this.#names = names;
    this.#cluster = cluster;
  }

  async connect(): Promise<void> {
    await this.#cluster.connect();
  }

  async disconnect(): Promise<void> {
    await this.#cluster.disconnect();
  }

  async bounds(topic: string): Promise<PartitionBounds[]> {
    const partitions = [...(await this.#leadersOf(topic)).keys()];
    const list = (timestamp: number) =>
      patiently(() => this.#offsets(topic, partitions, timestamp), { worthwhile: isLeaderMoving });
    const [starts, ends] = await Promise.all([list(EARLIEST), list(LATEST)]);
    return partitions
      .map((partition) => ({ partition, start: starts.get(partition) ?? 0n, end: ends.get(partition) ?? 0n }))
      .sort((a, b) => a.partition - b.partition);
  }

  async fetch(positions: readonly ReadPosition[], maxWaitMs: number): Promise<ReadResult[]> {
    const byNode = new Map<number, ReadPosition[]>();
    for (const position of positions) {
      const node = (await this.#leadersOf(position.topic)).get(position.partition) ?? -1;
      byNode.set(node, [...(byNode.get(node) ?? []), position]);
    }
    const results = await Promise.all(
      [...byNode].map(([node, mine]) => this.#fetchFrom(node, mine, maxWaitMs)),
    );
    return results.flat();
  }

  async #fetchFrom(
    node: number,
    positions: readonly ReadPosition[],
    maxWaitMs: number,
  ): Promise<ReadResult[]> {
    const topics = Map.groupBy(positions, ({ topic }) => topic);
    try {
      const broker = await this.#cluster.findBroker({ nodeId: String(node) });
      const { responses } = await broker.fetch({
        isolationLevel: READ_COMMITTED,
        maxWaitTime: maxWaitMs,
        minBytes: 1,
        maxBytes: MAX_BYTES,
        rackId: '',
        topics: [...topics].map(([topic, mine]) => ({
          topic: this.#names.physical(topic),
          partitions: mine.map(({ partition, offset }) => ({
            partition,
            fetchOffset: String(offset),
            maxBytes: MAX_BYTES_PER_PARTITION,
          })),
        })),
      });
      return responses.flatMap(({ topicName, partitions }) => {
        const topic = this.#names.logical(topicName);
        return partitions.map((fetched): ReadResult => {
          const { partition } = fetched;
          const offset =
            topics.get(topic)?.find((position) => position.partition === partition)?.offset ?? 0n;
          const batch = new InternalBatch(topicName, String(offset), fetched);
          const next = batch.rawMessages.length === 0 ? offset : BigInt(batch.lastOffset()) + 1n;
          return {
            topic,
            partition,
            records: batch.messages.map((message) => toRawRecord(topic, partition, message)),
            next: next > offset ? next : offset,
            logEnd: BigInt(fetched.highWatermark),
          };
        });
      });
    } catch (error) {
      for (const topic of topics.keys()) this.#leaders.delete(topic);
      throw error;
    }
  }

  async #offsets(
    topic: string,
    partitions: readonly number[],
    timestamp: number,
  ): Promise<Map<number, bigint>> {
    const leaders = await this.#leadersOf(topic);
    const byNode = Map.groupBy(partitions, (partition) => leaders.get(partition) ?? -1);
    try {
      const answers = await Promise.all(
        [...byNode].map(async ([node, mine]) => {
          const broker = await this.#cluster.findBroker({ nodeId: String(node) });
          return broker.listOffsets({
            isolationLevel: READ_COMMITTED,
            topics: [
              {
                topic: this.#names.physical(topic),
                partitions: mine.map((partition) => ({ partition, timestamp })),
              },
            ],
          });
        }),
      );
      const offsets = answers.flatMap(({ responses }) =>
        responses.flatMap((response) => response.partitions),
      );
      return new Map(offsets.map(({ partition, offset }) => [partition, BigInt(offset)]));
    } catch (error) {
      this.#leaders.delete(topic);
      throw error;
    }
  }

  async #leadersOf(topic: string): Promise<ReadonlyMap<number, number>> {
    const known = this.#leaders.get(topic);
    if (known !== undefined && Date.now() - known.foundAt < LEADERS_MAX_AGE_MS) return known.nodes;
    const physical = this.#names.physical(topic);
    try {
      const { topicMetadata } = await this.#cluster.metadata({ topics: [physical] });
      const partitions =
        topicMetadata.find((metadata) => metadata.topic === physical)?.partitionMetadata ?? [];
      const nodes = new Map(partitions.map(({ partitionId, leader }) => [partitionId, leader]));
      this.#leaders.set(topic, { foundAt: Date.now(), nodes });
      return nodes;
    } catch (error) {
      this.#leaders.delete(topic);
      if (brokerErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') throw new UnknownTopic(topic, error);
      throw error;
    }
  }
}

/** Reads partitions without a consumer group, on the parts that kafkajs's own consumer is made of. */
export function createClientReader(names: ClientNames, cluster: InternalCluster): ClientReader {
  return new Reader(names, cluster);
}
