import type { ClientNames } from './client-names.ts';
import type { PlatformaticCluster } from './client-platformatic-cluster.ts';
import { isUnknownTopic } from './client-platformatic-cluster.ts';
import { mayPass } from './client-platformatic-errors.ts';
import type { ClientAdmin } from './client-types.ts';
import { patiently } from './patience.ts';

const TIMEOUT_MS = 30_000;
/** A change takes its time, and a connection of its own. */
const CHANGE = { lane: 'change', timeoutMs: TIMEOUT_MS + 5000 };
const ALREADY_EXISTS = 36;
const UNKNOWN_TOPIC = 3;

/** Throws `error` unless every topic in the broker's answer was changed, or already is as `settled` says. */
function unlessSettled(error: unknown, settled: number): void {
  const answer = error as { response?: { topics?: Answered[]; responses?: Answered[] } };
  const answered = answer.response?.topics ?? answer.response?.responses;
  if (answered?.every(({ errorCode }) => errorCode === 0 || errorCode === settled) !== true) throw error;
}

interface Answered {
  readonly errorCode: number;
}

/** The administration requests this library needs; any broker passes them on to the controller. */
export function createPlatformaticAdmin(cluster: PlatformaticCluster, names: ClientNames): ClientAdmin {
  return {
    connect: () => cluster.connect(),
    disconnect: () => cluster.disconnect(),
    async partitionCount(topic) {
      const physical = names.physical(topic);
      cluster.forget(physical);
      try {
        const leaders = [...(await cluster.layout(physical)).leaders.values()];
        return leaders.includes(-1) ? undefined : leaders.length;
      } catch (error) {
        if (isUnknownTopic(error)) return undefined;
        throw error;
      }
    },
    async createTopics(specs) {
      const { createTopicsV7 } = cluster.library;
      const topics = specs.map(({ name, partitions, replicationFactor = -1, config = {} }) => ({
        name: names.physical(name),
        numPartitions: partitions,
        replicationFactor,
        assignments: [],
        configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      }));
      try {
        await cluster.requestAny(createTopicsV7.api, [topics, TIMEOUT_MS, false], CHANGE);
      } catch (error) {
        unlessSettled(error, ALREADY_EXISTS);
      }
    },
    async deleteTopics(topics) {
      const { deleteTopicsV6 } = cluster.library;
      if (topics.length === 0) return;
      const wanted = topics.map((topic) => ({ name: names.physical(topic) }));
      try {
        await cluster.requestAny(deleteTopicsV6.api, [wanted, TIMEOUT_MS], CHANGE);
      } catch (error) {
        unlessSettled(error, UNKNOWN_TOPIC);
      }
    },
    async listTopics() {
      const { topics } = await cluster.metadata(null);
      return topics
        .flatMap(({ name }) => (name === null || name === undefined ? [] : [name]))
        .filter((name) => names.physical(names.logical(name)) === name)
        .map((name) => names.logical(name));
    },
    async topicConfigs(topics) {
      if (topics.length === 0) return new Map();
      const { describeConfigsV4, ConfigResourceTypes } = cluster.library;
      const { results } = await cluster.requestAny(describeConfigsV4.api, [
        topics.map((topic) => ({
          resourceType: ConfigResourceTypes.TOPIC,
          resourceName: names.physical(topic),
          configurationKeys: null,
        })),
        false,
        false,
      ]);
      return new Map(
        results.map(({ resourceName, configs }) => [
          names.logical(resourceName),
          new Map(configs.map(({ name, value }) => [name, value ?? null])),
        ]),
      );
    },
    async committed(groupId) {
      const { offsetFetchV8 } = cluster.library;
      const group = names.physical(groupId);
      const answer = await patiently(
        async () =>
          cluster.request(await cluster.coordinator(group), offsetFetchV8.api, [
            [{ groupId: group, memberEpoch: -1, topics: null }],
            false,
          ]),
        { worthwhile: mayPass },
      );
      return new Map(
        (answer.groups[0]?.topics ?? []).map(({ name, partitions }) => [
          names.logical(name),
          new Map(
            partitions
              .filter(({ committedOffset }) => committedOffset >= 0n)
              .map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
          ),
        ]),
      );
    },
    async ping() {
      const { describeClusterV1, DescribeClusterEndpointTypes } = cluster.library;
      await cluster.requestAny(describeClusterV1.api, [false, DescribeClusterEndpointTypes.BROKERS]);
    },
  };
}
