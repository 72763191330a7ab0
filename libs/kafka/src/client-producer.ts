import { brokerErrorType, toAppendError } from './client-errors.ts';
import type { InternalBroker, InternalCluster } from './client-internals.ts';
import type { ClientNames } from './client-names.ts';
import { ProduceRequests } from './client-produce-requests.ts';
import type { ClientProducer, WireRecord } from './client-types.ts';
import { AppendError } from './client-types.ts';
import type { BatchCompression } from './record-batch.ts';
import { encodeRecordBatch } from './record-batch.ts';

/** Not used: no transaction is ever begun. */
const TRANSACTION_TIMEOUT_MS = 60_000;
/** Sequence numbers begin anew behind this one. */
const LAST_SEQUENCE = 0x7fffffff;

/** The connection is gone, or nothing is answered on it: kafkajs would go on using it until the operating system gives it up. */
const CONNECTION_LOST = new Set([
  'KafkaJSConnectionClosedError',
  'KafkaJSConnectionError',
  'KafkaJSRequestTimeoutError',
]);

/** What a broker says of one topic, and kafkajs of all that it asked for. */
const OF_ONE_TOPIC = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'LEADER_NOT_AVAILABLE',
]);
/** Another partition of the producer may have put the topic at fault back meanwhile. */
const TRIES_TO_LOCATE = 3;

/**
 * One producer id, on the parts that kafkajs's own producer is made of. Its producer gives a sequence number back when a request
 * fails and lets one request at a time go to a broker; here a partition's number moves on with an acknowledgement only, so a batch
 * that is sent again has the number it had, and partitions do not wait for each other (docs/decisions/0024).
 */
class Producer implements ClientProducer {
  readonly #cluster: InternalCluster;
  readonly #names: ClientNames;
  readonly #compression: BatchCompression | undefined;
  readonly #sequences = new Map<string, number>();
  readonly #requests = new WeakMap<InternalBroker, ProduceRequests>();
  readonly #lost = new WeakSet<InternalBroker>();
  readonly #leaving = new WeakSet<InternalBroker>();
  #closed = false;
  #producerId = -1n;
  #producerEpoch = 0;

  constructor(cluster: InternalCluster, names: ClientNames, compression: BatchCompression | undefined) {
    this.#cluster = cluster;
    this.#names = names;
    this.#compression = compression;
  }

  async connect(): Promise<void> {
    await this.#cluster.connect();
    await this.#cluster.refreshMetadataIfNecessary();
    const broker = await this.#cluster.findControllerBroker();
    const identity = await broker.initProducerId({ transactionTimeout: TRANSACTION_TIMEOUT_MS });
    this.#producerId = BigInt(identity.producerId.toString());
    this.#producerEpoch = identity.producerEpoch;
  }

  async append(topic: string, partition: number, records: readonly WireRecord[]): Promise<bigint> {
    const physical = this.#names.physical(topic);
    const lane = `${physical}/${partition}`;
    const sequence = this.#sequences.get(lane) ?? 0;
    let broker: InternalBroker | undefined;
    try {
      broker = await this.#leader(physical, partition);
      const offset = await this.#requestsTo(broker).append(physical, partition, () =>
        encodeRecordBatch(records, {
          producerId: this.#producerId,
          producerEpoch: this.#producerEpoch,
          sequence,
          compression: this.#compression,
        }),
      );
      this.#sequences.set(lane, (sequence + records.length) & LAST_SEQUENCE);
      return offset;
    } catch (error) {
      if (!this.#closed) await this.#recover(error, broker);
      throw error instanceof AppendError ? error : toAppendError(error);
    } finally {
      if (broker !== undefined) this.#leaveNoConnection(broker);
    }
  }

  disconnect(): Promise<void> {
    this.#closed = true;
    return this.#cluster.disconnect();
  }

  #requestsTo(broker: InternalBroker): ProduceRequests {
    let requests = this.#requests.get(broker);
    if (requests === undefined) this.#requests.set(broker, (requests = new ProduceRequests(broker)));
    return requests;
  }

  async #leader(topic: string, partition: number): Promise<InternalBroker> {
    await this.#locate(topic);
    const leader = this.#cluster
      .findTopicPartitionMetadata(topic)
      .find(({ partitionId }) => partitionId === partition)?.leader;
    if (leader === undefined) throw new AppendError('missing-topic', 'UNKNOWN_TOPIC_OR_PARTITION', undefined);
    return this.#cluster.findBroker({ nodeId: String(leader) });
  }

  /**
   * Makes sure that there is metadata of the topic. kafkajs asks for all topics of a producer at once and fails for all when one of
   * them is deleted, forbidden or without a leader: then this one is asked for alone.
   */
  async #locate(topic: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#cluster.addMultipleTargetTopics([topic]);
        await this.#cluster.refreshMetadataIfNecessary();
        return;
      } catch (error) {
        this.#cluster.targetTopics = new Set();
        if (attempt === TRIES_TO_LOCATE || !OF_ONE_TOPIC.has(brokerErrorType(error) ?? '')) throw error;
      }
    }
  }

  /** So that the next attempt finds a connection and the present leader. What fails here fails again there. */
  async #recover(error: unknown, broker: InternalBroker | undefined): Promise<void> {
    try {
      if (broker !== undefined && error instanceof Error && CONNECTION_LOST.has(error.name))
        this.#replace(broker);
      if (!this.#cluster.isConnected()) await this.#cluster.connect();
      await this.#cluster.refreshMetadata();
    } catch {
      // The attempt's own error is the one to tell. The next one asks for its own topic alone.
      this.#cluster.targetTopics = new Set();
    }
  }

  /** Once for each: the next broker of this address is not the one that was lost. */
  #replace(broker: InternalBroker): void {
    if (!this.#lost.has(broker)) this.#cluster.removeBroker(broker.connectionPool);
    this.#lost.add(broker);
    this.#leaveNoConnection(broker);
  }

  /**
   * A batch that waited while its broker was replaced, or this producer closed, connects that broker again, and nobody else knows
   * it any more.
   */
  #leaveNoConnection(broker: InternalBroker): void {
    if ((!this.#closed && !this.#lost.has(broker)) || this.#leaving.has(broker)) return;
    this.#leaving.add(broker);
    // Not waited for: it lets the other requests on the connection end first, in time-outs maybe.
    broker
      .disconnect()
      .catch(() => undefined)
      .finally(() => this.#leaving.delete(broker));
  }
}

/** One idempotent producer on kafkajs's connections: one attempt a call, partitions of a broker share requests. */
export function createClientProducer(
  cluster: InternalCluster,
  names: ClientNames,
  compression?: BatchCompression,
): ClientProducer {
  return new Producer(cluster, names, compression);
}
