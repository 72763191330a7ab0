import { randomBytes } from 'node:crypto';
import type { KafkaClient, KafkaClientName, TopicSpec } from '@eda/kafka';
import { createKafkaAdmin, createKafkaClient } from '@eda/kafka';
import type { Logger } from 'pino';
import { pino } from 'pino';

/** A prefix for topics and groups that no other test has. */
export function createTopicPrefix(name = 'test'): string {
  return `${name}-${randomBytes(5).toString('hex')}.`;
}

export interface TestTopics extends AsyncDisposable {
  readonly prefix: string;
  /** A client that sees only these topics. */
  readonly client: KafkaClient;
}

/** Creates topics under a prefix of their own; disposing deletes every topic under the prefix. */
export async function createTestTopics(
  brokers: readonly string[],
  topics: readonly TopicSpec[],
  logger: Logger = pino({ level: 'silent' }),
  name: KafkaClientName = 'kafkajs',
): Promise<TestTopics> {
  const prefix = createTopicPrefix();
  const client = createKafkaClient({ client: name, clientId: 'test', brokers, topicPrefix: prefix, logger });
  const admin = createKafkaAdmin({ client });
  const dispose = async () => {
    try {
      await admin.deleteTopics(await admin.listTopics());
    } finally {
      await admin.close();
    }
  };
  try {
    await admin.ensureTopics(topics);
  } catch (error) {
    await dispose().catch(() => undefined);
    throw error;
  }
  return { prefix, client, [Symbol.asyncDispose]: dispose };
}
