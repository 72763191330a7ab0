import { gzipSync, zstdCompressSync } from 'node:zlib';
import type {
  ClientAdmin,
  ClientProducer,
  ClientReader,
  KafkaClient,
  RawRecord,
  ReadPosition,
  ReadResult,
  TopicSpec,
  WireRecord,
} from '@eda/kafka';
import { AppendError, UnknownTopic } from '@eda/kafka';
import { createInMemoryConsumer } from './in-memory-consumer.ts';
import { InMemoryGroup } from './in-memory-group.ts';
import { PartitionLog } from './in-memory-log.ts';

export interface InMemoryClientOptions {
  readonly clientId?: string;
  readonly topicPrefix?: string;
  /** Counts where a topic limits the size of a batch; nothing is stored compressed. */
  readonly compression?: 'none' | 'gzip' | 'zstd';
}

/**
 * A Kafka in this process, for tests that need no other: partitions with offsets, idempotent producers, groups that rebalance,
 * commits. Deterministic: nothing happens at a time of its own, and a client that is closed leaves no timer behind.
 */
export interface InMemoryBroker {
  /** A client as `createKafkaClient` makes one; several may share the broker. */
  client(options?: InMemoryClientOptions): KafkaClient;
  /** Creates topics under their full names; those that exist stay as they are. */
  createTopics(specs: readonly TopicSpec[]): void;
  /** Everything in the topic of that full name, partition after partition. */
  records(topic: string): RawRecord[];
  /** Ends the client's connections: its requests fail, and its group members are given up, as after the session time-out. */
  cut(client: KafkaClient): void;
  heal(client: KafkaClient): void;
  /** Appends the next `count` batches of the client and loses the answers. */
  loseProduceAnswers(client: KafkaClient, count: number): void;
}

interface Topic {
  readonly logs: readonly PartitionLog[];
  readonly config: ReadonlyMap<string, string>;
}

interface Connection {
  readonly compression: NonNullable<InMemoryClientOptions['compression']>;
  cut: boolean;
  answersToLose: number;
  readonly onCut: Set<(error: Error) => void>;
}

const EMPTY = Buffer.alloc(0);
const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;
const MAX_FETCH_BYTES = 1_000_000;

class NoConnection extends Error {
  readonly code = 'NO_CONNECTION';

  constructor() {
    super('the connection to the broker in memory was cut');
    this.name = 'NoConnection';
  }
}

class Broker implements InMemoryBroker {
  readonly #topics = new Map<string, Topic>();
  readonly #groups = new Map<string, InMemoryGroup>();
  readonly #connections = new WeakMap<KafkaClient, Connection>();
  #producers = 0;

