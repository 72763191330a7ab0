import type { Admin, Kafka } from 'kafkajs';
import kafkajs from 'kafkajs';
import { brokerErrorType } from './client-errors.ts';
import type { ClientNames } from './client-names.ts';
import type { ClientAdmin } from './client-types.ts';

/** A partition that is choosing its leader makes the client refuse the whole answer. */
const NOT_THERE_YET: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_TOPIC_EXCEPTION',
  'LEADER_NOT_AVAILABLE',
]);

/** Undefined while the topic does not exist or a partition has no leader. */
async function partitionCount(admin: Admin, physical: string): Promise<number | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [physical] });
    const partitions = topics.find(({ name }) => name === physical)?.partitions;
    return partitions?.every(({ leader }) => leader >= 0) ? partitions.length : undefined;
  } catch (error) {
    const type = brokerErrorType(error);
    if (type !== undefined && NOT_THERE_YET.has(type)) return undefined;
    throw error;
  }
}

/** The administration requests this library needs, by kafkajs. */
export function createClientAdmin(kafka: Kafka, names: ClientNames): ClientAdmin {
  const admin = kafka.admin();
  return {
    connect: () => admin.connect(),
    disconnect: () => admin.disconnect(),
    partitionCount: (topic) => partitionCount(admin, names.physical(topic)),
    async createTopics(specs) {
      await admin.createTopics({
        // Its wait rejects when a busy broker does not know the new topic yet; `ensureTopics` waits for the leaders.
        waitForLeaders: false,
        timeout: 30_000,
        topics: specs.map(({ name, partitions, replicationFactor = -1, config = {} }) => ({
          topic: names.physical(name),
          numPartitions: partitions,
          replicationFactor,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        })),
      });
    },
    async deleteTopics(topics) {
      try {
        await admin.deleteTopics({ topics: topics.map((topic) => names.physical(topic)), timeout: 30_000 });
      } catch (error) {
        // Deleted by somebody else, or by a request whose answer came too late: a list of topics may be older than that.
        if (brokerErrorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
      }
    },
    async listTopics() {
      const topics = await admin.listTopics();
      return topics
        .filter((topic) => names.physical(names.logical(topic)) === topic)
        .map((topic) => names.logical(topic));
    },
    async topicConfigs(topics) {
      if (topics.length === 0) return new Map();
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: topics.map((topic) => ({
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: names.physical(topic),
        })),
      });
      return new Map(
        resources.map(({ resourceName, configEntries }) => [
          names.logical(resourceName),
          new Map(
            configEntries.map(({ configName, configValue }) => [configName, configValue as string | null]),
          ),
        ]),
      );
    },
    async committed(groupId) {
      // Without topics the coordinator answers for all that the group has committed.
      const offsets = await admin.fetchOffsets({ groupId: names.physical(groupId), topics: [] });
      return new Map(
        offsets.map(({ topic, partitions }) => [
          names.logical(topic),
          new Map(
            partitions
              // Below zero is no position: -1 says so, and kafkajs commits -2 when it begins anew at the start.
              .filter(({ offset }) => !offset.startsWith('-'))
              .map(({ partition, offset }) => [partition, BigInt(offset)]),
          ),
        ]),
      );
    },
    async ping() {
      await admin.describeCluster();
    },
  };
}
