import { createRequire } from 'node:module';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchCompression } from './compression.ts';
import type { Decompress } from './record-batch-reader.ts';
import { isReadable, MalformedBatch, readRecordBatches } from './record-batch-reader.ts';
import { encodeRecordBatch } from './record-batch.ts';
import { toWireRecord } from './wire-record.ts';

interface KafkajsMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer | Buffer[]>;
}

const require = createRequire(import.meta.url) as (module: string) => unknown;
const KafkajsDecoder = require('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => object;
const readByKafkajs = require('kafkajs/src/protocol/recordBatch/v0/decoder.js') as (
  decoder: object,
) => Promise<{ readonly records: readonly KafkajsMessage[] }>;

const ATTRIBUTES_AT = 21;
const OPTIONS = { producerId: 7n, producerEpoch: 0, sequence: 0 };
const gunzipAsync = promisify(gunzip);
const decompress: Decompress = (attributes, bytes) =>
  (attributes & 7) === 1 ? gunzipAsync(bytes) : undefined;

const text = fc.string({ unit: 'grapheme', maxLength: 80 });
/** kafkajs takes what every object inherits for an earlier header of this name. */
const name = text.filter((candidate) => !(candidate in {}));
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const records = fc.array(
  fc
    .record({
      key: fc.option(bytes),
      value: fc.option(
        fc.oneof(
          bytes,
          fc.nat(20_000).map((length) => Buffer.alloc(length, 7)),
        ),
      ),
      headers: fc.dictionary(name, fc.oneof(text, bytes, fc.array(bytes, { minLength: 2, maxLength: 3 }))),
      timestamp: fc.nat(4_000_000_000_000),
    })
    .map(({ timestamp, ...record }) => toWireRecord({ topic: 'topic', ...record }, timestamp)),
  { minLength: 1, maxLength: 8 },
);

const simple = (...values: string[]) =>
  values.map((value, index) =>
    toWireRecord({ topic: 'topic', key: null, value: Buffer.from(value), headers: {} }, 1000 + index),
  );
const batchOf = (...values: string[]) => encodeRecordBatch(simple(...values), OPTIONS);
const values = async (batches: Buffer) =>
  (await readRecordBatches(batches, decompress)).map(
    ({ offset, timestamp, value }) => `${offset} ${timestamp} ${String(value)}`,
  );

/** Where the first record of the batch gets its place in the log. */
function at(offset: bigint, batch: Buffer): Buffer {
  batch.writeBigInt64BE(offset, 0);
  return batch;
}

describe('a record batch', () => {
  it('is read as kafkajs reads it', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.bigInt({ min: 0n, max: 2n ** 60n }), async (written, offset) => {
        const batch = at(offset, await encodeRecordBatch(written, OPTIONS));
        const { records: expected } = await readByKafkajs(new KafkajsDecoder(batch));

        expect(
          (await readRecordBatches(batch, decompress)).map((message) => ({
            offset: String(message.offset),
            timestamp: String(message.timestamp),
            key: message.key,
            value: message.value,
            headers: message.headers,
          })),
        ).toEqual(
          expected.map(({ offset: place, timestamp, key, value, headers }) => ({
            offset: place,
            timestamp,
            key,
            value,
            headers,
          })),
        );
      }),
    );
  });

  it('is read when it is compressed', async () => {
    const long = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(100));
    const compression = batchCompression('gzip');
    const batch = await encodeRecordBatch(simple(...long), { ...OPTIONS, compression });

    expect(batch.length).toBeLessThan(1000);
    expect((await readRecordBatches(batch, decompress)).map(({ value }) => String(value))).toEqual(long);
  });

  it('is left out when the broker has cut it off, and those before it are read', async () => {
    const whole = at(5n, await batchOf('a', 'b'));
    const cut = at(7n, await batchOf('c'));

    for (const length of [0, 5, 30, 61, cut.length - 1])
      expect(await values(Buffer.concat([whole, cut.subarray(0, length)]))).toEqual(['5 1000 a', '6 1001 b']);
    expect(await values(Buffer.concat([whole, cut]))).toHaveLength(3);
  });

  it('gives its records the time of the append where the topic says so', async () => {
    const batch = await batchOf('a', 'b');
    batch.writeInt16BE(0x8, ATTRIBUTES_AT);

    expect(await values(batch)).toEqual(['0 1001 a', '1 1001 b']);
  });

  it('tells what belongs to a transaction, and what ends one', async () => {
    const [ordinary] = await readRecordBatches(await batchOf('a'), decompress);
    const batch = await batchOf('a');
    batch.writeInt16BE(0x30, ATTRIBUTES_AT);
    const [marker] = await readRecordBatches(batch, decompress);

    expect(ordinary).toMatchObject({ isControlRecord: false, batchContext: { inTransaction: false } });
    expect(marker).toMatchObject({
      isControlRecord: true,
      batchContext: { inTransaction: true, producerId: '7' },
    });
  });

  it('with a header that is named like what objects inherit is read as it is', async () => {
    const headers = Object.fromEntries([
      ['__proto__', 'a'],
      ['toString', 'b'],
    ]);
    const record = toWireRecord({ topic: 'topic', key: null, value: null, headers }, 0);
    const [message] = await readRecordBatches(await encodeRecordBatch([record], OPTIONS), decompress);

    expect(Object.entries(message?.headers ?? {}).map(([name, value]) => [name, String(value)])).toEqual([
      ['__proto__', 'a'],
      ['toString', 'b'],
    ]);
  });

  it('is refused when a length in it is wrong', async () => {
    const batch = await batchOf('abc');
    batch[61] = 0x7e;
    await expect(readRecordBatches(batch, decompress)).rejects.toThrow(MalformedBatch);

    const shorter = await batchOf('abc');
    shorter[61] = (shorter[61] as number) - 4;
    await expect(readRecordBatches(shorter, decompress)).rejects.toThrow(MalformedBatch);
  });

  it('of an older format is left to others', async () => {
    const batch = await batchOf('a');
    expect(isReadable(batch)).toBe(true);
    batch[16] = 1;
    expect(isReadable(batch)).toBe(false);
  });
});
