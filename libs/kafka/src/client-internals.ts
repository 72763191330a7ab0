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

/** A request and its answer as a broker's connection takes them. */
export interface InternalProtocol<Answer> {
  readonly request: { encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }> };
  readonly response: { parse(decoded: unknown): Promise<Answer> };
}

export interface PartitionAnswer {
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: string;
}

export interface ProduceAnswer {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly PartitionAnswer[];
  }[];
}

export interface ProducerIdentity {
  /** A 64-bit number as text, or an object that turns into it. */
  readonly producerId: { toString(): string };
  readonly producerEpoch: number;
}

export interface InternalBroker {
  readonly connectionPool: {
    readonly host: string;
    readonly port: number;
    send<Answer>(protocol: InternalProtocol<Answer> & { logResponseError: boolean }): Promise<Answer>;
  };
  /** The newest form of a request that broker and kafkajs both know. */
  lookupRequest(
    apiKey: number,
    definition: unknown,
  ): (options: ProduceOptions) => InternalProtocol<ProduceAnswer>;
  initProducerId(request: { transactionTimeout: number }): Promise<ProducerIdentity>;
  disconnect(): Promise<void>;
  findGroupCoordinator(request: { groupId: string; coordinatorType: number }): Promise<unknown>;
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
  /** All that metadata is asked for. */
  targetTopics: ReadonlySet<string>;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  addMultipleTargetTopics(topics: string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findTopicPartitionMetadata(topic: string): PartitionMetadata[];
  findControllerBroker(): Promise<InternalBroker>;
  removeBroker(address: { host: string; port: number }): void;
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

/** What `acks` says when all in-sync replicas have to have the records. */
export const ALL_IN_SYNC = -1;

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

interface ProduceOptions {
  readonly acks: number;
  readonly timeout: number;
  readonly topicData: readonly never[];
}

const { Produce } = (
  require('kafkajs/src/protocol/requests/index.js') as unknown as { requests: { Produce: unknown } }
).requests;
const PRODUCE_KEY = 0;

/**
 * A produce request with `body` behind the header. kafkajs chooses the version of the request and decodes the answer; its encoder
 * of records is passed by, and so is its verdict, which is that of the first partition that failed.
 */
export function produceRequest(
  broker: InternalBroker,
  body: Buffer,
): InternalProtocol<ProduceAnswer> & { logResponseError: boolean } {
  const { request, response } = broker.lookupRequest(
    PRODUCE_KEY,
    Produce,
  )({
    acks: ALL_IN_SYNC,
    timeout: 0,
    topicData: [],
  });
  return {
    request: { ...request, encode: () => Promise.resolve({ buf: body, buffer: body }) },
    response: { ...response, parse: (decoded) => Promise.resolve(decoded as ProduceAnswer) },
    logResponseError: false,
  };
}

/** kafkajs's error for an error code of the protocol. */
export const errorOfCode = require('kafkajs/src/protocol/error.js')['createErrorFromCode'] as (
  code: number,
) => Error;

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
