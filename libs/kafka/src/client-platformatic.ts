import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { createNames } from './client-names.ts';
import { createPlatformaticAdmin } from './client-platformatic-admin.ts';
import { PlatformaticCluster } from './client-platformatic-cluster.ts';
import { createPlatformaticConsumer } from './client-platformatic-consumer.ts';
import { GroupMembership } from './client-platformatic-group.ts';
import { createPlatformaticProducer } from './client-platformatic-producer.ts';
import { createPlatformaticReader } from './client-platformatic-reader.ts';
import type { KafkaClient } from './client-types.ts';
import type { Compression } from './compression.ts';
import { batchCompression } from './compression.ts';
import type { CredentialsSource } from './credentials.ts';

export interface PlatformaticClientOptions {
  readonly clientId: string;
  /** Asked for each connection. */
  readonly brokers: () => readonly string[];
  readonly topicPrefix: string;
  readonly logger: Logger;
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly compression: Compression;
  readonly credentials?: CredentialsSource | undefined;
  readonly onSocket?: ((socket: Socket) => void) | undefined;
}

/** The seam on the protocol of @platformatic/kafka. Each part has connections of its own, and loads the package when it connects. */
export function createPlatformaticClient(options: PlatformaticClientOptions): KafkaClient {
  const { clientId, brokers, topicPrefix, compression, credentials, onSocket } = options;
  const names = createNames(topicPrefix);
  const logger = options.logger.child({ client: 'platformatic' });
  const cluster = () => new PlatformaticCluster({ ...options, credentials, onSocket });
  return {
    clientId,
    get brokers() {
      return brokers();
    },
    topicPrefix,
    credentials,
    producer: () => createPlatformaticProducer(cluster(), names, batchCompression(compression)),
    consumer(consumerOptions) {
      const { groupId, topics, sessionTimeoutMs, rebalanceTimeoutMs } = consumerOptions;
      const mine = cluster();
      const group = new GroupMembership(mine, {
        groupId: names.physical(groupId),
        topics: topics.map((topic) => names.physical(topic)),
        sessionTimeoutMs,
        rebalanceTimeoutMs,
      });
      return createPlatformaticConsumer(mine, group, names, consumerOptions, logger);
    },
    reader: () => createPlatformaticReader(cluster(), names),
    admin: () => createPlatformaticAdmin(cluster(), names),
  };
}
