import { expect, it } from 'vitest';
import { InvalidRecord } from './errors.ts';
import type { OutgoingRecord } from './types.ts';
import { toWireRecord, wireSize } from './wire-record.ts';

const record = { topic: 't', key: Buffer.from('k'), value: Buffer.from('v'), headers: {} };

it('takes strings and bytes as headers, one or several', () => {
  const { headers } = toWireRecord({
    ...record,
    headers: { a: 'x', b: Buffer.from('y'), c: ['1', Buffer.from('2')] },
  });

  expect(headers).toEqual({
    a: Buffer.from('x'),
    b: Buffer.from('y'),
    c: [Buffer.from('1'), Buffer.from('2')],
  });
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

it('counts at least the bytes of key, value and headers', () => {
  const wire = toWireRecord({
    ...record,
    key: Buffer.alloc(100),
    value: Buffer.alloc(1000),
    headers: { name: 'x'.repeat(50) },
  });

  expect(wireSize(wire)).toBeGreaterThanOrEqual(1154);
});
