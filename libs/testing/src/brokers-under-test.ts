/** The implementations of the seam that the conformance suite runs on. */
import type { KafkaClientName } from '@eda/kafka';
import { createKafkaAdmin, createKafkaClient } from '@eda/kafka';
import { pino } from 'pino';
import type { BrokerUnderTest } from './broker-bench.ts';
import { createFaultySockets } from './faulty-sockets.ts';
import { createInMemoryBroker } from './in-memory-broker.ts';
import { testPlatform } from './test-platform.ts';
import { createTopicPrefix } from './topics.ts';

/** The broker in this process; needs nothing. */
export function inMemoryBrokerUnderTest(): Promise<BrokerUnderTest> {
  const broker = createInMemoryBroker();
  return Promise.resolve({
    newClient({ compression = 'none' } = {}) {
      const client = broker.client({ compression });
      return {
        client,
        cut: () => {
          broker.cut(client);
        },
        heal: () => {
          broker.heal(client);
        },
        loseProduceAnswers: (count) => {
          broker.loseProduceAnswers(client, count);
        },
      };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** A client on the Kafka of the test platform, with faults in its sockets; works in integration tests only. */
export function kafkaUnderTest(name: KafkaClientName): Promise<BrokerUnderTest> {
  const { brokers } = testPlatform().kafka;
  const topicPrefix = createTopicPrefix(name);
  const logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  const newClient: BrokerUnderTest['newClient'] = ({ compression = 'none' } = {}) => {
    const faults = createFaultySockets();
    const client = createKafkaClient({
      client: name,
      clientId: 'conformance',
      brokers,
      topicPrefix,
      logger,
      connectionTimeoutMs: 3000,
      requestTimeoutMs: 10_000,
      compression,
      ...faults.seam(name),
    });
    return {
      client,
      cut: () => {
        faults.cut();
      },
      heal: () => {
        faults.heal();
      },
      loseProduceAnswers: (count) => {
        faults.loseProduceAnswers(count);
      },
    };
  };
  return Promise.resolve({
    newClient,
    async [Symbol.asyncDispose]() {
      const admin = createKafkaAdmin({ client: newClient().client });
      try {
        await admin.deleteTopics(await admin.listTopics());
      } finally {
        await admin.close();
      }
    },
  });
}
