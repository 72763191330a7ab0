import type { Logger } from 'pino';
import type { KafkaClientName } from './client.ts';
import { createKafkaClient } from './client.ts';
import type { KafkaClient } from './client-types.ts';
import type { Compression } from './compression.ts';
import { credentialsFromDirectory } from './credentials-directory.ts';
import type { MetricsOptions } from './metrics.ts';

const LOCAL_BROKERS = ['127.0.0.1:9092'];

/** The variables of a process's environment that say which cluster and how. */
export interface KafkaConnectionConfig {
  /** Empty where the credentials name the brokers; the local cluster when they do not either. */
  readonly KAFKA_BROKERS: readonly string[];
  readonly KAFKA_TOPIC_PREFIX: string;
  /** The directory in which the Secret is mounted; empty: plain text, no login. */
  readonly KAFKA_CREDENTIALS_DIR: string;
  readonly KAFKA_COMPRESSION?: Compression;
  readonly KAFKA_CLIENT?: KafkaClientName;
}

/**
 * Returns the client that the configuration describes. Throws `CredentialsInvalid`, which names each file to mend, when the
 * mounted credentials cannot be used.
 */
export function kafkaClientFromConfig(
  config: KafkaConnectionConfig,
  { clientId, logger, metrics }: { clientId: string; logger: Logger; metrics?: MetricsOptions },
): KafkaClient {
  const { KAFKA_BROKERS, KAFKA_CREDENTIALS_DIR, KAFKA_COMPRESSION, KAFKA_CLIENT } = config;
  const credentials =
    KAFKA_CREDENTIALS_DIR === ''
      ? undefined
      : credentialsFromDirectory(KAFKA_CREDENTIALS_DIR, { logger, ...(metrics && { metrics }) });
  return createKafkaClient({
    clientId,
    logger,
    credentials,
    brokers: KAFKA_BROKERS.length === 0 && credentials === undefined ? LOCAL_BROKERS : KAFKA_BROKERS,
    topicPrefix: config.KAFKA_TOPIC_PREFIX,
    ...(KAFKA_COMPRESSION && { compression: KAFKA_COMPRESSION }),
    ...(KAFKA_CLIENT && { client: KAFKA_CLIENT }),
  });
}
