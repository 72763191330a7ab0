import type { ClientAdmin, ClientReader, KafkaClient, PartitionBounds, TopicSpec } from './client-types.ts';
import { backoffMs, pause } from './backoff.ts';
import { DeadlineExceeded, describeError } from './errors.ts';

export interface TopicDifference {
  readonly topic: string;
  /** `partitions` or the name of a topic setting. */
  readonly property: string;
  readonly wanted: string;
  readonly actual: string | undefined;
}

export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** Null when the group has committed nothing: everything in the log is before it. */
  readonly committed: bigint | null;
  readonly end: bigint;
  readonly lag: bigint;
}

export interface KafkaAdmin {
  /**
   * Creates the topics that are missing and waits until the cluster knows them. Existing topics are never changed; where one is not
   * as wanted, the result says how.
   */
  ensureTopics(specs: readonly TopicSpec[]): Promise<{ created: string[]; differences: TopicDifference[] }>;
  /** Those that are gone already count as deleted. */
  deleteTopics(topics: readonly string[]): Promise<void>;
  /** Logical names of all topics under the client's prefix. */
  listTopics(): Promise<string[]>;
  /** Undefined when the topic does not exist. */
  partitionCount(topic: string): Promise<number | undefined>;
  /** Start and end of the log per partition; rejects with `UnknownTopic`. */
  bounds(topic: string): Promise<PartitionBounds[]>;
  /** How far the group is behind, per partition; topics that do not exist are left out. */
  groupLag(groupId: string, topics: readonly string[]): Promise<PartitionLag[]>;
  isReachable(): Promise<boolean>;
  /** Resolves when a broker answers; rejects with `DeadlineExceeded` after `timeoutMs`. */
  waitUntilReachable(timeoutMs: number, onWaiting?: (reason: string) => void): Promise<void>;
  close(): Promise<void>;
}

const TOPIC_VISIBLE_WITHIN_MS = 60_000;

class Admin implements KafkaAdmin {
  readonly #admin: ClientAdmin;
  readonly #reader: ClientReader;
  #connecting: Promise<void> | undefined;

  constructor(client: KafkaClient) {
    this.#admin = client.admin();
    this.#reader = client.reader();
  }

  async ensureTopics(
    specs: readonly TopicSpec[],
  ): Promise<{ created: string[]; differences: TopicDifference[] }> {
    await this.#connect();
    const existing = new Set(await this.#admin.listTopics());
    const missing = specs.filter(({ name }) => !existing.has(name));
    if (missing.length > 0) await this.#admin.createTopics(missing);
    const deadline = Date.now() + TOPIC_VISIBLE_WITHIN_MS;
    for (const { name } of missing) {
      while ((await this.#admin.partitionCount(name)) === undefined) {
        if (Date.now() > deadline) throw new DeadlineExceeded(`the new topic ${name} has no leader yet`);
        await pause(50);
      }
    }
    return {
      created: missing.map(({ name }) => name),
      differences: await this.#differences(specs.filter(({ name }) => existing.has(name))),
    };
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    await this.#connect();
    if (topics.length > 0) await this.#admin.deleteTopics(topics);
  }

  async listTopics(): Promise<string[]> {
    await this.#connect();
    return this.#admin.listTopics();
  }

  async partitionCount(topic: string): Promise<number | undefined> {
    await this.#connect();
    return this.#admin.partitionCount(topic);
  }

  async bounds(topic: string): Promise<PartitionBounds[]> {
    await this.#connect();
    return this.#reader.bounds(topic);
  }

  async groupLag(groupId: string, topics: readonly string[]): Promise<PartitionLag[]> {
    await this.#connect();
    const committed = await this.#admin.committed(groupId);
    const lags = await Promise.all(
      topics.map(async (topic) => {
        if ((await this.#admin.partitionCount(topic)) === undefined) return [];
        const bounds = await this.#reader.bounds(topic);
        return bounds.map(({ partition, start, end }): PartitionLag => {
          const offset = committed.get(topic)?.get(partition) ?? null;
          const from = offset === null || offset < start ? start : offset;
          return { topic, partition, committed: offset, end, lag: end > from ? end - from : 0n };
        });
      }),
    );
    return lags.flat();
  }

  async isReachable(): Promise<boolean> {
    try {
      await this.#connect();
      await this.#admin.ping();
      return true;
    } catch {
      return false;
    }
  }

  async waitUntilReachable(
    timeoutMs: number,
    onWaiting: (reason: string) => void = () => undefined,
  ): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#connect();
        await this.#admin.ping();
        return;
      } catch (error) {
        if (Date.now() >= deadline)
          throw new DeadlineExceeded(`Kafka did not answer within ${timeoutMs} ms: ${describeError(error)}`);
        onWaiting(describeError(error));
        await pause(backoffMs({ initialMs: 100, maxMs: 1000 }, attempt));
      }
    }
  }

  async close(): Promise<void> {
    if (this.#connecting === undefined) return;
    await this.#connecting.catch(() => undefined);
    await Promise.all([this.#admin.disconnect(), this.#reader.disconnect()]);
  }

  async #differences(specs: readonly TopicSpec[]): Promise<TopicDifference[]> {
    const configs = await this.#admin.topicConfigs(specs.map(({ name }) => name));
    const differences: TopicDifference[] = [];
    for (const { name, partitions, config = {} } of specs) {
      const actual = configs.get(name);
      const count = await this.#admin.partitionCount(name);
      if (count !== partitions)
        differences.push({
          topic: name,
          property: 'partitions',
          wanted: String(partitions),
          actual: count?.toString(),
        });
      for (const [property, value] of Object.entries(config)) {
        const inForce = actual?.get(property) ?? undefined;
        if (inForce !== value) differences.push({ topic: name, property, wanted: value, actual: inForce });
      }
    }
    return differences;
  }

  #connect(): Promise<void> {
    this.#connecting ??= Promise.all([this.#admin.connect(), this.#reader.connect()]).then(
      () => undefined,
      (error: unknown) => {
        this.#connecting = undefined;
        throw error;
      },
    );
    return this.#connecting;
  }
}

/** Topics and lag of one cluster, under the client's prefix. Connects at the first question. */
export function createKafkaAdmin({ client }: { readonly client: KafkaClient }): KafkaAdmin {
  return new Admin(client);
}
