/** The way of these commands to Kafka: the same variables as the services. */
import {
  createKafkaAdmin,
  createProducer,
  kafkaClientFromConfig,
  type KafkaAdmin,
  type KafkaClient,
  type Producer,
} from '@eda/kafka';
import { createLogger, kafkaConfig, loadConfig } from '@eda/service';
import { Type } from 'typebox';

const REACHABLE_WITHIN_MS = 10_000;

const CONFIG = Type.Object({
  ...kafkaConfig,
  LOG_LEVEL: Type.Enum(['silent', 'error', 'warn', 'info', 'debug'], { default: 'silent' }),
});

export interface KafkaConnection extends AsyncDisposable {
  readonly client: KafkaClient;
  readonly admin: KafkaAdmin;
  /** For records as they are; made when it is asked for. */
  producer(): Producer;
}

/** Returns a connection to a Kafka that answers. Throws `ConfigError`, or an error that says which brokers did not answer. */
export async function connectToKafka(name: string, env = process.env): Promise<KafkaConnection> {
  const config = loadConfig(CONFIG, env);
  const logger = createLogger({ name, level: config.LOG_LEVEL, destination: process.stderr });
  const client = kafkaClientFromConfig(config, { clientId: name, logger });
  const admin = createKafkaAdmin({ client });
  let producer: Producer | undefined;
  try {
    await admin.waitUntilReachable(REACHABLE_WITHIN_MS);
  } catch (error) {
    await admin.close();
    throw new Error(
      `Kafka does not answer at ${client.brokers.join(', ')}. Look at KAFKA_BROKERS, and at KAFKA_CREDENTIALS_DIR if it wants a login.`,
      { cause: error },
    );
  }
  const noCodec = () => {
    throw new Error('these commands send records as they are');
  };
  return {
    client,
    admin,
    producer: () =>
      (producer ??= createProducer({
        client,
        codec: { encode: noCodec, decode: noCodec },
        source: `/eda/${name}`,
        logger,
      })),
    async [Symbol.asyncDispose]() {
      await producer?.close(10_000);
      await admin.close();
    },
  };
}
