import { brokerErrorType, toAppendError } from './client-errors.ts';
import type { InternalBroker, InternalCluster } from './client-internals.ts';
import { ALL_IN_SYNC, produceRequest } from './client-internals.ts';
import type { ClientNames } from './client-names.ts';
import type { ClientProducer, WireRecord } from './client-types.ts';
import { AppendError } from './client-types.ts';
import type { BatchCompression } from './record-batch.ts';
import { encodeRecordBatch } from './record-batch.ts';

const APPEND_TIMEOUT_MS = 30_000;
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

/** What a produce request says before the batch: no transaction, one topic, one partition. The same in versions 3 to 8. */
function requestHead(topic: string, partition: number, batchBytes: number): Buffer {
  const name = Buffer.from(topic);
  const head = Buffer.alloc(2 + 2 + 4 + 4 + 2 + name.length + 4 + 4 + 4);
  let at = head.writeInt16BE(-1, 0);
  at = head.writeInt16BE(ALL_IN_SYNC, at);
  at = head.writeInt32BE(APPEND_TIMEOUT_MS, at);
  at = head.writeInt32BE(1, at);
  at = head.writeInt16BE(name.length, at);
  at += name.copy(head, at);
  at = head.writeInt32BE(1, at);
  at = head.writeInt32BE(partition, at);
  head.writeInt32BE(batchBytes, at);
  return head;
}

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
  readonly #lost = new WeakSet<InternalBroker>();
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
      const batch = await encodeRecordBatch(records, {
        producerId: this.#producerId,
        producerEpoch: this.#producerEpoch,
        sequence,
        compression: this.#compression,
      });
      const body = Buffer.concat([requestHead(physical, partition, batch.length), batch]);
      const answer = await broker.connectionPool.send(produceRequest(broker, body));
      const offset = answer.topics[0]?.partitions[0]?.baseOffset;
      if (offset === undefined) throw new AppendError('unknown', 'NO_ANSWER', answer);
      this.#sequences.set(lane, (sequence + records.length) & LAST_SEQUENCE);
      return BigInt(offset);
    } catch (error) {
      await this.#recover(error, broker);
      throw error instanceof AppendError ? error : toAppendError(error);
    }
  }

  disconnect(): Promise<void> {
    return this.#cluster.disconnect();
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
    // Not waited for: it lets the other requests on the connection end first, in time-outs maybe.
    broker.disconnect().catch(() => undefined);
  }
}

/** One idempotent producer on kafkajs's connections: one partition a request, one attempt a call. */
export function createClientProducer(
  cluster: InternalCluster,
  names: ClientNames,
  compression?: BatchCompression,
): ClientProducer {
  return new Producer(cluster, names, compression);
}
