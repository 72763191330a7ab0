import { toAppendError } from './client-errors.ts';
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
    await this.#cluster.addMultipleTargetTopics([topic]);
    await this.#cluster.refreshMetadataIfNecessary();
    const leader = this.#cluster
      .findTopicPartitionMetadata(topic)
      .find(({ partitionId }) => partitionId === partition)?.leader;
    if (leader === undefined) throw new AppendError('missing-topic', 'UNKNOWN_TOPIC_OR_PARTITION', undefined);
    return this.#cluster.findBroker({ nodeId: String(leader) });
  }

  /** So that the next attempt finds a connection and the present leader. What fails here fails again there. */
  async #recover(error: unknown, broker: InternalBroker | undefined): Promise<void> {
    const { name, host, port } = error as { name?: unknown; host?: string; port?: number };
    try {
      if (name === 'KafkaJSConnectionClosedError' && host !== undefined && port !== undefined) {
        await broker?.disconnect();
        this.#cluster.removeBroker({ host, port });
      }
      if (!this.#cluster.isConnected()) await this.#cluster.connect();
      await this.#cluster.refreshMetadata();
    } catch {
      // The attempt's own error is the one to tell.
    }
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
