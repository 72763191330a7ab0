import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import {
  deadLetterTopic,
  describeDeadLetter,
  REDRIVEN_HEADER,
  toDeadLetter,
  withoutReason,
} from './dead-letter.ts';
import { PermanentError } from './errors.ts';
import type { OutgoingRecord, RawHeaders, RawRecord } from './types.ts';

const original: RawRecord = {
  topic: 'orders.v1',
  partition: 3,
  offset: 9_007_199_254_740_993n,
  timestamp: new Date('2026-01-02T03:04:05.678Z'),
  key: Buffer.from('key'),
  value: Buffer.from([0, 1, 255]),
  headers: { ce_id: Buffer.from('e1'), twice: [Buffer.from('1'), Buffer.from('2')] },
};
const failedAt = new Date('2026-01-02T03:04:06Z');

const bytes = (value: string | Buffer) => (typeof value === 'string' ? Buffer.from(value) : value);

/** The headers of a record as the broker gives them back. */
function onWire({ headers }: OutgoingRecord): RawHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(bytes) : bytes(value),
    ]),
  );
}

function asRead(headers: RawHeaders, value: Buffer | null = original.value): RawRecord {
  return { ...original, topic: 'orders.v1.billing.dlq', partition: 1, offset: 7n, value, headers };
}

it('carries the headers of Connect’s dead letters and some of its own, all as text', () => {
  const error = new PermanentError('no such schema', { code: 'UNKNOWN_SCHEMA' });

  const letter = toDeadLetter(original, {
    groupId: 'billing',
    stage: 'decode',
    error,
    attempts: 2,
    failedAt,
  });

  const reasons = Object.entries(letter.headers).filter(([name]) => name.startsWith('__dlq.errors.'));
  expect(Object.fromEntries(reasons.map(([name, value]) => [name.slice(13), value]))).toEqual({
    topic: 'orders.v1',
    partition: '3',
    offset: '9007199254740993',
    timestamp: '1767323045678',
    group: 'billing',
    'connector.name': 'billing',
    'task.id': hostname(),
    stage: 'decode',
    'class.name': 'EventCodec',
    'exception.class.name': 'PermanentError',
    'exception.message': 'no such schema',
    'exception.stacktrace': error.stack,
    code: 'UNKNOWN_SCHEMA',
    attempts: '2',
    failed_at: '2026-01-02T03:04:06.000Z',
  });
});

it('names the topic after topic and group', () => {
  expect(deadLetterTopic('orders.v1', 'billing')).toBe('orders.v1.billing.dlq');
});

it('keeps key, value and headers and says what happened in a way that can be read back', () => {
  const error = new PermanentError('no such schema', { code: 'UNKNOWN_SCHEMA' });

  const letter = toDeadLetter(original, {
    groupId: 'billing',
    stage: 'decode',
    error,
    attempts: 2,
    failedAt,
  });

  expect(letter).toMatchObject({ topic: 'orders.v1.billing.dlq', key: original.key, value: original.value });
  const read = describeDeadLetter(asRead(onWire(letter)));
  expect(read).toMatchObject({
    kind: 'dead-letter',
    deadLetterTopic: 'orders.v1.billing.dlq',
    deadLetterPartition: 1,
    deadLetterOffset: 7n,
    topic: 'orders.v1',
    partition: 3,
    offset: original.offset,
    timestamp: original.timestamp,
    groupId: 'billing',
    stage: 'decode',
    errorName: 'PermanentError',
    errorMessage: 'no such schema',
    code: 'UNKNOWN_SCHEMA',
    attempts: 2,
    failedAt,
  });
  expect(withoutReason(onWire(letter))).toEqual(original.headers);
});

it.each([
  ['a string', 'broken', 'broken'],
  ['null', null, 'thrown value: null'],
  ['undefined', undefined, 'thrown value: undefined'],
  ['an object', { a: 1 }, 'thrown value: {"a":1}'],
])('describes %s that was thrown', (_, error, message) => {
  const letter = toDeadLetter(original, { groupId: 'g', stage: 'handler', error, attempts: 1, failedAt });

  expect(describeDeadLetter(asRead(onWire(letter)))).toMatchObject({
    errorMessage: message,
    code: 'UNCLASSIFIED',
  });
});

it('cuts messages and stacks that would make the letter larger than the record', () => {
  const error = new Error('x'.repeat(1_000_000));

  const letter = toDeadLetter(original, { groupId: 'g', stage: 'handler', error, attempts: 1, failedAt });

  expect(JSON.stringify(letter.headers).length).toBeLessThan(12_000);
});

it('gives a record that fails again after its redrive the new reason only', () => {
  const first = toDeadLetter(original, {
    groupId: 'g',
    stage: 'decode',
    error: new Error('one'),
    attempts: 1,
    failedAt,
  });
  const again = { ...original, headers: onWire(first) };

  const second = toDeadLetter(again, {
    groupId: 'g',
    stage: 'handler',
    error: new Error('two'),
    attempts: 3,
    failedAt,
  });

  expect(describeDeadLetter(asRead(onWire(second)))).toMatchObject({
    errorMessage: 'two',
    attempts: 3,
  });
});

it('reads the marker of a redriven letter', () => {
  const marker = asRead({ [REDRIVEN_HEADER]: Buffer.from('2:41') }, null);

  expect(describeDeadLetter(marker)).toMatchObject({ kind: 'redriven', partition: 2, offset: 41n });
});

it('knows the records by which those who redrive tell each other', () => {
  const record = asRead({ '__dlq.run': Buffer.from('run-1:begin') }, null);

  expect(describeDeadLetter(record)).toMatchObject({ kind: 'redrive-run' });
});

it.each<[string, RawHeaders]>([
  ['no headers', {}],
  [
    'an offset that is no number',
    {
      '__dlq.errors.topic': Buffer.from('t'),
      '__dlq.errors.partition': Buffer.from('0'),
      '__dlq.errors.offset': Buffer.from('-1'),
    },
  ],
  ['a marker without a place', { [REDRIVEN_HEADER]: Buffer.from('somewhere') }],
])('calls a record with %s foreign', (_, headers) => {
  expect(describeDeadLetter(asRead(headers, null))).toMatchObject({ kind: 'foreign' });
});
