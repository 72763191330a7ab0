/** What a case of the conformance suite has at hand: a broker that is empty for it, and hands to work with. */
import type {
  ClientConsumer,
  ClientConsumerOptions,
  ClientProducer,
  Consumer,
  ConsumerOptions,
  FetchedBatch,
  KafkaAdmin,
  KafkaClient,
  OutgoingRecord,
  Producer,
  ProducerOptions,
  RawRecord,
  TopicSpec,
  WireRecord,
} from '@eda/kafka';
import { AppendError, createConsumer, createKafkaAdmin, createProducer, createTail } from '@eda/kafka';
import { pino } from 'pino';
import { jsonCodec } from './json-codec.ts';
import { waitFor } from './wait-for.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** A client, and the faults that its connections can have. */
export interface ClientUnderTest {
  readonly client: KafkaClient;
  /** Ends its connections and lets no new ones be made, as if its process or its network was gone. */
  cut(): void;
  heal(): void;
  /** Lets the broker write the next `count` batches, and loses its answers. */
  loseProduceAnswers(count: number): void;
}

export interface BrokerUnderTest extends AsyncDisposable {
  /** Each as another process would make it, on the same topics and groups. */
  newClient(options?: { compression?: Compression }): ClientUnderTest;
}

/** One session of a member, and what it was told. */
export interface TestSession {
  readonly consumer: ClientConsumer;
  /** Stops the member; a client may want to have begun before it ends. */
  stop(): Promise<void>;
  readonly records: RawRecord[];
  /** Assignments, one for each time it joined. */
  readonly joins: ReadonlyMap<string, readonly number[]>[];
  readonly memberIds: string[];
  readonly crashes: { readonly error: Error; readonly unreachable: boolean }[];
  readonly heartbeats: number;
  /** Resolves when it reads that many partitions of the topic. */
  reads(topic: string, partitions: number): Promise<void>;
}

export type SessionOptions = Pick<ClientConsumerOptions, 'groupId' | 'topics'> &
  Partial<Omit<ClientConsumerOptions, 'onBatch'>> & {
    readonly client?: KafkaClient;
    /** Gets the batch when its records are in the session's list. */
    readonly onBatch?: (batch: FetchedBatch, consumer: ClientConsumer) => Promise<void>;
  };

const SESSION_TIMEOUT_MS = 6000;
const TIMING = { sessionTimeoutMs: SESSION_TIMEOUT_MS, heartbeatIntervalMs: 300, rebalanceTimeoutMs: 10_000 };

/** A record for the seam itself. */
export function wireRecord(record: Partial<Omit<WireRecord, 'size'>> = {}): WireRecord {
  const { key = null, value = null, headers = {}, timestamp = Date.now() } = record;
  const headerBytes = Object.entries(headers)
    .flatMap(([name, values]) =>
      (Array.isArray(values) ? values : [values]).map((value) => [name, value] as const),
    )
    .reduce((sum, [name, value]) => sum + 10 + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  return {
    key,
    value,
    headers,
    timestamp,
    size: 70 + (key?.length ?? 0) + (value?.length ?? 0) + headerBytes,
  };
}

/** Records whose values are the given texts. */
export function wireRecords(...texts: string[]): WireRecord[] {
  return texts.map((text) => wireRecord({ value: Buffer.from(text) }));
}

export function texts(records: readonly Pick<RawRecord, 'value'>[]): string[] {
  return records.map(({ value }) => value?.toString() ?? 'null');
}

export function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, n) => String(n));
}

/** Handles a batch as every good handler does: resolves each record, then commits. */
export async function takeAll(batch: FetchedBatch): Promise<void> {
  for (const { offset } of batch.records) batch.resolve(offset);
  const last = batch.records.at(-1);
  if (last !== undefined) await commitUpTo(batch, last.offset + 1n);
}

/** Commits everything of the batch's partition before `offset`. */
export async function commitUpTo(batch: FetchedBatch, offset: bigint): Promise<void> {
  const { topic, partition } = batch;
  await batch.commit([{ topic, partition, offset }]);
}

/** Appends one batch, again and again while its outcome is unknown: a topic that was just made has no leader for a moment. */
export async function append(
  producer: ClientProducer,
  topic: string,
  records: readonly WireRecord[],
  partition = 0,
): Promise<bigint> {
  const outcome = await waitFor(
    async () => {
      try {
        return { offset: await producer.append(topic, partition, records) };
      } catch (error) {
        const failure = error instanceof AppendError ? error.failure : undefined;
        return failure === 'unknown' || failure === 'missing-topic' ? undefined : { error };
      }
    },
    { description: 'the batch is appended', timeoutMs: 20_000 },
  );
  if ('error' in outcome) throw outcome.error;
  return outcome.offset;
}

export class BrokerBench {
  readonly logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  readonly #broker: BrokerUnderTest;
  readonly #steps: (() => unknown)[] = [];
  readonly #own: KafkaClient;
  readonly #admin: KafkaAdmin;
  #names = 0;

  constructor(broker: BrokerUnderTest) {
    this.#broker = broker;
    this.#own = broker.newClient().client;
    this.#admin = createKafkaAdmin({ client: this.#own });
  }

