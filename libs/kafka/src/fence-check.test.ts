import { expect, it } from 'vitest';
import type { FetchedBatch } from './client-types.ts';
import { startingPoint } from './fence-check.ts';
import { fingerprint } from './fingerprint.ts';
import type { RawRecord } from './types.ts';

function record(offset: bigint, value = `value ${offset}`): RawRecord {
  return {
    topic: 't',
    partition: 0,
    offset,
    timestamp: new Date(1000),
    key: null,
    value: Buffer.from(value),
    headers: {},
  };
}

function batch(offsets: readonly number[], logEnd: bigint): FetchedBatch {
  const never = () => Promise.reject(new Error('not used'));
  const records = offsets.map((offset) => record(BigInt(offset)));
  return {
    topic: 't',
    partition: 0,
    logEnd,
    records,
    heartbeat: never,
    commit: never,
    resolve: () => undefined,
    isCurrent: () => true,
  };
}

const of = (offset: bigint, value?: string) => fingerprint(record(offset, value));

it('begins with the first record when the database remembers nothing', () => {
  expect(startingPoint(batch([4, 5], 6n), undefined)).toEqual({ kind: 'here', offset: 4n });
});

it('begins with the first record when the database is not ahead of it', () => {
  expect(startingPoint(batch([4, 5], 6n), { next: 4n, fingerprint: null })).toEqual({
    kind: 'here',
    offset: 4n,
  });
});

it('passes over what the database has handled', () => {
  expect(startingPoint(batch([4, 5, 6], 7n), { next: 6n, fingerprint: of(5n) })).toEqual({
    kind: 'here',
    offset: 6n,
  });
});

it('reads from the last handled record on when that lies behind this batch', () => {
  expect(startingPoint(batch([4, 5], 100n), { next: 50n, fingerprint: 1 })).toEqual({
    kind: 'seek',
    offset: 49n,
  });
});

it('accepts a last handled record that compaction has removed', () => {
  expect(startingPoint(batch([4, 8], 9n), { next: 6n, fingerprint: 1 })).toEqual({
    kind: 'here',
    offset: 6n,
  });
});

it('refuses a log that ends before what the database has handled', () => {
  expect(() => startingPoint(batch([0], 1n), { next: 50n, fingerprint: null })).toThrow(
    expect.objectContaining({ code: 'TOPIC_RECREATED' }),
  );
});

it('does not refuse a log of which a new leader shows the end later', () => {
  expect(startingPoint(batch([0], 1n), { next: 50n, fingerprint: null }, 50n)).toEqual({
    kind: 'seek',
    offset: 49n,
  });
});

it('refuses a log with another record at the last handled offset', () => {
  expect(() => startingPoint(batch([4, 5, 6], 7n), { next: 6n, fingerprint: of(5n, 'another') })).toThrow(
    expect.objectContaining({ code: 'TOPIC_RECREATED' }),
  );
});
