/** What faults need to know of the cluster and to do to it, beyond starting and ending nodes. */
import type { KafkaCluster, KafkaNode } from '@eda/platform';
import kafkajs from 'kafkajs';
import { electPreferredLeaders } from './elect-leaders.ts';

export interface PartitionView {
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

export interface ClusterControl {
  partitions(topic: string): Promise<PartitionView[]>;
  /** The broker that leads `partition`. */
  leaderOf(topic: string, partition: number): Promise<KafkaNode>;
  /** The broker that coordinates the group. */
  coordinatorOf(groupId: string): Promise<KafkaNode>;
  /** Resolves when every replica of the topic is in sync. */
  inSync(topic: string): Promise<void>;
  /** Gives every partition of the topic to the next broker in its list, in order and at once; resolves with how many moved. */
  moveLeaders(topic: string): Promise<number>;
  addPartitions(topic: string, count: number): Promise<void>;
  createTopic(topic: string, partitions: number): Promise<void>;
  deleteTopics(topics: readonly string[]): Promise<void>;
  deleteGroup(groupId: string): Promise<void>;
  /** What the group has committed, by partition. */
  committed(groupId: string, topic: string): Promise<Map<number, bigint>>;
  /** Deletes the records before these offsets, as retention does. */
  deleteRecords(topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void>;
  close(): Promise<void>;
}

const GROUP_PARTITIONS = 4;

/** Returns the controls of a running cluster; asks it beside every proxy. */
export async function controlCluster(cluster: KafkaCluster): Promise<ClusterControl> {
  const addresses = cluster.nodes.map(({ internalAddress }) => internalAddress);
  const kafka = new kafkajs.Kafka({
    clientId: 'faults-control',
    brokers: addresses,
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 1000 },
  });
  const admin = kafka.admin();
  await admin.connect();
  const nodeOf = (id: number) => {
    const node = cluster.nodes.find((candidate) => candidate.id === id);
    if (node === undefined) throw new Error(`no node ${id} in this cluster`);
    return node;
  };
  const partitions = async (topic: string): Promise<PartitionView[]> => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const found = topics.find(({ name }) => name === topic)?.partitions ?? [];
    return found
      .map(({ partitionId, leader, replicas, isr }) => ({
        partition: partitionId,
        leader,
        replicas,
        inSync: isr,
      }))
      .sort((a, b) => a.partition - b.partition);
  };
  const until = async (what: string, condition: () => Promise<boolean>) => {
    const deadline = Date.now() + 90_000;
    while (!(await condition().catch(() => false))) {
      if (Date.now() > deadline) throw new Error(`waited 90 s in vain: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  /** Without a leader a partition cannot be described either: the answer is an error meanwhile. */
  const led = async (topic: string, count?: number) => {
    let views: PartitionView[] = [];
    await until(`${topic} is led${count === undefined ? '' : ` in ${count} partitions`}`, async () => {
      views = await partitions(topic);
      const isWhole = count === undefined ? views.length > 0 : views.length === count;
      return isWhole && views.every(({ leader }) => leader >= 0);
    });
    return views;
  };
  const leaderOf = async (topic: string, partition: number) => {
    let leader = -1;
    await until(`${topic}/${partition} has a leader`, async () => {
      leader = (await partitions(topic)).find((view) => view.partition === partition)?.leader ?? -1;
      return leader >= 0;
    });
    return nodeOf(leader);
  };
  return {
    partitions,
    leaderOf,
    coordinatorOf: (groupId) => leaderOf('__consumer_offsets', groupPartition(groupId)),
    inSync: (topic) =>
      until(`every replica of ${topic} is in sync`, async () => {
        const views = await partitions(topic);
        return views.length > 0 && views.every(({ replicas, inSync }) => inSync.length === replicas.length);
      }),
    async moveLeaders(topic) {
      const before = await led(topic);
      const partitionAssignment = before.map(({ partition, replicas }) => ({
        partition,
        replicas: [...replicas.slice(1), ...replicas.slice(0, 1)],
      }));
      await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
      const [address = ''] = addresses;
      await electPreferredLeaders(
        address,
        topic,
        before.map(({ partition }) => partition),
      );
      const after = await led(topic);
      return after.filter(({ leader }, index) => leader !== before[index]?.leader).length;
    },
    async addPartitions(topic, count) {
      await admin.createPartitions({ topicPartitions: [{ topic, count }] });
      await led(topic, count);
    },
    async createTopic(topic, count) {
      await admin.createTopics({ topics: [{ topic, numPartitions: count }], waitForLeaders: false });
      await led(topic, count);
    },
    deleteTopics: (topics) => admin.deleteTopics({ topics: [...topics] }),
    async deleteGroup(groupId) {
      await admin.deleteGroups([groupId]);
    },
    async committed(groupId, topic) {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      return new Map(
        (found?.partitions ?? [])
          .filter(({ offset }) => offset !== '-1')
          .map(({ partition, offset }) => [partition, BigInt(offset)]),
      );
    },
    deleteRecords: (topic, offsets) =>
      admin.deleteTopicRecords({
        topic,
        partitions: [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) })),
      }),
    close: () => admin.disconnect(),
  };
}

/** The partition of `__consumer_offsets` that has the group: Java's hash of its name. */
export function groupPartition(groupId: string, partitions = GROUP_PARTITIONS): number {
  let hash = 0;
  for (let index = 0; index < groupId.length; index++)
    hash = (Math.imul(31, hash) + groupId.charCodeAt(index)) | 0;
  return (hash & 0x7fffffff) % partitions;
}