  get client(): KafkaClient {
    return this.#own;
  }

  get admin(): KafkaAdmin {
    return this.#admin;
  }

  newClient(options?: { compression?: Compression }): ClientUnderTest {
    return this.#broker.newClient(options);
  }

  /** Runs `step` when the case is over, the last one first. */
  defer(step: () => unknown): void {
    this.#steps.push(step);
  }

  async cleanUp(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }

  async close(): Promise<void> {
    await this.#admin.close();
    await this.#broker[Symbol.asyncDispose]();
  }

  newName(kind: string): string {
    return `${kind}-${(this.#names += 1)}`;
  }

  /** Creates a topic that nobody has used. */
  async newTopic({
    name = this.newName('topic'),
    partitions = 1,
    ...spec
  }: Partial<TopicSpec> = {}): Promise<string> {
    await this.#admin.ensureTopics([{ name, partitions, ...spec }]);
    return name;
  }

  newProducer(options: Partial<ProducerOptions> = {}): Producer {
    const producer = createProducer({
      client: this.#own,
      codec: jsonCodec,
      source: '/test',
      logger: this.logger,
      ...options,
    });
    this.defer(() => producer.close(3000));
    return producer;
  }

  /** A producer of the seam, connected. */
  async clientProducer(client: KafkaClient = this.#own): Promise<ClientProducer> {
    const producer = client.producer();
    this.defer(() => producer.disconnect());
    await producer.connect();
    return producer;
  }

  /** Fills a partition and resolves when it is full. */
  async fill(topic: string, values: readonly string[], partition = 0): Promise<void> {
    const producer = this.newProducer();
    const records = values.map((value): OutgoingRecord => ({
      topic,
      key: null,
      value: Buffer.from(value),
      headers: {},
      partition,
    }));
    for (const result of await producer.sendMany(records))
      if (result.status === 'rejected') throw result.reason;
    await producer.close();
  }

  /** Starts a member; it takes everything when the options do not say otherwise. */
  session({ client = this.#own, ...options }: SessionOptions): TestSession {
    const session = {
      records: [] as RawRecord[],
      joins: [] as ReadonlyMap<string, readonly number[]>[],
      memberIds: [] as string[],
      crashes: [] as { error: Error; unreachable: boolean }[],
      heartbeats: 0,
    };
    const { onBatch = takeAll } = options;
    const consumer = client.consumer({
      ...TIMING,
      concurrency: 4,
      maxBytesPerPartition: 512_000,
      maxWaitMs: 100,
      formerMember: undefined,
      onJoin: (assignment, memberId) => {
        session.joins.push(assignment);
        session.memberIds.push(memberId);
      },
      onRebalance: () => Promise.resolve(),
      onHeartbeat: () => {
        session.heartbeats += 1;
      },
      onCrash: (error, unreachable) => session.crashes.push({ error, unreachable }),
      ...options,
      onBatch: async (batch) => {
        session.records.push(...batch.records);
        await onBatch(batch, consumer);
      },
    });
    const started = consumer.start();
    const stop = async () => {
      await started;
      await consumer.stop();
    };
    this.defer(stop);
    return Object.assign(session, {
      consumer,
      stop,
      reads: async (topic: string, partitions: number) => {
        await waitFor(() => (session.joins.at(-1)?.get(topic)?.length ?? 0) === partitions, {
          description: `a member reads ${partitions} partitions of ${topic}`,
          timeoutMs: 20_000,
        });
      },
    });
  }

  /** A consumer of the library, without a store. */
  async startConsumer(
    options: Pick<ConsumerOptions, 'groupId' | 'subscriptions'> & Partial<ConsumerOptions>,
  ): Promise<Consumer> {
    const consumer = createConsumer({
      client: this.#own,
      codec: jsonCodec,
      store: 'none',
      producer: options.producer ?? this.newProducer(),
      logger: this.logger,
      ...TIMING,
      maxWaitMs: 100,
      ...options,
    });
    this.defer(() => consumer.stop(3000));
    await consumer.start();
    return consumer;
  }

  async committed(groupId: string, topic: string, partition = 0): Promise<bigint | undefined> {
    const lags = await this.#admin.groupLag(groupId, [topic]);
    return lags.find((lag) => lag.partition === partition)?.committed ?? undefined;
  }

  async caughtUp(groupId: string, topic: string): Promise<void> {
    await waitFor(async () => (await this.#admin.groupLag(groupId, [topic])).every(({ lag }) => lag === 0n), {
      description: `${groupId} has committed everything in ${topic}`,
      timeoutMs: 30_000,
    });
  }

  /** Everything in the topic now, in the order of each partition. */
  async readAll(topic: string): Promise<RawRecord[]> {
    const records: RawRecord[] = [];
    const tail = createTail({
      client: this.#own,
      topics: [{ topic, from: 'beginning' }],
      onRecord: (record) => void records.push(record),
      logger: this.logger,
    });
    await tail.start();
    await tail.caughtUp;
    await tail.stop();
    return records;
  }
}
