import { expect, it } from 'vitest';
import { InvalidRecord } from './errors.ts';
import { encodeRecordBatch } from './record-batch.ts';
import type { OutgoingRecord } from './types.ts';
import { toWireRecord } from './wire-record.ts';

const record = { topic: 't', key: Buffer.from('k'), value: Buffer.from('v'), headers: {} };

it('takes strings and bytes as headers, one or several', () => {
  const headers = { a: 'x', b: Buffer.from('y'), c: ['1', Buffer.from('2')] };

  expect(toWireRecord({ ...record, headers }).headers).toEqual(headers);
});

it('keeps the headers that it was given, whatever the caller does with its own later', () => {
  const headers: OutgoingRecord['headers'] = { a: 'x', b: ['1'] };

  const wire = toWireRecord({ ...record, headers });
  headers['a'] = 1 as never;
  (headers['b'] as string[]).push('2');

  expect(wire.headers).toEqual({ a: 'x', b: ['1'] });
});

it.each([
  ['a number as header', { headers: { a: 1 } }],
  ['null as header', { headers: { a: null } }],
  ['an object in a list of headers', { headers: { a: ['x', {}] } }],
  ['a string as key', { key: 'k' }],
  ['a number as key', { key: 5 }],
  ['undefined as value', { value: undefined }],
  ['an object as value', { value: {} }],
  ['an empty topic', { topic: '' }],
  ['a negative partition', { partition: -1 }],
  ['a partition that is no number', { partition: 'p' }],
])('refuses %s with a code', (_, wrong) => {
  const make = () => toWireRecord({ ...record, ...wrong } as unknown as OutgoingRecord);

  expect(make).toThrow(InvalidRecord);
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_RECORD' }));
});

it('is never smaller than on the wire', async () => {
  const wire = toWireRecord({
    ...record,
    key: Buffer.alloc(100),
    value: Buffer.alloc(1000),
    headers: { name: 'ä'.repeat(50), twice: ['1', Buffer.from('2')], '': '' },
  });

  const batch = await encodeRecordBatch([wire], { producerId: 1n, producerEpoch: 0, sequence: 0 });

  expect(wire.size).toBeGreaterThanOrEqual(batch.length - 61);
  expect(wire.size).toBeLessThan(1400);
});
