/** What a test of an app needs around it: topics and a database of its own, real events in, everything that comes out. */
import { createCodec, createSchemaCatalog, EVENTS, TOPICS } from '@eda/contracts';
import {
  createProducer,
  createTail,
  type EventCodec,
  type EventContract,
  type EventEnvelope,
  type KafkaClient,
  type Producer,
  type RawRecord,
} from '@eda/kafka';
import { Pool } from 'pg';
import { pino } from 'pino';
import { createTestDatabase } from './database.ts';
import { testPlatform } from './test-platform.ts';
import { createTestTopics } from './topics.ts';

export interface AppBench extends AsyncDisposable {
  readonly client: KafkaClient;
  readonly producer: Producer;
  /** The app's database. */
  readonly pool: Pool;
  /** The app's variables; any free port, no logs. */
  env(more?: Record<string, string>): Record<string, string>;
  /** Everything that came to the topic so far (a logical name), in the order of its partitions. */
  records(topic: string): readonly RawRecord[];
  /** As `records`, decoded. */
  events<T>(contract: EventContract<T>): Promise<EventEnvelope<T>[]>;
  /** Stops the parts of a running service, in order, before the bench goes away; also when the test failed. */
  stopAtEnd(service: { readonly stop: readonly { stop(deadlineMs: number): unknown }[] }): void;
  /** Runs `cleanUp` before the bench goes away, the last one first. */
  defer(cleanUp: () => unknown): void;
}

/** Returns a bench on the running platform: all topics of the contracts under a prefix of its own, an empty database. */
export async function createAppBench(name: string): Promise<AppBench> {
  const cleanUps: (() => unknown)[] = [];
  const cleanUp = async () => {
    for (const step of cleanUps.splice(0).reverse()) await step();
  };
  try {
    const platform = testPlatform();
    const logger = pino({ level: 'silent' });
    const topics = await createTestTopics(
      platform.kafka.brokers,
      TOPICS.map(({ name: topic, partitions, config }) => ({ name: topic, partitions, config })),
    );
    cleanUps.push(() => topics[Symbol.asyncDispose]());
    const { client } = topics;

    const database = await createTestDatabase();
    cleanUps.push(() => database.drop());
    const pool = new Pool({ connectionString: database.url });
    // A database that is taken away in a test ends idle connections; without a listener that ends the test run.
    pool.on('error', () => undefined);
    cleanUps.push(() => pool.end());

    const registryUrl = platform.registry.url;
    const codec: EventCodec = createCodec(await createSchemaCatalog({ registryUrl, contracts: EVENTS }));
    const producer = createProducer({ client, codec, source: `/eda/${name}-test`, logger });
    cleanUps.push(() => producer.close(5_000));

    const seen = new Map<string, RawRecord[]>(TOPICS.map((topic) => [topic.name, []]));
    const tail = createTail({
      client,
      topics: TOPICS.map((topic) => ({ topic: topic.name, from: 'beginning' })),
      onRecord: (record) => void seen.get(record.topic)?.push(record),
      logger,
    });
    cleanUps.push(() => tail.stop());
    await tail.start();

    const records = (topic: string) => {
      const found = seen.get(topic);
      if (!found) throw new Error(`no contract names the topic ${topic}`);
      return found;
    };
    return {
      client,
      producer,
      pool,
      env: (more = {}) => ({
        PORT: '0',
        LOG_LEVEL: 'silent',
        KAFKA_BROKERS: platform.kafka.brokers.join(','),
        KAFKA_TOPIC_PREFIX: topics.prefix,
        KAFKA_CLIENT: process.env['TEST_KAFKA_CLIENT'] ?? '',
        SCHEMA_REGISTRY_URL: registryUrl,
        DATABASE_URL: database.url,
        SHUTDOWN_DRAIN_MS: '0',
        ...more,
      }),
      records,
      async events<T>(contract: EventContract<T>) {
        const events: EventEnvelope<T>[] = [];
        for (const record of records(contract.topic)) events.push(await codec.decode(contract, record));
        return events;
      },
      stopAtEnd: (service) =>
        void cleanUps.push(async () => {
          for (const part of service.stop) await part.stop(5_000);
        }),
      defer: (step) => void cleanUps.push(step),
      [Symbol.asyncDispose]: cleanUp,
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}