  client({
    clientId = 'test',
    topicPrefix = '',
    compression = 'none',
  }: InMemoryClientOptions = {}): KafkaClient {
    const connection: Connection = { compression, cut: false, answersToLose: 0, onCut: new Set() };
    const physical = (name: string) => topicPrefix + name;
    const logical = (name: string) => (name.startsWith(topicPrefix) ? name.slice(topicPrefix.length) : name);
    const client: KafkaClient = {
      clientId,
      brokers: ['in-memory'],
      topicPrefix,
      producer: () => this.#producer(connection, physical),
      consumer: (options) =>
        createInMemoryConsumer(
          {
            clientId,
            group: this.#group(physical(options.groupId)),
            log: (topic, partition) => this.#log(topic, partition),
            logical,
            physical,
            check: (topics) => {
              this.#check(connection);
              for (const topic of topics)
                if (!this.#topics.has(topic)) throw new UnknownTopic(logical(topic));
            },
            onCut: (listener) => {
              connection.onCut.add(listener);
              return () => connection.onCut.delete(listener);
            },
          },
          options,
        ),
      reader: () => this.#reader(connection, physical),
      admin: () => this.#admin(connection, physical, logical),
    };
    this.#connections.set(client, connection);
    return client;
  }

  createTopics(specs: readonly TopicSpec[]): void {
    for (const { name, partitions, config = {} } of specs) {
      if (this.#topics.has(name)) continue;
      const logs = Array.from({ length: partitions }, (_, partition) => new PartitionLog(name, partition));
      const defaults = { 'max.message.bytes': String(DEFAULT_MAX_MESSAGE_BYTES), 'cleanup.policy': 'delete' };
      this.#topics.set(name, { logs, config: new Map(Object.entries({ ...defaults, ...config })) });
    }
  }

  records(topic: string): RawRecord[] {
    return (this.#topics.get(topic)?.logs ?? []).flatMap((log) => log.read(0n, Number.POSITIVE_INFINITY));
  }

  cut(client: KafkaClient): void {
    const connection = this.#connectionOf(client);
    connection.cut = true;
    for (const listener of [...connection.onCut]) listener(new NoConnection());
  }

  heal(client: KafkaClient): void {
    this.#connectionOf(client).cut = false;
  }

  loseProduceAnswers(client: KafkaClient, count: number): void {
    this.#connectionOf(client).answersToLose += count;
  }

  #connectionOf(client: KafkaClient): Connection {
    const connection = this.#connections.get(client);
    if (connection === undefined) throw new TypeError('the client is not one of this broker');
    return connection;
  }

  #check(connection: Connection): void {
    if (connection.cut) throw new NoConnection();
  }

  #group(name: string): InMemoryGroup {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = new InMemoryGroup((topic) => this.#topics.get(topic)?.logs.length ?? 0);
      this.#groups.set(name, group);
    }
    return group;
  }

  #log(topic: string, partition: number): PartitionLog {
    const log = this.#topics.get(topic)?.logs[partition];
    if (log === undefined) throw new UnknownTopic(`${topic}/${partition}`);
    return log;
  }

  #producer(connection: Connection, physical: (name: string) => string): ClientProducer {
    const producerId = (this.#producers += 1);
    const sequences = new Map<PartitionLog, number>();
    const append = (topic: string, partition: number, records: readonly WireRecord[]) => {
      if (connection.cut) throw new AppendError('unknown', 'NO_CONNECTION', new NoConnection());
      const found = this.#topics.get(physical(topic));
      const log = found?.logs[partition];
      if (found === undefined || log === undefined)
        throw new AppendError('missing-topic', 'UNKNOWN_TOPIC_OR_PARTITION', undefined);
      if (batchBytes(records, connection.compression) > Number(found.config.get('max.message.bytes')))
        throw new AppendError('too-large', 'MESSAGE_TOO_LARGE', undefined);
      const firstSequence = sequences.get(log) ?? 0;
      const base = log.append(records, { producerId, firstSequence });
      if (connection.answersToLose > 0) {
        connection.answersToLose -= 1;
        throw new AppendError('unknown', 'ANSWER_LOST', undefined);
      }
      sequences.set(log, firstSequence + records.length);
      return base;
    };
    return {
      connect: async () => {
        await Promise.resolve();
        this.#check(connection);
      },
      append: async (topic, partition, records) => {
        await Promise.resolve();
        return append(topic, partition, records);
      },
      disconnect: () => Promise.resolve(),
    };
  }

  #reader(connection: Connection, physical: (name: string) => string): ClientReader {
    const closing = new Set<() => void>();
    const read = ({ topic, partition, offset }: ReadPosition): ReadResult => {
      const log = this.#log(physical(topic), partition);
      const records = log.read(offset, MAX_FETCH_BYTES).map((record) => ({ ...record, topic }));
      return { topic, partition, records, next: offset + BigInt(records.length), logEnd: log.end };
    };
    return {
      connect: async () => {
        await Promise.resolve();
        this.#check(connection);
      },
      bounds: async (topic) => {
        await Promise.resolve();
        this.#check(connection);
        const found = this.#topics.get(physical(topic));
        if (found === undefined) throw new UnknownTopic(topic);
        return found.logs.map(({ end }, partition) => ({ partition, start: 0n, end }));
      },
      fetch: async (positions, maxWaitMs) => {
        await Promise.resolve();
        this.#check(connection);
        const results = positions.map(read);
        if (results.some(({ records }) => records.length > 0)) return results;
        const logs = positions.map(({ topic, partition }) => this.#log(physical(topic), partition));
        await somethingComes(logs, maxWaitMs, closing);
        this.#check(connection);
        return positions.map(read);
      },
      disconnect: () => {
        for (const close of [...closing]) close();
        return Promise.resolve();
      },
    };
  }

  #admin(
    connection: Connection,
    physical: (name: string) => string,
    logical: (name: string) => string,
  ): ClientAdmin {
    const whenConnected =
      <A extends unknown[], R>(answer: (...args: A) => R) =>
      async (...args: A): Promise<R> => {
        await Promise.resolve();
        this.#check(connection);
        return answer(...args);
      };
    return {
      connect: whenConnected(() => undefined),
      disconnect: () => Promise.resolve(),
      ping: whenConnected(() => undefined),
      partitionCount: whenConnected((topic) => this.#topics.get(physical(topic))?.logs.length),
      createTopics: whenConnected((specs) => {
        this.createTopics(specs.map((spec) => ({ ...spec, name: physical(spec.name) })));
      }),
      deleteTopics: whenConnected((topics) => {
        for (const topic of topics) this.#topics.delete(physical(topic));
      }),
      listTopics: whenConnected(() =>
        [...this.#topics.keys()].filter((name) => physical(logical(name)) === name).map(logical),
      ),
      topicConfigs: whenConnected(
        (topics) =>
          new Map(topics.map((topic) => [topic, new Map(this.#topics.get(physical(topic))?.config ?? [])])),
      ),
      committed: whenConnected((groupId) => {
        const offsets = new Map<string, Map<number, bigint>>();
        for (const [place, next] of this.#groups.get(physical(groupId))?.committed ?? []) {
          const slash = place.lastIndexOf('/');
          const topic = logical(place.slice(0, slash));
          const partitions = offsets.get(topic) ?? new Map<number, bigint>();
          offsets.set(topic, partitions.set(Number(place.slice(slash + 1)), next));
        }
        return offsets;
      }),
    };
  }
}

const COMPRESS = { gzip: gzipSync, zstd: zstdCompressSync };

function batchBytes(records: readonly WireRecord[], compression: Connection['compression']): number {
  if (compression === 'none') return records.reduce((sum, { size }) => sum + size, 0);
  return COMPRESS[compression](
    Buffer.concat(records.flatMap(({ key, value }) => [key ?? EMPTY, value ?? EMPTY])),
  ).length;
}

/** Resolves when one of the logs grows, after `maxWaitMs`, or when told to close. */
async function somethingComes(
  logs: readonly PartitionLog[],
  maxWaitMs: number,
  closing: Set<() => void>,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = () => {
    resolve(undefined);
  };
  const unwatch = logs.map((log) => log.watch(end));
  const timer = setTimeout(end, maxWaitMs);
  closing.add(end);
  await promise;
  clearTimeout(timer);
  closing.delete(end);
  for (const stop of unwatch) stop();
}

/** An empty broker. */
export function createInMemoryBroker(): InMemoryBroker {
  return new Broker();
}
