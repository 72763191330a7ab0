/**
 * The record batch of the Kafka protocol (magic 2), as producers write it. In one pass into one buffer: kafkajs makes an encoder
 * of its own for each record, key and header, which is most of what a record costs there (docs/decisions/0024).
 */
import type { WireRecord } from './client-types.ts';
import { crc32c } from './crc32c.ts';

/** Bytes before the first record. */
const HEADER_BYTES = 61;
/** What the length in the header does not count: the offset and the length. */
const UNCOUNTED_BYTES = 12;
const MAGIC = 2;
const CRC_AT = 17;
/** The CRC covers everything from here. */
const ATTRIBUTES_AT = 21;
/** Most records are 64 to 8,191 bytes long, and then their length takes two bytes. */
const USUAL_LENGTH_BYTES = 2;
/** Fewer bytes of records gain too little for the way through the thread pool: a single event mostly. */
const MIN_BYTES_TO_COMPRESS = 1024;
const NULL_LENGTH = -1;
/** From here on the length takes more than one byte. */
const LONG_TEXT = 64;
/** From here on the native encoder is quicker than a loop: it takes 27 ns for any header, a loop 1.5 ns a character. */
const NATIVE_TEXT = 14;

/** Makes the records of a batch smaller; `id` is what the batch says about itself. */
export interface BatchCompression {
  readonly id: number;
  compress(records: Buffer): Promise<Buffer>;
}

export interface BatchOptions {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** The sequence number of the first record. */
  readonly sequence: number;
  readonly compression?: BatchCompression | undefined;
}

/** Bytes of `value` as a varint without sign. */
function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** As the protocol writes numbers that are mostly small: 0, -1, 1, -2 become 0, 1, 2, 3. Exact to 2^52. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

class BatchWriter {
  readonly bytes: Buffer;
  position = HEADER_BYTES;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  record({ key, value, headers, timestamp }: WireRecord, offset: number, firstTimestamp: number): void {
    const start = this.position;
    this.position = start + USUAL_LENGTH_BYTES;
    // Attributes of a record: there are none.
    this.bytes[this.position++] = 0;
    this.#varint(timestamp - firstTimestamp);
    this.#varint(offset);
    this.#blob(key);
    this.#blob(value);
    this.#headers(headers);
    this.#lengthBefore(start);
  }

  #headers(headers: WireRecord['headers']): void {
    let count = 0;
    for (const name in headers) {
      const value = headers[name] as WireRecord['headers'][string];
      count += Array.isArray(value) ? value.length : 1;
    }
    this.#varint(count);
    for (const name in headers) {
      const value = headers[name] as WireRecord['headers'][string];
      if (Array.isArray(value)) for (const one of value) this.#header(name, one);
      else this.#header(name, value);
    }
  }

  #header(name: string, value: string | Buffer): void {
    this.#text(name);
    if (typeof value === 'string') this.#text(value);
    else this.#blob(value);
  }

  #varint(value: number): void {
    let rest = zigzag(value);
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.bytes[this.position++] = (rest % 0x80) | 0x80;
    this.bytes[this.position++] = rest;
  }

  #blob(value: Buffer | null): void {
    if (value === null) {
      this.#varint(NULL_LENGTH);
      return;
    }
    this.#varint(value.length);
    this.bytes.set(value, this.position);
    this.position += value.length;
  }

  #text(text: string): void {
    const { bytes, position } = this;
    const { length } = text;
    if (length < LONG_TEXT) {
      const written =
        length < NATIVE_TEXT ? this.#ascii(text, position + 1) : bytes.write(text, position + 1);
      // As many bytes as characters, unless one of them is not ASCII.
      if (written === length) {
        bytes[position] = zigzag(length);
        this.position = position + 1 + length;
        return;
      }
    }
    this.#varint(Buffer.byteLength(text));
    this.position += bytes.write(text, this.position);
  }

  /** Returns how many characters it has written: it stops at one that is not ASCII. */
  #ascii(text: string, at: number): number {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return index;
      this.bytes[at + index] = code;
    }
    return text.length;
  }

  /** Writes the length of what stands behind its place at `start`, and moves that when the length is not as long as usual. */
  #lengthBefore(start: number): void {
    const body = start + USUAL_LENGTH_BYTES;
    const length = this.position - body;
    const size = varintSize(zigzag(length));
    if (size !== USUAL_LENGTH_BYTES) this.bytes.copyWithin(start + size, body, this.position);
    this.position = start;
    this.#varint(length);
    this.position += length;
  }
}

function writeHeader(
  batch: Buffer,
  records: readonly WireRecord[],
  { producerId, producerEpoch, sequence, compression }: BatchOptions,
): void {
  const first = records[0]?.timestamp ?? 0;
  let last = first;
  for (const { timestamp } of records) if (timestamp > last) last = timestamp;
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - UNCOUNTED_BYTES, 8);
  // The leader's epoch, which only the broker knows.
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(MAGIC, 16);
  batch.writeInt16BE(compression?.id ?? 0, ATTRIBUTES_AT);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(first), 27);
  batch.writeBigInt64BE(BigInt(last), 35);
  batch.writeBigInt64BE(producerId, 43);
  batch.writeInt16BE(producerEpoch, 51);
  batch.writeInt32BE(sequence, 53);
  batch.writeInt32BE(records.length, 57);
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CRC_AT);
}

/** The bytes of a batch of at least one record. The sizes of the records say how much room it needs at most. */
export async function encodeRecordBatch(
  records: readonly WireRecord[],
  options: BatchOptions,
): Promise<Buffer> {
  const first = records[0]?.timestamp ?? 0;
  let capacity = HEADER_BYTES;
  for (const { size } of records) capacity += size;
  const writer = new BatchWriter(capacity);
  for (let offset = 0; offset < records.length; offset += 1)
    writer.record(records[offset] as WireRecord, offset, first);
  const written = writer.bytes.subarray(0, writer.position);
  const compression = written.length < MIN_BYTES_TO_COMPRESS ? undefined : options.compression;
  const batch =
    compression === undefined
      ? written
      : Buffer.concat([
          written.subarray(0, HEADER_BYTES),
          await compression.compress(written.subarray(HEADER_BYTES)),
        ]);
  writeHeader(batch, records, { ...options, compression });
  return batch;
}
