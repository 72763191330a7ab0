import { accessDenied } from './client-errors.ts';
import type { AccessTarget } from './client-access.ts';
import type { ClientNames } from './client-names.ts';
import type { Refusals } from './client-refusals.ts';
import type {
  ClientAdmin,
  ClientConsumer,
  ClientConsumerOptions,
  ClientProducer,
  ClientReader,
  KafkaClient,
} from './client-types.ts';
import { AppendError } from './client-types.ts';

type Parts = Pick<KafkaClient, 'producer' | 'consumer' | 'admin' | 'reader'>;

type Explained = <T>(target: AccessTarget, call: () => Promise<T>) => Promise<T>;

function explainedBy(refusals: Refusals | undefined): Explained {
  return async (target, call) => {
    const since = performance.now();
    try {
      return await call();
    } catch (error) {
      throw accessDenied(error, target) ?? accessDenied(refusals?.after(since), target) ?? error;
    }
  };
}

/** The same parts; where the cluster does not let them in or not do something, they say so with `AccessDenied`. */
export function withAccessErrors(parts: Parts, names: ClientNames, refusals?: Refusals): Parts {
  const explained = explainedBy(refusals);
  const topicsOf = (topics: readonly string[]) => topics.map((topic) => names.physical(topic));
  return {
    producer: () => explainedProducer(explained, parts.producer(), names),
    consumer: (options) => explainedConsumer(parts, options, names),
    reader: () => explainedReader(explained, parts.reader(), topicsOf),
    admin: () => explainedAdmin(explained, parts.admin(), names, topicsOf),
  };
}

function explainedProducer(
  explained: Explained,
  producer: ClientProducer,
  names: ClientNames,
): ClientProducer {
  return {
    connect: () => explained({ action: 'write' }, () => producer.connect()),
    async append(topic, partition, records) {
      try {
        return await producer.append(topic, partition, records);
      } catch (error) {
        const denied = accessDenied(error, { action: 'write', topics: [names.physical(topic)] });
        if (denied === undefined || !(error instanceof AppendError)) throw error;
        throw new AppendError(error.failure, denied.code, denied);
      }
    },
    disconnect: () => producer.disconnect(),
  };
}

function explainedConsumer(
  parts: Pick<Parts, 'consumer'>,
  options: ClientConsumerOptions,
  names: ClientNames,
): ClientConsumer {
  const target: AccessTarget = {
    action: 'read',
    topics: options.topics.map((topic) => names.physical(topic)),
    group: names.physical(options.groupId),
  };
  return parts.consumer({
    ...options,
    onCrash: (error, unreachable) => {
      const denied = accessDenied(error, target);
      options.onCrash(denied ?? error, denied === undefined && unreachable);
    },
  });
}

function explainedReader(
  explained: Explained,
  reader: ClientReader,
  topicsOf: (topics: readonly string[]) => string[],
): ClientReader {
  return {
    connect: () => explained({ action: 'read' }, () => reader.connect()),
    bounds: (topic) => explained({ action: 'read', topics: topicsOf([topic]) }, () => reader.bounds(topic)),
    fetch: (positions, maxWaitMs) =>
      explained({ action: 'read', topics: topicsOf([...new Set(positions.map(({ topic }) => topic))]) }, () =>
        reader.fetch(positions, maxWaitMs),
      ),
    disconnect: () => reader.disconnect(),
  };
}

function explainedAdmin(
  explained: Explained,
  admin: ClientAdmin,
  names: ClientNames,
  topicsOf: (topics: readonly string[]) => string[],
): ClientAdmin {
  const describe = (topics: readonly string[]): AccessTarget => ({
    action: 'describe',
    topics: topicsOf(topics),
  });
  return {
    ...admin,
    connect: () => explained({ action: 'describe' }, () => admin.connect()),
    partitionCount: (topic) => explained(describe([topic]), () => admin.partitionCount(topic)),
    createTopics: (specs) =>
      explained({ action: 'manage', topics: topicsOf(specs.map(({ name }) => name)) }, () =>
        admin.createTopics(specs),
      ),
    deleteTopics: (topics) =>
      explained({ action: 'manage', topics: topicsOf(topics) }, () => admin.deleteTopics(topics)),
    listTopics: () => explained({ action: 'describe' }, () => admin.listTopics()),
    topicConfigs: (topics) => explained(describe(topics), () => admin.topicConfigs(topics)),
    committed: (groupId) =>
      explained({ action: 'describe', group: names.physical(groupId) }, () => admin.committed(groupId)),
    ping: () => explained({ action: 'describe' }, () => admin.ping()),
  };
}
