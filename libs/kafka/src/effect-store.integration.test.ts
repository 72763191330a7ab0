import { createKafkaBench, type KafkaBench, waitFor } from '@eda/testing';
import type { PoolClient } from 'pg';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EffectStore } from './effect-store.ts';
import { fingerprint } from './fingerprint.ts';
import type { RawRecord } from './types.ts';

let bench: KafkaBench;
let store: EffectStore;
let tests = 0;

beforeAll(async () => {
  bench = await createKafkaBench();
  await bench.pool.query('CREATE TABLE effect (name text NOT NULL)');
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  store = new EffectStore(bench.pool, `group-${(tests += 1)}`, 5000);
  await bench.pool.query('TRUNCATE effect');
});

const at = (offset: bigint): RawRecord => ({
  topic: 't',
  partition: 0,
  offset,
  timestamp: new Date(0),
  key: null,
  value: Buffer.from(`${offset}`),
  headers: {},
});
const write = (name: string) => async (tx: PoolClient) => {
  await tx.query('INSERT INTO effect (name) VALUES ($1)', [name]);
};
const effects = async () =>
  (await bench.pool.query<{ name: string }>('SELECT name FROM effect ORDER BY name')).rows.map(
    ({ name }) => name,
  );

it('applies an event once, whatever its offset', async () => {
  expect(await store.apply(at(0n), 'a', write('a'))).toBe('applied');
  expect(await store.apply(at(1n), 'a', write('a again'))).toBe('duplicate');

  expect(await effects()).toEqual(['a']);
  expect(await store.fence('t', 0)).toEqual({ next: 2n, fingerprint: fingerprint(at(1n)) });
});

it('applies nothing at an offset that was passed, whatever the event', async () => {
  await store.apply(at(5n), 'a', write('a'));

  expect(await store.apply(at(5n), 'b', write('b'))).toBe('fenced');
  expect(await store.apply(at(4n), 'c', write('c'))).toBe('fenced');

  expect(await effects()).toEqual(['a']);
});

it('lets one of two members that believe to own the partition apply a record; the other waits and is kept out', async () => {
  const entered = Promise.withResolvers<undefined>();
  const leave = Promise.withResolvers<undefined>();
  const first = store.apply(at(0n), 'a', async (tx) => {
    await write('first')(tx);
    entered.resolve(undefined);
    await leave.promise;
  });
  await entered.promise;
  const second = store.apply(at(0n), 'b', write('second'));
  await waitFor(
    async () =>
      (
        await bench.pool.query(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
        )
      ).rowCount,
    { description: 'the second waits for the first' },
  );

  leave.resolve(undefined);

  expect(await Promise.all([first, second])).toEqual(['applied', 'fenced']);
  expect(await effects()).toEqual(['first']);
});

it('remembers nothing of an effect that fails', async () => {
  const failing = store.apply(at(0n), 'a', async (tx) => {
    await write('half')(tx);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');

  expect(await store.fence('t', 0)).toBeUndefined();
  expect(await store.apply(at(0n), 'a', write('whole'))).toBe('applied');
  expect(await effects()).toEqual(['whole']);
});

it('passes a record without an effect, and never goes back', async () => {
  await store.pass(at(7n));
  await store.pass(at(3n));

  expect(await store.fence('t', 0)).toEqual({ next: 8n, fingerprint: fingerprint(at(7n)) });
});

it('says of an id that no database can keep that it will never be better', async () => {
  const never = { verdict: 'poison', code: 'BAD_EVENT_ID' };
  await expect(store.apply(at(0n), 'a\0b', write('a'))).rejects.toMatchObject(never);
  const chunk = [
    { record: at(0n), eventId: 'a' },
    { record: at(1n), eventId: 'a\0b' },
  ];
  await expect(store.applyChunk(chunk, (_, tx) => write('a')(tx))).rejects.toMatchObject(never);

  expect(await effects()).toEqual([]);
});

describe('a fence that is behind where it was, or gone, as after a failover that lost commits,', () => {
  it.each([
    [4, 'UPDATE consumer_offset SET next_offset = 4 WHERE group_id = $1'],
    [0, 'DELETE FROM consumer_offset WHERE group_id = $1'],
  ])('lets nothing through, and tells where it is: %i', async (next, lose) => {
    await store.apply(at(6n), 'a', write('a'));
    await bench.pool.query(lose, [`group-${tests}`]);

    const keyed = { ...at(7n), key: Buffer.from('k') };
    const why = { failure: { name: 'n', message: 'm', code: 'c' }, attempts: 1, delayMs: 1 };
    const back = { name: 'FenceWentBack', next: BigInt(next) };
    await expect(store.apply(at(7n), 'b', write('b'))).rejects.toMatchObject(back);
    await expect(
      store.applyChunk([{ record: at(7n), eventId: 'b' }], (_, tx) => write('b')(tx)),
    ).rejects.toMatchObject(back);
    await expect(store.pass(at(7n))).rejects.toMatchObject(back);
    await expect(store.park(keyed, why, { maxRecordsPerKey: 9, maxKeys: 9 })).rejects.toMatchObject(back);
    expect(await effects()).toEqual(['a']);

    expect((await store.fence('t', 0))?.next).toBe(next === 0 ? undefined : BigInt(next));
    expect(await store.apply(at(7n), 'b', write('b'))).toBe('applied');
  });
});
