/** The topics of the contracts, created on the platform's Kafka; what exists is compared and never changed. */
import { createKafkaAdmin, createKafkaClient } from '@eda/kafka';
import { pino } from 'pino';

/** What a broker must be told about a topic. */
export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

export interface TopicsResult {
  readonly created: readonly string[];
  /** One sentence for each topic that exists with other partitions or settings than wanted. */
  readonly differences: readonly string[];
}

/** Creates those of `topics` that are missing. */
export async function provisionTopics(
  brokers: readonly string[],
  topics: readonly WantedTopic[],
): Promise<TopicsResult> {
  const client = createKafkaClient({
    clientId: 'platform',
    brokers: [...brokers],
    logger: pino({ level: 'silent' }),
  });
  const admin = createKafkaAdmin({ client });
  try {
    const { created, differences } = await admin.ensureTopics(topics);
    return {
      created,
      differences: differences.map(
        ({ topic, property, wanted, actual }) =>
          `Topic ${topic} has ${property} ${actual ?? 'unset'}, the contract says ${wanted}. It is left as it is; --fresh begins anew.`,
      ),
    };
  } finally {
    await admin.close();
  }
}
