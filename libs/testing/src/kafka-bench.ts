/** What a test of the Kafka library needs around it: topics and a database of its own, a way to break the connections. */
import type {
  Consumer,
  ConsumerOptions,
  KafkaAdmin,
  KafkaClient,
  KafkaClientName,
  KafkaClientOptions,
  OutboxRelay,
  OutboxRelayOptions,
  Producer,
  ProducerOptions,
  RawRecord,
  TopicSpec,
} from '@eda/kafka';
import {
  createConsumer,
  createKafkaAdmin,
  createKafkaClient,
  createOutboxRelay,
  createProducer,
  createTail,
  KAFKA_CLIENTS,
  KAFKA_MIGRATIONS,
} from '@eda/kafka';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { pino } from 'pino';
import { createTestDatabase } from './database.ts';
import type { FaultySockets } from './faulty-sockets.ts';
import { jsonCodec } from './json-codec.ts';
import { testPlatform } from './test-platform.ts';
import { createTestTopics } from './topics.ts';
import { waitFor } from './wait-for.ts';

type ConsumerParts = Pick<ConsumerOptions, 'groupId' | 'subscriptions'> & Partial<ConsumerOptions>;

export interface KafkaBench extends AsyncDisposable {
  readonly client: KafkaClient;
  readonly admin: KafkaAdmin;
  readonly producer: Producer;
  /** A database with the tables of the library. */
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** Another client under the same prefix, as another process would have; `faults` makes it break. */
  newClient(
    options?: { faults?: FaultySockets } & Partial<
      Pick<KafkaClientOptions, 'brokers' | 'connectionTimeoutMs' | 'requestTimeoutMs' | 'logger'>
    >,
  ): KafkaClient;
  newPool(url?: string): Pool;
  newProducer(options?: Partial<ProducerOptions>): Producer;
  /** A consumer that is started, quick to notice things, and stopped at the end. */
  startConsumer(options: ConsumerParts): Promise<Consumer>;
  startRelay(options?: Partial<OutboxRelayOptions>): Promise<OutboxRelay>;
  /** Everything in the topic now, in the order of each partition. */
  readAll(topic: string): Promise<RawRecord[]>;
  /** Resolves when the group has committed everything in the topics. */
  caughtUp(groupId: string, ...topics: string[]): Promise<void>;
  /** Creates a topic of a name that this bench has not used yet, or of the given one; resolves with its name. */
  newTopic(spec?: Partial<TopicSpec>): Promise<string>;
  /** Runs `step` at the next `cleanUp`, the last one first. */
  defer(step: () => unknown): void;
  /** After each test: stops what the test has started; topics and database stay until the bench is disposed. */
  cleanUp(): Promise<void>;
}

/** The shortest session that brokers allow by default. */
const SESSION_TIMEOUT_MS = 6000;
const HEARTBEAT_MS = 500;

/** The client that the tests of the library run with: that of `TEST_KAFKA_CLIENT`, kafkajs when it is not set. */
function testClientName(): KafkaClientName {
  const name = process.env['TEST_KAFKA_CLIENT'] ?? 'kafkajs';
  const known = KAFKA_CLIENTS.find((client) => client === name);
  if (known === undefined)
    throw new TypeError(`TEST_KAFKA_CLIENT is none of ${KAFKA_CLIENTS.join(', ')}: ${name}`);
  return known;
}

/** Returns a bench on the running platform, without topics and with an empty database. */
export async function createKafkaBench(): Promise<KafkaBench> {
  const steps: (() => unknown)[] = [];
  const defer = (step: () => unknown) => void steps.push(step);
  const undo = async (from: number) => {
    for (const step of steps.splice(from).reverse()) await step();
  };
  const dispose = () => undo(0);
  try {
    const { brokers } = testPlatform().kafka;
    const logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
    const name = testClientName();
    const made = await createTestTopics(brokers, [], logger, name);
    defer(() => made[Symbol.asyncDispose]());
    const { client, prefix } = made;
    const admin = createKafkaAdmin({ client });
    defer(() => admin.close());
    const database = await createTestDatabase();
    defer(() => database.drop());

    const newClient: KafkaBench['newClient'] = ({ faults, ...options } = {}) =>
      createKafkaClient({
        client: name,
        clientId: 'test',
        brokers,
        topicPrefix: prefix,
        logger,
        requestTimeoutMs: 10_000,
        ...options,
        ...faults?.seam(name),
      });
    const newPool: KafkaBench['newPool'] = (url = database.url) => {
      const created = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 2000 });
      // A connection that is lost while idle ends the process when nobody listens.
      created.on('error', () => undefined);
      defer(() => created.end());
      return created;
    };
    const newProducer: KafkaBench['newProducer'] = (options = {}) => {
      const created = createProducer({ client, codec: jsonCodec, source: '/test', logger, ...options });
      defer(() => created.close(3000));
      return created;
    };
    const pool = newPool();
    for (const { sql } of KAFKA_MIGRATIONS) await pool.query(sql);
    const producer = newProducer();
    const shared = steps.length;
    let topics = 0;

    return {
      client,
      admin,
      producer,
      pool,
      databaseUrl: database.url,
      logger,
      newClient,
      newPool,
      newProducer,
      defer,
      cleanUp: () => undo(shared),
      [Symbol.asyncDispose]: dispose,
      async newTopic({ name = `topic-${(topics += 1)}`, partitions = 1, ...spec } = {}) {
        await admin.ensureTopics([{ name, partitions, ...spec }]);
        return name;
      },
      async startConsumer(options) {
        const consumer = createConsumer({
          client,
          codec: jsonCodec,
          pool,
          producer,
          logger,
          sessionTimeoutMs: SESSION_TIMEOUT_MS,
          heartbeatIntervalMs: HEARTBEAT_MS,
          rebalanceTimeoutMs: 10_000,
          maxWaitMs: 100,
          ...options,
        });
        defer(() => consumer.stop(3000));
        await consumer.start();
        return consumer;
      },
      async startRelay(options = {}) {
        const relay = createOutboxRelay({ pool, producer, logger, pollIntervalMs: 50, ...options });
        defer(() => relay.stop(3000));
        await relay.start();
        return relay;
      },
      async readAll(topic) {
        const records: RawRecord[] = [];
        const tail = createTail({
          client,
          topics: [{ topic, from: 'beginning' }],
          onRecord: (record) => void records.push(record),
          logger,
        });
        await tail.start();
        await tail.caughtUp;
        await tail.stop();
        return records;
      },
      async caughtUp(groupId, ...names) {
        const behind = async () =>
          (await admin.groupLag(groupId, names)).filter(({ lag }) => lag > 0n).length;
        await waitFor(async () => (await behind()) === 0, {
          description: `${groupId} has committed everything in ${names.join(', ')}`,
          timeoutMs: 30_000,
        });
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
