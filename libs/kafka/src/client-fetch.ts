/** kafkajs fetches; what it has fetched is read here (docs/decisions/0026). */
import { createRequire } from 'node:module';
import type { ReadMessage } from './record-batch-reader.ts';
import { isReadable, readRecordBatches } from './record-batch-reader.ts';

interface Codec {
  decompress(bytes: Buffer): Promise<Buffer>;
}

interface Response {
  decode(bytes: Buffer): Promise<unknown>;
}

interface FetchDefinition {
  protocol: (options: { version: number }) => (request: unknown) => { readonly response: Response };
}

const require = createRequire(import.meta.url) as (module: string) => unknown;
const { requests } = require('kafkajs/src/protocol/requests/index.js') as {
  requests: { Fetch: FetchDefinition };
};
const { lookupCodecByAttributes } = require('kafkajs/src/protocol/message/compression/index.js') as {
  lookupCodecByAttributes: (attributes: number) => Codec | null;
};

/** The version of the answer that is read here, the newest that kafkajs asks for; brokers know it since 2.3. */
const VERSION = 11;
let installed = false;

/** Lets kafkajs read fetched batches with our reader; other versions and formats are left to it. For the whole process, once. */
export function readBatchesForKafkajs(): void {
  if (installed) return;
  installed = true;
  const { protocol } = requests.Fetch;
  requests.Fetch.protocol = ({ version }) => {
    const make = protocol({ version });
    if (version !== VERSION) return make;
    return (request) => {
      const made = make(request);
      const { response } = made;
      const decode = async (bytes: Buffer) => (await decodeAnswer(bytes)) ?? response.decode(bytes);
      return { ...made, response: { ...response, decode } };
    };
  };
}

const decompress = (attributes: number, bytes: Buffer) =>
  lookupCodecByAttributes(attributes)?.decompress(bytes);

class AnswerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  int64(): string {
    this.#at += 8;
    return String(this.#bytes.readBigInt64BE(this.#at - 8));
  }

  blob(length: number): Buffer {
    this.#at += Math.max(0, length);
    return this.#bytes.subarray(this.#at - Math.max(0, length), this.#at);
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read);
  }
}

/** Undefined when there is a batch in it that kafkajs has to read. */
async function decodeAnswer(bytes: Buffer): Promise<unknown> {
  const answer = new AnswerReader(bytes);
  const [clientSideThrottleTime, errorCode, sessionId] = [answer.int32(), answer.int16(), answer.int32()];
  const topics = answer.list(() => ({
    topicName: answer.blob(answer.int16()).toString(),
    partitions: answer.list(() => ({
      partition: answer.int32(),
      errorCode: answer.int16(),
      highWatermark: answer.int64(),
      lastStableOffset: answer.int64(),
      lastStartOffset: answer.int64(),
      abortedTransactions: answer.list(() => ({ producerId: answer.int64(), firstOffset: answer.int64() })),
      preferredReadReplica: answer.int32(),
      batches: answer.blob(answer.int32()),
    })),
  }));
  if (topics.some(({ partitions }) => partitions.some(({ batches }) => !isReadable(batches))))
    return undefined;
  const responses = [];
  for (const { topicName, partitions } of topics) {
    const read: (Omit<(typeof partitions)[number], 'batches'> & { messages: ReadMessage[] })[] = [];
    for (const { batches, ...partition } of partitions)
      read.push({ ...partition, messages: await readRecordBatches(batches, decompress) });
    responses.push({ topicName, partitions: read });
  }
  // 0 as from kafkajs: newer brokers have not waited, it would have to, and it does so for `clientSideThrottleTime`.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}
