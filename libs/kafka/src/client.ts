import kafkajs from 'kafkajs';
import type { KafkaConfig } from 'kafkajs';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { withAccessErrors } from './client-access-errors.ts';
import { createClientAdmin } from './client-admin.ts';
import { commitsOfKafkajsFollowTheCoordinator } from './client-commits.ts';
import { readZstdWithKafkajs } from './client-compression.ts';
import { forgetBrokenAnswersOfKafkajs } from './client-connection.ts';
import { createClientConsumer } from './client-consumer.ts';
import { withRefusals } from './client-coordinator.ts';
import { clientSecurity } from './client-credentials.ts';
import { readBatchesForKafkajs } from './client-fetch.ts';
import { removeFormerMember } from './client-former-member.ts';
import { askUnansweredBrokersOfKafkajsAgain } from './client-handshake.ts';
import {
  createInternalLogger,
  defaultSocketFactory,
  InternalCluster,
  READ_COMMITTED,
} from './client-internals.ts';
import { clientLogLevel, createLogCreator } from './client-log.ts';
import { createNames } from './client-names.ts';
import { createPlatformaticClient } from './client-platformatic.ts';
import { createClientProducer } from './client-producer.ts';
import { createClientReader } from './client-reader.ts';
import type { Refusals } from './client-refusals.ts';
import { rememberRefusals } from './client-refusals.ts';
import type { KafkaClient, SocketFactory } from './client-types.ts';
import { silenceNegativeTimeoutOfKafkajs } from './client-warning.ts';
import type { Compression } from './compression.ts';
import { batchCompression } from './compression.ts';
import type { CredentialsSource } from './credentials.ts';
import { CredentialsInvalid } from './errors.ts';

/** The implementations of the seam; the docs have a table of what each passes (docs/clients.md). */
export const KAFKA_CLIENTS = ['kafkajs', 'platformatic'] as const;
export type KafkaClientName = (typeof KAFKA_CLIENTS)[number];

export interface KafkaClientOptions {
  /** kafkajs when absent. */
  readonly client?: KafkaClientName;
  readonly clientId: string;
  /** `host:port` of at least one broker; may be absent where the credentials name the brokers. */
  readonly brokers?: readonly string[];
  /** How to be let in; plain text without a login when absent. Asked at each connection, so a change needs no restart. */
  readonly credentials?: CredentialsSource | undefined;
  /** Put before every topic and group name on the cluster; none when absent. */
  readonly topicPrefix?: string;
  readonly logger: Logger;
  /** How producers compress what they send; `zstd` when absent. Reading takes all of them, whatever is set here. */
  readonly compression?: Compression;
  /** How long connecting to a broker may take, in milliseconds. */
  readonly connectionTimeoutMs?: number;
  /** How long a broker may take to answer, in milliseconds. */
  readonly requestTimeoutMs?: number;
  /** For kafkajs only: the other client makes its sockets itself. */
  readonly socketFactory?: SocketFactory;
  /** For the other client only: told of the socket of each connection before anything is written to it. */
  readonly onSocket?: (socket: Socket) => void;
}

/**
 * The connection settings of one cluster, once, for producers, consumers, readers and administration. Connects nothing by
 * itself. Each part gets a kafkajs instance of its own: consumers of one instance share their committed offsets by accident.
 */
export function createKafkaClient(options: KafkaClientOptions): KafkaClient {
  const {
    clientId,
    brokers = [],
    credentials,
    topicPrefix = '',
    compression = 'zstd',
    connectionTimeoutMs = 10_000,
    requestTimeoutMs = 30_000,
  } = options;
  if (brokers.length === 0 && (credentials?.current().brokers ?? []).length === 0)
    throw new CredentialsInvalid([
      'bootstrap.servers is missing: give it in the Secret or name the brokers in KAFKA_BROKERS',
    ]);
  const addresses = () => (brokers.length > 0 ? brokers : (credentials?.current().brokers ?? []));
  const names = createNames(topicPrefix);
  const logger = options.logger.child({ client: options.client ?? 'kafkajs' });
  const explained = (
    parts: Pick<KafkaClient, 'producer' | 'consumer' | 'admin' | 'reader'>,
    refusals?: Refusals,
  ): KafkaClient => ({
    clientId,
    get brokers() {
      return addresses();
    },
    topicPrefix,
    credentials,
    ...withAccessErrors(parts, names, refusals),
  });
  if (options.client === 'platformatic') {
    if (options.socketFactory !== undefined)
      throw new TypeError('the client platformatic takes no socketFactory; see onSocket');
    const refusals = rememberRefusals();
    return explained(
      createPlatformaticClient({
        clientId,
        brokers: addresses,
        credentials,
        topicPrefix,
        logger: options.logger,
        connectionTimeoutMs,
        requestTimeoutMs,
        compression,
        onSocket: (socket) => {
          refusals.watch(socket);
          options.onSocket?.(socket);
        },
      }),
      refusals,
    );
  }
  silenceNegativeTimeoutOfKafkajs();
  readZstdWithKafkajs();
  readBatchesForKafkajs();
  forgetBrokenAnswersOfKafkajs();
  askUnansweredBrokersOfKafkajsAgain();
  commitsOfKafkajsFollowTheCoordinator();
  const logCreator = createLogCreator(logger);
  const retry = { retries: 3, initialRetryTime: 100, maxRetryTime: 1000 };
  const shared = {
    clientId,
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry,
  };
  const socketFactory = forManyRequests(options.socketFactory ?? defaultSocketFactory());
  // For each instance anew: credentials may begin or cease to need a login while the process runs.
  const security = () => clientSecurity(credentials, brokers, socketFactory);
  const kafka = () =>
    new kafkajs.Kafka({
      ...shared,
      ...security(),
      logCreator,
      logLevel: clientLogLevel(logger),
    } satisfies KafkaConfig);
  const cluster = () =>
    new InternalCluster({
      ...shared,
      ...security(),
      authenticationTimeout: 10_000,
      enforceRequestTimeout: true,
      logger: createInternalLogger({ level: clientLogLevel(logger), logCreator }),
      isolationLevel: READ_COMMITTED,
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
    });
  return explained({
    producer: () => createClientProducer(cluster(), names, batchCompression(compression)),
    consumer: (consumerOptions) =>
      withRefusals(consumerOptions, names.physical(consumerOptions.groupId), cluster, (reporting) =>
        createClientConsumer(kafka(), names, reporting, (groupId, memberId) =>
          removeFormerMember(cluster(), groupId, memberId),
        ),
      ),
    admin: () => createClientAdmin(kafka(), names),
    reader: () => createClientReader(names, cluster()),
  });
}

/**
 * kafkajs leaves Nagle's algorithm on: a request behind another one on its connection then waits until the broker's system
 * confirms that one, up to 40 ms. And it adds listeners to a socket each time it gives up a connection that was never made,
 * which Node takes for a leak.
 */
function forManyRequests(factory: SocketFactory): SocketFactory {
  return (args) => factory(args).setNoDelay(true).setMaxListeners(0);
}
