import type { InternalBroker, PartitionAnswer } from './client-internals.ts';
import { ALL_IN_SYNC, errorOfCode, produceRequest } from './client-internals.ts';
import { AppendError } from './client-types.ts';

const APPEND_TIMEOUT_MS = 30_000;
/** Far below what brokers take in one request (`socket.request.max.bytes`, 100 MB). */
const MAX_REQUEST_BYTES = 16 << 20;

/** Batches that go together: those begun until the turn of the event loop ends in which the first of them is ready. */
interface Group {
  readonly ready: Part[];
  encoding: number;
  /** Whether what begins now belongs to the next group. */
  closed: boolean;
}

interface Part {
  readonly topic: string;
  readonly partition: number;
  readonly batch: Buffer;
  readonly resolve: (baseOffset: bigint) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The produce requests to one broker. Batches that are ready in the same turn of the event loop share a request, each partition with
 * an answer of its own: partitions that were acknowledged together go on together, so a broker gets one request where it would get
 * one for each of its partitions (docs/decisions/0036).
 */
export class ProduceRequests {
  readonly #broker: InternalBroker;
  #group: Group | undefined;

  constructor(broker: InternalBroker) {
    this.#broker = broker;
  }

  /**
   * Resolves with the offset of the first record when all in-sync replicas have the batch that `encode` makes. Rejects with what
   * `encode` throws, with the broker's error for this partition, or with what became of the request. A partition must not have two
   * batches here at a time.
   */
  async append(topic: string, partition: number, encode: () => Promise<Buffer>): Promise<bigint> {
    const { promise, resolve, reject } = Promise.withResolvers<bigint>();
    const group = (this.#group ??= { ready: [], encoding: 0, closed: false });
    group.encoding += 1;
    try {
      const batch = await encode();
      if (group.ready.length === 0) setImmediate(() => this.#close(group));
      group.ready.push({ topic, partition, batch, resolve, reject });
    } finally {
      group.encoding -= 1;
      this.#sendWhole(group);
    }
    return promise;
  }

  #close(group: Group): void {
    group.closed = true;
    this.#group = undefined;
    this.#sendWhole(group);
  }

  /** Compression takes differently long: the first batch waits for those that were begun with it. */
  #sendWhole({ ready, encoding, closed }: Group): void {
    if (closed && encoding === 0) for (const parts of inRequests(ready)) void this.#send(parts);
  }

  async #send(parts: readonly Part[]): Promise<void> {
    try {
      const request = produceRequest(this.#broker, encodeRequest(parts));
      const { topics } = await this.#broker.connectionPool.send(request);
      const answers = new Map<string, PartitionAnswer>();
      for (const { topicName, partitions } of topics)
        for (const answer of partitions) answers.set(`${topicName}/${answer.partition}`, answer);
      for (const part of parts) settle(part, answers.get(`${part.topic}/${part.partition}`));
    } catch (error) {
      for (const { reject } of parts) reject(error);
    }
  }
}

function settle({ resolve, reject }: Part, answer: PartitionAnswer | undefined): void {
  if (answer === undefined) reject(new AppendError('unknown', 'NO_ANSWER', undefined));
  else if (answer.errorCode !== 0) reject(errorOfCode(answer.errorCode));
  else resolve(BigInt(answer.baseOffset));
}

/** One request, or several where one would be larger than brokers take. */
function* inRequests(parts: readonly Part[]): Generator<Part[]> {
  let request: Part[] = [];
  let bytes = 0;
  for (const part of parts) {
    if (request.length > 0 && bytes + part.batch.length > MAX_REQUEST_BYTES) {
      yield request;
      request = [];
      bytes = 0;
    }
    request.push(part);
    bytes += part.batch.length;
  }
  yield request;
}

/** The body of a produce request without a transaction; the same in versions 3 to 7, the last that kafkajs knows. */
function encodeRequest(parts: readonly Part[]): Buffer {
  const byTopic = Map.groupBy(parts, ({ topic }) => topic);
  const head = Buffer.alloc(2 + 2 + 4 + 4);
  head.writeInt16BE(-1, 0);
  head.writeInt16BE(ALL_IN_SYNC, 2);
  head.writeInt32BE(APPEND_TIMEOUT_MS, 4);
  head.writeInt32BE(byTopic.size, 8);
  const pieces: Buffer[] = [head];
  for (const [topic, ofTopic] of byTopic) {
    const name = Buffer.from(topic);
    const count = Buffer.alloc(2 + name.length + 4);
    count.writeInt16BE(name.length, 0);
    name.copy(count, 2);
    count.writeInt32BE(ofTopic.length, 2 + name.length);
    pieces.push(count);
    for (const { partition, batch } of ofTopic) {
      const place = Buffer.alloc(4 + 4);
      place.writeInt32BE(partition, 0);
      place.writeInt32BE(batch.length, 4);
      pieces.push(place, batch);
    }
  }
  return Buffer.concat(pieces);
}
