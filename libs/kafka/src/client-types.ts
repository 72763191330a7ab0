/**
 * The seam: what this library needs of a Kafka client, in words that belong to no client. Only the `client*` files know
 * kafkajs; another client is another implementation of `KafkaClient`.
 */
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { CredentialsSource } from './credentials.ts';
import type { OutgoingRecord, RawRecord } from './types.ts';

/** A record ready for the wire. */
export interface WireRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: OutgoingRecord['headers'];
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Bytes it takes in a batch, at most. */
  readonly size: number;
}

/**
 * What one attempt to append a batch came to, when not success:
 * - `refused`: not in the log, and no later attempt will do better;
 * - `too-large`, `bad-record`: not in the log because of one of its records; the others might be;
 * - `missing-topic`: the cluster does not know the topic (or says so while its metadata settles);
 * - `sequence`: the broker and this producer disagree about what was sent; only a new producer can go on;
 * - `unknown`: may or may not be in the log; the same batch sent again by the same producer is written once.
 */
export type AppendFailure = 'refused' | 'too-large' | 'bad-record' | 'missing-topic' | 'sequence' | 'unknown';

/** One failed attempt; `code` is the broker's error name where there is one. */
export class AppendError extends Error {
  readonly failure: AppendFailure;
  readonly code: string;

  constructor(failure: AppendFailure, code: string, cause: unknown) {
    super(`append failed: ${code}`, { cause });
    this.name = 'AppendError';
    this.failure = failure;
    this.code = code;
  }
}

/** One idempotent producer session: one producer id, and sequence numbers per partition. */
export interface ClientProducer {
  connect(): Promise<void>;
  /**
   * One attempt, acknowledged by all in-sync replicas; resolves with the offset of the first record, rejects with `AppendError`.
   * Never more than one call at a time per partition.
   */
  append(topic: string, partition: number, records: readonly WireRecord[]): Promise<bigint>;
  disconnect(): Promise<void>;
}

/** Records of one partition as they were fetched, with what belongs to this fetch. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  /** The offset the next record to be written will get. */
  readonly logEnd: bigint;
  readonly records: readonly RawRecord[];
  /** Rejects with `SessionLost` when the group moved on without this member. */
  heartbeat(): Promise<void>;
  /**
   * Commits the offset of the first record not handled, of this partition and others that the member has had since it joined;
   * works while the consumer stops. Rejects with `SessionLost` when the group moved on without this member.
   */
  commit(positions: readonly ReadPosition[]): Promise<void>;
  /** Lets the next fetch begin behind `offset`. */
  resolve(offset: bigint): void;
  /** False once the batch must not be worked on: the consumer stops, crashed, or was told to read elsewhere. */
  isCurrent(): boolean;
}

/** The group rebalances (`rebalancing`: finish and commit now) or has expelled this member (`expelled`: nothing may be committed). */
export class SessionLost extends Error {
  readonly reason: 'rebalancing' | 'expelled';

  constructor(reason: 'rebalancing' | 'expelled', cause: unknown) {
    super(`group session lost: ${reason}`, { cause });
    this.name = 'SessionLost';
    this.reason = reason;
  }
}

export interface ClientConsumerOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
  /** Partitions worked on at the same time. */
  readonly concurrency: number;
  readonly maxBytesPerPartition: number;
  /** How long a fetch waits for the first record, in milliseconds. */
  readonly maxWaitMs: number;
  /** Who this process was in the group before its last session crashed; it is taken out before the new one joins. */
  readonly formerMember: string | undefined;
  /** Must not reject: nothing a handler does may reach the client. */
  onBatch(batch: FetchedBatch): Promise<void>;
  onJoin(assignment: ReadonlyMap<string, readonly number[]>, memberId: string): void;
  /**
   * The group rebalances and no batch is at work any more: the last moment to commit. A client that can, joins again only when it
   * resolves; it never rejects.
   */
  onRebalance(): Promise<void>;
  onHeartbeat(): void;
  /** The session ended by itself; `unreachable` when no broker answered. The consumer is of no use any more. */
  onCrash(error: Error, unreachable: boolean): void;
}

/** One session of a group member; after a crash or a stop a new one is made. */
export interface ClientConsumer {
  /** Begins; never rejects: joining the group is reported by `onJoin`, every failure by `onCrash`. */
  start(): Promise<void>;
  /** Makes the next fetch of the partition begin at `offset`. */
  seek(topic: string, partition: number, offset: bigint): void;
  /** Fetches nothing more of the partition until `resume`; heartbeats and the other partitions go on. */
  pause(topic: string, partition: number): void;
  /** Fetches the partition again, from behind the last resolved record. Harmless for a partition that is not paused or not ours. */
  resume(topic: string, partition: number): void;
  /** Waits for the batches at work, leaves the group, disconnects. */
  stop(): Promise<void>;
}

/** Reads partitions without a group: nothing is committed, nothing is left behind. */
export interface ClientReader {
  connect(): Promise<void>;
  /** Start and end of the log per partition; rejects with `UnknownTopic`. */
  bounds(topic: string): Promise<PartitionBounds[]>;
  /** Reads from each position what is there, waiting up to `maxWaitMs` for the first record. */
  fetch(positions: readonly ReadPosition[], maxWaitMs: number): Promise<ReadResult[]>;
  disconnect(): Promise<void>;
}

export interface PartitionBounds {
  readonly partition: number;
  /** The offset of the first record that is still there. */
  readonly start: bigint;
  /** The offset the next record will get. */
  readonly end: bigint;
}

export interface ReadPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface ReadResult {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly RawRecord[];
  /** Where to read on; beyond the last record when the log has gaps. */
  readonly next: bigint;
  readonly logEnd: bigint;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** The cluster's default when absent. */
  readonly replicationFactor?: number;
  readonly config?: Readonly<Record<string, string>>;
}

export interface ClientAdmin {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** The number of partitions, or undefined when the topic does not exist. */
  partitionCount(topic: string): Promise<number | undefined>;
  createTopics(specs: readonly TopicSpec[]): Promise<void>;
  /** Those that are gone already count as deleted. */
  deleteTopics(topics: readonly string[]): Promise<void>;
  listTopics(): Promise<string[]>;
  /** The values in force, per topic. */
  topicConfigs(topics: readonly string[]): Promise<Map<string, Map<string, string | null>>>;
  /** What the group has committed, per topic and partition. */
  committed(groupId: string): Promise<Map<string, Map<number, bigint>>>;
  ping(): Promise<void>;
}

/** Makes the socket of each connection; the place for reloaded certificates, proxies and injected faults. */
export type SocketFactory = (args: {
  host: string;
  port: number;
  ssl: ConnectionOptions;
  onConnect: () => void;
}) => Socket;

/** A connection to one cluster; topics and groups are logical names, the prefix is added and removed inside. */
export interface KafkaClient {
  readonly clientId: string;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** Present when the connections are secured by credentials that may change. */
  readonly credentials?: CredentialsSource | undefined;
  producer(): ClientProducer;
  consumer(options: ClientConsumerOptions): ClientConsumer;
  reader(): ClientReader;
  admin(): ClientAdmin;
}
