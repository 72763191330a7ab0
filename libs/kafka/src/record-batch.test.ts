import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireRecord } from './client-types.ts';
import { crc32c } from './crc32c.ts';
import { encodeRecordBatch } from './record-batch.ts';
import { toWireRecord } from './wire-record.ts';

interface Encoder {
  readonly buffer: Buffer;
}

const require = createRequire(import.meta.url) as (module: string) => unknown;
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0/index.js') as {
  RecordBatch: (options: object) => Promise<Encoder>;
};
const kafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (
  record: object,
) => Encoder;

const LEADER_EPOCH_AT = 12;

/** As kafkajs writes it; it leaves 0 for the epoch that no producer knows. */
async function byKafkajs(
  records: readonly WireRecord[],
  producerId: number,
  sequence: number,
): Promise<Buffer> {
  const timestamps = records.map(({ timestamp }) => timestamp);
  const first = timestamps[0] ?? 0;
  const { buffer } = await RecordBatch({
    records: records.map(({ key, value, headers, timestamp }, offsetDelta) =>
      kafkajsRecord({ key, value, headers, offsetDelta, timestampDelta: timestamp - first }),
    ),
    firstTimestamp: first,
    maxTimestamp: Math.max(...timestamps),
    producerId,
    producerEpoch: 3,
    firstSequence: sequence,
    lastOffsetDelta: records.length - 1,
  });
  const batch = Buffer.from(buffer);
  batch.writeInt32BE(-1, LEADER_EPOCH_AT);
  return batch;
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: 'binary-ascii', maxLength: 150 }),
);
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const header = fc.oneof(text, bytes, fc.array(fc.oneof(text, bytes), { maxLength: 3 }));
const record = fc
  .record({
    key: fc.option(bytes),
    value: fc.option(
      fc.oneof(
        bytes,
        fc.nat(20_000).map((length) => Buffer.alloc(length, 7)),
      ),
    ),
    headers: fc.dictionary(text, header, { maxKeys: 5 }),
    timestamp: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
  })
  .map(({ timestamp, ...fields }) => toWireRecord({ topic: 't', ...fields }, timestamp));

describe('a batch', () => {
  it('is byte for byte what kafkajs writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 20 }),
        fc.nat(),
        fc.nat(0x7fffffff),
        async (records, producerId, sequence) => {
          const batch = await encodeRecordBatch(records, {
            producerId: BigInt(producerId),
            producerEpoch: 3,
            sequence,
          });

          expect(batch.equals(await byKafkajs(records, producerId, sequence))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes a clock that was set back by years', async () => {
    const records = [1_900_000_000_000, 0].map((timestamp) =>
      toWireRecord({ topic: 't', key: null, value: null, headers: {} }, timestamp),
    );

    const batch = await encodeRecordBatch(records, { producerId: 1n, producerEpoch: 3, sequence: 0 });

    expect(batch.equals(await byKafkajs(records, 1, 0))).toBe(true);
  });
});

it.each([
  ['nothing', '', 0],
  ['the check value of the catalogue', '123456789', 0xe3069283],
  ['less than a word', 'abc', 0x364b3fb7],
])('the CRC-32C of %s is right', (_, input, crc) => {
  expect(crc32c(Buffer.from(input))).toBe(crc);
});
