/**
 * kafkajs reads only as a member of a group. Its parts below can read without one; they are not in its types and are safe to
 * use only because the version is pinned and will not move. Goes when kafkajs does.
 */
import { createRequire } from 'node:module';
import type {
  AuthenticationProviderArgs,
  Authenticator,
  BrokersFunction,
  KafkaMessage,
  logCreator,
  logLevel,
  Mechanism,
  RetryOptions,
} from 'kafkajs';
import type { SocketFactory } from './client-types.ts';
import type { SaslMechanism } from './credentials.ts';

export interface PartitionMetadata {
  readonly partitionId: number;
  readonly leader: number;
}

export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly messages: KafkaMessage[];
}

export interface InternalBroker {
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
  listOffsets(request: {
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[];
  }): Promise<{ responses: { topic: string; partitions: { partition: number; offset: string }[] }[] }>;
  fetch(request: {
    isolationLevel: number;
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    rackId: string;
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
  }): Promise<{ responses: { topicName: string; partitions: FetchedPartition[] }[] }>;
}

export interface InternalCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  metadata(request: {
    topics: string[];
  }): Promise<{ topicMetadata: { topic: string; partitionMetadata: PartitionMetadata[] }[] }>;
  findBroker(request: { nodeId: string }): Promise<InternalBroker>;
  findGroupCoordinator(request: { groupId: string }): Promise<InternalBroker>;
}

export interface InternalClusterOptions {
  readonly logger: unknown;
  readonly socketFactory: SocketFactory;
  readonly brokers: string[] | BrokersFunction;
  readonly ssl?: true;
  readonly sasl?: Mechanism;
  readonly clientId: string;
  readonly connectionTimeout: number;
  readonly authenticationTimeout: number;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: boolean;
  readonly metadataMaxAge: number;
  readonly retry: RetryOptions;
  readonly allowAutoTopicCreation: boolean;
  readonly isolationLevel: number;
}

/** What a fetch gave, without what is not for the reader: aborted transactions, control records, records before the offset. */
export interface InternalBatch {
  readonly messages: KafkaMessage[];
  readonly rawMessages: KafkaMessage[];
  lastOffset(): string;
}

/** Isolation level. */
export const READ_COMMITTED = 1;

const require = createRequire(import.meta.url) as (module: string) => Record<string, unknown>;

export const InternalCluster = require('kafkajs/src/cluster/index.js') as unknown as new (
  options: InternalClusterOptions,
) => InternalCluster;

type LoginProvider = (login: {
  username: string;
  password: string;
}) => (args: AuthenticationProviderArgs) => Authenticator;

const SCRAM: Readonly<Record<SaslMechanism, LoginProvider>> = {
  'SCRAM-SHA-256': require('kafkajs/src/broker/saslAuthenticator/scram256.js') as unknown as LoginProvider,
  'SCRAM-SHA-512': require('kafkajs/src/broker/saslAuthenticator/scram512.js') as unknown as LoginProvider,
};

/** One login with one password. */
export function scramAuthentication(mechanism: SaslMechanism, login: Parameters<LoginProvider>[0]) {
  return SCRAM[mechanism](login);
}

export const InternalBatch = require('kafkajs/src/consumer/batch.js') as unknown as new (
  topic: string,
  fetchedOffset: string,
  partition: FetchedPartition,
) => InternalBatch;

export const createInternalLogger = require('kafkajs/src/loggers/index.js')['createLogger'] as (options: {
  level: logLevel;
  logCreator: logCreator;
}) => unknown;

export const defaultSocketFactory =
  require('kafkajs/src/network/socketFactory.js') as unknown as () => SocketFactory;
