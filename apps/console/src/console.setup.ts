/** For tests: a console on the real platform, with topics of its own and a producer that speaks the contracts. */
import { EVENTS, TOPICS, createCodec, createSchemaCatalog } from '@eda/contracts';
import { createProducer } from '@eda/kafka';
import type { OutgoingRecord, Producer, RecordMetadata } from '@eda/kafka';
import { createLogger } from '@eda/service';
import { createTestTopics, testPlatform, waitFor } from '@eda/testing';
import { startConsole } from './app.ts';
import { loadConsoleConfig } from './config.ts';
import type { Snapshot } from './messages.ts';

export const STOCK_MOVED = 'retail.stock-moved.v1';
export const DEAD_LETTERS = 'retail.stock-moved.v1.inventory.dlq';

/** Nothing listens there: what the console probes is down. */
const NOWHERE = 'http://127.0.0.1:9';

export interface ConsoleUnderTest {
  readonly url: string;
  snapshot(): Promise<Snapshot>;
  /** Resolves with the first snapshot for which `condition` holds. */
  shows(description: string, condition: (snapshot: Snapshot) => boolean): Promise<Snapshot>;
  stop(): Promise<void>;
}

export interface ConsoleBench extends AsyncDisposable {
  readonly producer: Producer;
  /** Starts a console that reads this bench's topics; stopped with the bench if nobody did before. */
  start(env?: Record<string, string>): Promise<ConsoleUnderTest>;
  /** Puts a record where a consumer would that cannot handle it. */
  deadLetter(
    record: Pick<OutgoingRecord, 'key' | 'value'>,
    reason: string,
    code?: string,
  ): Promise<RecordMetadata>;
}

/** Returns a bench without a console; dispose of it after the tests. */
export async function createConsoleBench(): Promise<ConsoleBench> {
  const { kafka, registry } = testPlatform();
  const topics = await createTestTopics(kafka.brokers, TOPICS);
  const logger = createLogger({ name: 'console-test', level: 'silent' });
  const codec = createCodec(await createSchemaCatalog({ registryUrl: registry.url, contracts: EVENTS }));
  const producer = createProducer({ client: topics.client, codec, source: '/eda/store', logger });
  const running = new Set<ConsoleUnderTest>();

  const start = async (env: Record<string, string> = {}): Promise<ConsoleUnderTest> => {
    const config = loadConsoleConfig({
      PORT: '0',
      LOG_LEVEL: 'silent',
      KAFKA_BROKERS: kafka.brokers.join(','),
      KAFKA_TOPIC_PREFIX: topics.prefix,
      SCHEMA_REGISTRY_URL: registry.url,
      STORE_URL: NOWHERE,
      INVENTORY_URL: NOWHERE,
      REPLENISHMENT_URL: NOWHERE,
      ...env,
    });
    const { url, stop } = await startConsole(config);
    const snapshot = async (): Promise<Snapshot> =>
      (await (await fetch(`${url}/api/snapshot`)).json()) as Snapshot;
    const console: ConsoleUnderTest = {
      url,
      snapshot,
      async shows(description, condition) {
        return waitFor(
          async () => {
            const now = await snapshot();
            return condition(now) && now;
          },
          { description },
        );
      },
      async stop() {
        if (!running.delete(console)) return;
        for (const part of stop) await part.stop(5000);
      },
    };
    running.add(console);
    return console;
  };

  return {
    producer,
    start,
    deadLetter({ key, value }, reason, code = 'VALUE_NOT_FRAMED') {
      const why = {
        topic: STOCK_MOVED,
        partition: '0',
        offset: '12',
        group: 'inventory',
        code,
      };
      const more = { 'exception.message': reason, attempts: '1', failed_at: new Date().toISOString() };
      const headers = Object.entries({ ...why, ...more }).map(([name, text]) => [
        `__dlq.errors.${name}`,
        text,
      ]);
      return producer.send({
        topic: DEAD_LETTERS,
        key,
        value,
        headers: {
          'content-type': 'application/json',
          ...(Object.fromEntries(headers) as Record<string, string>),
        },
      });
    },
    async [Symbol.asyncDispose]() {
      for (const console of running) await console.stop();
      await producer.close(5000);
      await topics[Symbol.asyncDispose]();
    },
  };
}
