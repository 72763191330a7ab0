import type { KafkaRecord, RecordsBatch } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { readFetched } from './client-platformatic-records.ts';

const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
const LOG_APPEND_TIME = 1 << 3;

function record(offsetDelta: number, text: string, headers: KafkaRecord['headers'] = []): KafkaRecord {
  const value = Buffer.from(text);
  return {
    length: 0,
    attributes: 0,
    timestampDelta: BigInt(offsetDelta),
    offsetDelta,
    key: null,
    value,
    headers,
  };
}

function batch(firstOffset: bigint, records: KafkaRecord[], more: Partial<RecordsBatch> = {}): RecordsBatch {
  return {
    firstOffset,
    length: 0,
    partitionLeaderEpoch: 0,
    magic: 2,
    crc: 0,
    attributes: 0,
    lastOffsetDelta: records.at(-1)?.offsetDelta ?? 0,
    firstTimestamp: 1000n,
    maxTimestamp: 5000n,
    producerId: -1n,
    producerEpoch: 0,
    firstSequence: 0,
    records,
    ...more,
  };
}

/** The record that ends a transaction: version, then what became of it. */
function marker(firstOffset: bigint, producerId: bigint, type: 'abort' | 'commit'): RecordsBatch {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]);
  return batch(firstOffset, [{ ...record(0, ''), key }], { producerId, attributes: TRANSACTIONAL | CONTROL });
}

function read(
  from: bigint,
  records: RecordsBatch[] | null,
  aborted: { producerId: bigint; firstOffset: bigint }[] = [],
) {
  const { records: read, next } = readFetched('topic', 0, from, { records, abortedTransactions: aborted });
  return { values: read.map(({ offset, value }) => `${offset} ${value?.toString() ?? ''}`), next };
}

describe('what a broker answers to a fetch', () => {
  it('begins at the offset that was asked for, also within a batch, and goes on behind gaps', () => {
    const compacted = batch(4n, [record(1, 'b'), record(3, 'd')], { lastOffsetDelta: 6 });

    expect(read(6n, [compacted])).toEqual({ values: ['7 d'], next: 11n });
  });

  it('is nothing when there is nothing', () => {
    expect(read(6n, null)).toEqual({ values: [], next: 6n });
  });

  it('leaves out what a transaction has taken back, and the records that say so', () => {
    const ofTransaction = (offset: bigint, producerId: bigint, text: string) =>
      batch(offset, [record(0, text)], { producerId, attributes: TRANSACTIONAL });
    const records = [
      ofTransaction(0n, 1n, 'aborted'),
      ofTransaction(1n, 2n, 'committed'),
      batch(2n, [record(0, 'plain')]),
      marker(3n, 1n, 'abort'),
      ofTransaction(4n, 1n, 'second transaction'),
      marker(5n, 2n, 'commit'),
    ];

    expect(read(0n, records, [{ producerId: 1n, firstOffset: 0n }])).toEqual({
      values: ['1 committed', '2 plain', '4 second transaction'],
      next: 6n,
    });
  });

  it('has the time of the record, or that of the log where the topic says so', () => {
    const times = (attributes: number) =>
      readFetched('topic', 0, 0n, {
        records: [batch(0n, [record(0, 'a'), record(1, 'b')], { attributes })],
        abortedTransactions: null,
      }).records.map(({ timestamp }) => timestamp.getTime());

    expect(times(0)).toEqual([1000, 1001]);
    expect(times(LOG_APPEND_TIME)).toEqual([5000, 5000]);
  });

  it('has repeated headers as a list, and an empty one where a header has no value', () => {
    const name = Buffer.from('h');
    const headers: KafkaRecord['headers'] = [
      [name, Buffer.from('1')],
      [name, Buffer.from('2')],
      [name, Buffer.from('3')],
      [Buffer.from('none'), null],
    ];

    const { records } = readFetched('topic', 0, 0n, {
      records: [batch(0n, [record(0, 'a', headers)])],
      abortedTransactions: null,
    });

    expect(records[0]?.headers).toEqual({
      h: ['1', '2', '3'].map((text) => Buffer.from(text)),
      none: Buffer.alloc(0),
    });
  });
});
