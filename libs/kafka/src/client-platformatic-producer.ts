import type { CompressionAlgorithmValue, MessageRecord, NumericMap } from '@platformatic/kafka';
import type { ClientNames } from './client-names.ts';
import type { PlatformaticCluster } from './client-platformatic-cluster.ts';
import { toAppendError } from './client-platformatic-errors.ts';
import type { ClientProducer, WireRecord } from './client-types.ts';
import { AppendError } from './client-types.ts';

const ALL_IN_SYNC = -1;
const TIMEOUT_MS = 30_000;
/** Sequence numbers begin anew behind this one. */
const LAST_SEQUENCE = 0x7fffffff;

/** Headers as the package writes them, which are a map there: this one may hold a name more than once. */
class HeaderList {
  readonly #entries: (readonly [Buffer, Buffer])[];

  constructor(headers: WireRecord['headers']) {
    this.#entries = Object.entries(headers).flatMap(([name, values]) => {
      const key = Buffer.from(name);
      return (Array.isArray(values) ? values : [values]).map((value) => {
        return [key, typeof value === 'string' ? Buffer.from(value) : value] as const;
      });
    });
  }

  get size(): number {
    return this.#entries.length;
  }

  [Symbol.iterator](): Iterator<readonly [Buffer, Buffer]> {
    return this.#entries[Symbol.iterator]();
  }
}

function toMessage(topic: string, partition: number, record: WireRecord): MessageRecord {
  const { key, value, headers, timestamp } = record;
  // Null is written as null; the types of the package do not know tombstones.
  return {
    topic,
    partition,
    key,
    value,
    headers: new HeaderList(headers),
    timestamp: BigInt(timestamp),
  } as unknown as MessageRecord;
}

/**
 * One producer id, and sequence numbers that only an acknowledgement moves on: a batch that is sent again has the numbers it had,
 * so that the broker knows it.
 */
export function createPlatformaticProducer(
  cluster: PlatformaticCluster,
  names: ClientNames,
  compression: CompressionAlgorithmValue,
): ClientProducer {
  const sequences = new Map<string, number>();
  let producerId = -1n;
  let producerEpoch = 0;

  const send = async (topic: string, partition: number, records: readonly WireRecord[], first: number) => {
    const { produceV9 } = cluster.library;
    const leader = await cluster.leader(topic, partition);
    const answer = await cluster.request(
      leader,
      produceV9.api,
      [
        ALL_IN_SYNC,
        TIMEOUT_MS,
        records.map((record) => toMessage(topic, partition, record)),
        {
          compression,
          producerId,
          producerEpoch,
          sequences: { getWithDefault: () => first } as unknown as NumericMap,
        },
      ],
      { lane: 'produce', timeoutMs: TIMEOUT_MS + 5000 },
    );
    const offset =
      typeof answer === 'boolean' ? undefined : answer.responses[0]?.partitionResponses[0]?.baseOffset;
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
