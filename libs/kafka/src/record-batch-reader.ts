/**
 * The record batch of the Kafka protocol (magic 2), as consumers read it. In one pass over one buffer: kafkajs makes two decoders,
 * several big numbers and an object per header for each record, which is most of what reading a record costs there.
 */

/** What the parts of a message that are the same in its whole batch say. */
export interface BatchContext {
  readonly producerId: string;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
}

/** A message as kafkajs's consumer takes it, with numbers where kafkajs has their text. */
export interface ReadMessage {
  readonly offset: bigint;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer | Buffer[]>;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
}

/** Makes the records of a batch readable; `attributes` are those of the batch. Undefined when they are as they were. */
export type Decompress = (attributes: number, bytes: Buffer) => Promise<Buffer> | undefined;

/** Bytes before the first record. */
const HEADER_BYTES = 61;
/** What the length in the header does not count: the offset and the length. */
const UNCOUNTED_BYTES = 12;
const MAGIC_AT = 16;
const LOG_APPEND_TIME = 0x8;
const IN_TRANSACTION = 0x10;
const CONTROL = 0x20;
const EMPTY = Buffer.alloc(0);

/** Bytes that are no record batch, or one that ends before its records do. */
export class MalformedBatch extends Error {
  readonly code = 'MALFORMED_BATCH';

  constructor(message: string) {
    super(message);
    this.name = 'MalformedBatch';
  }
}

/** Whether the first batch in `bytes` is of the one format that is read here. */
export function isReadable(bytes: Buffer): boolean {
  return bytes[MAGIC_AT] === undefined || bytes[MAGIC_AT] === 2;
}

/**
 * The messages of all whole batches in `bytes`; a broker may cut off the last one. Key, value and headers are parts of `bytes` or of
 * what was decompressed. Throws `MalformedBatch`.
 */
export async function readRecordBatches(bytes: Buffer, decompress: Decompress): Promise<ReadMessage[]> {
  const messages: ReadMessage[] = [];
  let start = 0;
  while (start + HEADER_BYTES <= bytes.length) {
    const end = start + UNCOUNTED_BYTES + bytes.readInt32BE(start + 8);
    if (end > bytes.length) break;
    const batch = bytes.subarray(start, end);
    if (batch.length < HEADER_BYTES || batch[MAGIC_AT] !== 2)
      throw new MalformedBatch('a record batch has an unknown format');
    const records = batch.subarray(HEADER_BYTES);
    const plain = decompress(batch.readInt16BE(21), records);
    new RecordReader(batch, plain === undefined ? records : await plain).readInto(messages);
    start = end;
  }
  return messages;
}

/** Names of headers, which are few and stand in each record again, by their place in it. */
const lastNames: string[] = [];
const MAX_LAST_NAMES = 32;

class RecordReader {
  readonly #bytes: Buffer;
  readonly #baseOffset: bigint;
  readonly #baseTimestamp: number;
  readonly #appendTime: number | undefined;
  readonly #count: number;
  readonly #context: BatchContext;
  #at = 0;

  constructor(header: Buffer, records: Buffer) {
    const attributes = header.readInt16BE(21);
    this.#bytes = records;
    this.#baseOffset = header.readBigInt64BE(0);
    this.#baseTimestamp = Number(header.readBigInt64BE(27));
    this.#appendTime = (attributes & LOG_APPEND_TIME) === 0 ? undefined : Number(header.readBigInt64BE(35));
    this.#count = header.readInt32BE(57);
    this.#context = {
      producerId: String(header.readBigInt64BE(43)),
      inTransaction: (attributes & IN_TRANSACTION) !== 0,
      isControlBatch: (attributes & CONTROL) !== 0,
    };
  }

  readInto(messages: ReadMessage[]): void {
    for (let index = 0; index < this.#count; index += 1) messages.push(this.#record());
  }

  #record(): ReadMessage {
    const length = this.#varint();
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length)
      throw new MalformedBatch('a record batch ends within a record');
    // Attributes of a record: there are none.
    this.#at += 1;
    const timestamp = this.#baseTimestamp + this.#varint();
    const offset = this.#baseOffset + BigInt(this.#varint());
    const key = this.#blob();
    const value = this.#blob();
    const headers = this.#headers();
    if (this.#at > end) throw new MalformedBatch('a record is longer than it says');
    // Later versions may have more fields behind these.
    this.#at = end;
    return {
      offset,
      timestamp: this.#appendTime ?? timestamp,
      key,
      value,
      headers,
      isControlRecord: this.#context.isControlBatch,
      batchContext: this.#context,
    };
  }

  /** Exact to 2^52. */
  #varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++] as number;
    let rest = byte & 0x7f;
    for (let unit = 0x80; byte >= 0x80; unit *= 0x80) {
      byte = bytes[this.#at++] as number;
      rest += (byte & 0x7f) * unit;
    }
    return rest % 2 === 0 ? rest / 2 : -(rest + 1) / 2;
  }

  #blob(): Buffer | null {
    const length = this.#varint();
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  #headers(): ReadMessage['headers'] {
    const count = this.#varint();
    const headers: ReadMessage['headers'] = {};
    for (let index = 0; index < count; index += 1) {
      const name = this.#name(index);
      if (this.#at > this.#bytes.length) throw new MalformedBatch('a record batch ends within its headers');
      // A header without a value becomes an empty one: kafkajs could not send it on otherwise.
      const value = this.#blob() ?? EMPTY;
      // Not what every object inherits.
      const earlier = Object.hasOwn(headers, name) ? headers[name] : undefined;
      const now =
        earlier === undefined ? value : Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
      if (name === '__proto__')
        Object.defineProperty(headers, name, {
          value: now,
          enumerable: true,
          writable: true,
          configurable: true,
        });
      else headers[name] = now;
    }
    return headers;
  }

  /** The name of the header at `index`: mostly that of the header at this place in the record before. */
  #name(index: number): string {
    const length = this.#varint();
    const start = this.#at;
    this.#at += Math.max(0, length);
    const last = lastNames[index];
    if (last?.length === length && this.#isText(last, start)) return last;
    const name = this.#bytes.toString('utf8', start, this.#at);
    if (index < MAX_LAST_NAMES) lastNames[index] = name;
    return name;
  }

  #isText(text: string, start: number): boolean {
    for (let index = 0; index < text.length; index += 1)
      if (text.charCodeAt(index) !== this.#bytes[start + index] || text.charCodeAt(index) > 0x7f)
        return false;
    return true;
  }
}
