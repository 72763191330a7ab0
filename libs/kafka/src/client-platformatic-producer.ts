import type { API, Writer } from '@platformatic/kafka';
import type { ClientNames } from './client-names.ts';
import type { Library, PlatformaticCluster } from './client-platformatic-cluster.ts';
import { toAppendError } from './client-platformatic-errors.ts';
import type { ClientProducer, WireRecord } from './client-types.ts';
import { AppendError } from './client-types.ts';
import type { BatchCompression } from './record-batch.ts';
import { encodeRecordBatch } from './record-batch.ts';

const ALL_IN_SYNC = -1;
const TIMEOUT_MS = 30_000;
/** Sequence numbers begin anew behind this one. */
const LAST_SEQUENCE = 0x7fffffff;

/** A produce request for one partition, with the batch as this library writes it; without a transaction. */
function createRequest(writer: Writer, topic: string, partition: number, batch: Buffer): Writer {
  return writer
    .appendString(null)
    .appendInt16(ALL_IN_SYNC)
    .appendInt32(TIMEOUT_MS)
    .appendArray([topic], (request) => {
      request.appendString(topic).appendArray([partition], () => {
        request.appendInt32(partition).appendBytes(batch);
      });
    })
    .appendTaggedFields();
}

type ProduceApi = API<[topic: string, partition: number, batch: Buffer], ProduceResponse>;
type ProduceResponse = ReturnType<Library['produceV9']['parseResponse']>;

/** The package's own request encodes record by record; its answer is read as it does. */
function produceApi({ createAPI, produceV9, Writer }: Library): ProduceApi {
  return createAPI(
    produceV9.api.key,
    produceV9.api.version,
    (topic: string, partition: number, batch: Buffer) =>
      createRequest(Writer.create(), topic, partition, batch),
    produceV9.parseResponse,
  );
}

/**
 * One producer id, and sequence numbers that only an acknowledgement moves on: a batch that is sent again has the numbers it had,
 * so that the broker knows it.
 */
export function createPlatformaticProducer(
  cluster: PlatformaticCluster,
  names: ClientNames,
  compression: BatchCompression | undefined,
): ClientProducer {
  const sequences = new Map<string, number>();
  let api: ProduceApi | undefined;
  let producerId = -1n;
  let producerEpoch = 0;

  const send = async (topic: string, partition: number, records: readonly WireRecord[], first: number) => {
    const leader = await cluster.leader(topic, partition);
    const batch = await encodeRecordBatch(records, {
      producerId,
      producerEpoch,
      sequence: first,
      compression,
    });
    api ??= produceApi(cluster.library);
    const answer = await cluster.request(leader, api, [topic, partition, batch], { lane: 'produce' });
    const offset = answer.responses[0]?.partitionResponses[0]?.baseOffset;
    if (offset === undefined) throw new AppendError('unknown', 'NO_ANSWER', answer);
    return offset;
  };

  return {
    async connect() {
      await cluster.connect();
      const { initProducerIdV4 } = cluster.library;
      const identity = await cluster.requestAny(initProducerIdV4.api, [null, TIMEOUT_MS]);
      ({ producerId, producerEpoch } = identity);
    },
    async append(topic, partition, records) {
      const physical = names.physical(topic);
      const lane = `${physical}/${partition}`;
      const first = sequences.get(lane) ?? 0;
      try {
        const offset = await send(physical, partition, records, first);
        sequences.set(lane, (first + records.length) % (LAST_SEQUENCE + 1));
        return offset;
      } catch (error) {
        // Whatever it was: the next attempt asks who leads.
        cluster.forget(physical);
        throw error instanceof AppendError ? error : toAppendError(error, brokerVerdict(cluster, error));
      }
    },
    disconnect: () => cluster.disconnect(),
  };
}

/** The error of the partition; the answer may list errors of single records before it, which have no name. */
function brokerVerdict(cluster: PlatformaticCluster, error: unknown): string | undefined {
  const response = (
    error as { response?: { responses?: { partitionResponses: { errorCode: number }[] }[] } } | null
  )?.response;
  const code = response?.responses?.[0]?.partitionResponses[0]?.errorCode;
  return code === undefined ? undefined : cluster.library.protocolErrorsCodesById[code];
}
