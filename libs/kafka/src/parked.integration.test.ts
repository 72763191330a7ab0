import { createKafkaBench, jsonCodec, type KafkaBench, type Note, noteContract, waitFor } from '@eda/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConsumer } from './consumer.ts';
import { deadLetterTopic, describeDeadLetter } from './dead-letter.ts';
import { pause } from './backoff.ts';
import { PermanentError } from './errors.ts';
import { createParkedKeys } from './parked-keys.ts';
import type { ParkingPolicy, RetryPolicy, Subscription } from './subscription.ts';
import { subscribe, subscribeBatch } from './subscription.ts';
import type { Handler } from './types.ts';

const SOON: ParkingPolicy = { backoff: { initialMs: 1, maxMs: 20 } };
const LATER: ParkingPolicy = { backoff: { initialMs: 3_600_000, maxMs: 3_600_000 } };
const parking = (policy: ParkingPolicy): RetryPolicy => ({
  maxAttempts: 2,
  backoff: { initialMs: 1, maxMs: 2 },
  onExhausted: 'park-key',
  parking: policy,
});

let bench: KafkaBench;
let topic: string;
let group: string;
let groups = 0;

beforeAll(async () => {
  bench = await createKafkaBench();
  await bench.pool.query(
    'CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, topic text NOT NULL, key text NOT NULL, text text NOT NULL)',
  );
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  group = `group-${(groups += 1)}`;
  topic = await bench.newTopic();
  await bench.newTopic({ name: deadLetterTopic(topic, group) });
});
afterEach(() => bench.cleanUp());

const publish = (...notes: string[]) =>
  Promise.all(
    notes.map((text) => bench.producer.publish(noteContract(topic), { key: text.charAt(0), text })),
  );
const save: Handler<Note> = async ({ data }, { tx }) => {
  await tx.query('INSERT INTO effect (topic, key, text) VALUES ($1, $2, $3)', [topic, data.key, data.text]);
};
const start = (subscription: Subscription, retry: RetryPolicy) =>
  bench.startConsumer({ groupId: group, subscriptions: [subscription], retry, client: bench.newClient() });
async function effects(): Promise<string[]> {
  const { rows } = await bench.pool.query<{ text: string }>(
    'SELECT text FROM effect WHERE topic = $1 ORDER BY n',
    [topic],
  );
  return rows.map(({ text }) => text);
}
const parked = () => createParkedKeys({ pool: bench.pool, groupId: group, producer: bench.producer });
const letters = async () =>
  (await bench.readAll(deadLetterTopic(topic, group))).map((record) => describeDeadLetter(record));
const nothingParked = () =>
  waitFor(async () => (await parked().list()).length === 0, {
    description: 'nothing is parked',
    timeoutMs: 20_000,
  });

/** Handles notes, and fails on `text` as long as it is broken. */
function breakable(text: string) {
  const state = { broken: true, failures: 0 };
  const handler: Handler<Note> = async (record, context) => {
    if (record.data.text === text && state.broken) {
      state.failures += 1;
      throw new Error('not now');
    }
    await save(record, context);
  };
  return { state, handler };
}

describe.each<[string, (handler: Handler<Note>) => Subscription]>([
  ['a handler of one event', (handler) => subscribe(noteContract(topic), handler)],
  [
    'a batch handler',
    (handler) =>
      subscribeBatch(noteContract(topic), async (records, context) => {
        for (const record of records) await handler(record, context);
      }),
  ],
])('with %s', (_, subscribed) => {
  it('a bad event parks its key: others go on, those behind it wait, and all take effect in order in the end', async () => {
    const { state, handler } = breakable('a1');
    await publish('a0', 'b0', 'a1', 'b1', 'a2', 'b2');
    await start(subscribed(handler), parking(SOON));
    await bench.caughtUp(group, topic);
    await publish('a3', 'b3');
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(['a0', 'b0', 'b1', 'b2', 'b3']);
    const [key] = await parked().list();
    expect(key).toMatchObject({
      topic,
      key: 'a',
      records: 3,
      first: { partition: 0, offset: 2n },
      failure: { name: 'Error', message: 'not now', code: 'UNCLASSIFIED' },
    });
    await waitFor(() => state.failures > 3, { description: 'it is tried again' });

    state.broken = false;
    await nothingParked();
    await publish('a4');
    await bench.caughtUp(group, topic);
    expect(await effects()).toEqual(['a0', 'b0', 'b1', 'b2', 'b3', 'a1', 'a2', 'a3', 'a4']);
    expect(await letters()).toEqual([]);
  });

  it('what is parked is neither overtaken nor forgotten when the policy does not park any more', async () => {
    const { state, handler } = breakable('a0');
    await publish('a0', 'b0');
    const before = await start(subscribed(handler), parking(LATER));
    await bench.caughtUp(group, topic);
    await before.stop();
    state.broken = false;

    await start(subscribed(handler), { ...parking(LATER), onExhausted: 'dead-letter' });
    await publish('a1', 'b1');
    await bench.caughtUp(group, topic);
    expect(await effects()).toEqual(['b0', 'b1']);
    await parked().retryNow(topic, 'a');

    await nothingParked();
    expect(await effects()).toEqual(['b0', 'b1', 'a0', 'a1']);
  });

  it('order and effects are exact with random failures, lost connections, two members and a third that comes later', async () => {
    topic = await bench.newTopic({ partitions: 3 });
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const perKey = 25;
    let seed = 4711;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    const handler: Handler<Note> = async (record, context) => {
      if (random() < 0.25) throw new Error('by chance');
      await save(record, context);
      if (random() < 0.03) {
        const { rows } = await context.tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await bench.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      }
    };
    const member = () =>
      bench.startConsumer({
        groupId: group,
        subscriptions: [subscribed(handler)],
        retry: { ...parking(SOON), maxAttempts: 1 },
        client: bench.newClient(),
        pool: bench.newPool(),
      });
    await member();
    await member();
    for (let n = 0; n < perKey; n += 1) {
      await publish(...keys.map((key) => `${key}${n}`));
      if (n === 10) await member();
    }
    await bench.caughtUp(group, topic);
    await nothingParked();

    const found = Map.groupBy(await effects(), (text) => text.charAt(0));
    const expected = keys.map(
      (key) => [key, Array.from({ length: perKey }, (__, n) => `${key}${n}`)] as const,
    );
    expect(new Map([...found].sort())).toEqual(new Map(expected));
  }, 60_000);
});

it('what is parked for a topic that nobody subscribes to any more is told of', async () => {
  const { handler } = breakable('a0');
  await publish('a0', 'a1');
  const before = await start(subscribe(noteContract(topic), handler), parking(LATER));
  await bench.caughtUp(group, topic);
  await before.stop();

  const other = await bench.newTopic();
  const consumer = await start(subscribe(noteContract(other), save), parking(LATER));

  await waitFor(() => consumer.health().warning?.includes(`${topic} (1 keys, 2 records)`), {
    description: 'the health says so',
  });
});

it('an operator may have it tried at once', async () => {
  const { state, handler } = breakable('a0');
  await publish('a0', 'a1');
  await start(subscribe(noteContract(topic), handler), parking(LATER));
  await bench.caughtUp(group, topic);
  expect(await effects()).toEqual([]);
  state.broken = false;

  expect(await parked().retryNow(topic, 'x')).toBe(false);
  expect(await parked().retryNow(topic, 'a')).toBe(true);

  await nothingParked();
  expect(await effects()).toEqual(['a0', 'a1']);
});

it('an operator may give the first one up: it becomes a dead letter, and those behind it take effect', async () => {
  const { handler } = breakable('a0');
  await publish('a0', 'a1', 'a2');
  await start(subscribe(noteContract(topic), handler), parking(LATER));
  await bench.caughtUp(group, topic);

  expect(await parked().giveUp(topic, 'a')).toBe(true);

  await nothingParked();
  expect(await parked().giveUp(topic, 'a')).toBe(false);
  expect(await effects()).toEqual(['a1', 'a2']);
  expect(await letters()).toMatchObject([{ offset: 0n, attempts: 2, errorMessage: 'not now' }]);
  const [letter, original] = [
    (await bench.readAll(deadLetterTopic(topic, group)))[0],
    (await bench.readAll(topic))[0],
  ];
  expect(letter).toMatchObject({ key: original?.key, value: original?.value, headers: original?.headers });
});

it('only what has failed is given up: not the one behind it that comes first in the meantime', async () => {
  const trying = Promise.withResolvers<undefined>();
  const mend = Promise.withResolvers<undefined>();
  await publish('a0', 'a1');
  await start(
    subscribe(noteContract(topic), async (record, context) => {
      if (record.data.text === 'a0') {
        if (record.attempt <= 2) throw new Error('not now');
        trying.resolve(undefined);
        await mend.promise;
      }
      await save(record, context);
    }),
    parking(SOON),
  );
  await trying.promise;
  await bench.caughtUp(group, topic);

  const given = parked().giveUp(topic, 'a');
  await waitFor(
    async () =>
      (
        await bench.pool.query(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
        )
      ).rowCount,
    { description: 'the operator waits for the try' },
  );
  mend.resolve(undefined);

  expect(await given).toBe(false);
  await nothingParked();
  expect(await effects()).toEqual(['a0', 'a1']);
  expect(await letters()).toEqual([]);
});

it('of two members that find a parked record beyond help, one writes the dead letter', async () => {
  // Both have tried it before either of them writes, and the second writes only after the first.
  const bothTried = Promise.withResolvers<undefined>();
  let tries = 0;
  const hopeless = () =>
    subscribe<Note>(noteContract(topic), (record) => {
      if (record.attempt <= 2) return Promise.reject(new Error('not now'));
      tries += 1;
      if (tries === 2) bothTried.resolve(undefined);
      return Promise.reject(new PermanentError('never', { code: 'NEVER' }));
    });
  const slow = bench.newProducer();
  slow.send = async (record) => {
    await Promise.race([bothTried.promise, pause(1500)]);
    return bench.producer.send(record);
  };
  const member = () =>
    bench.startConsumer({
      groupId: group,
      subscriptions: [hopeless()],
      retry: parking(SOON),
      producer: slow,
      client: bench.newClient(),
    });
  await publish('a0');
  await member();
  await member();
  await bench.caughtUp(group, topic);
  await nothingParked();

  expect(await letters()).toMatchObject([{ code: 'NEVER' }]);
});

it('a key that has nothing left, but is held by who is about to put a record behind it, is looked at now and then', async () => {
  await start(subscribe(noteContract(topic), save), parking(SOON));
  const looks: number[] = [];
  const holder = await bench.pool.connect();
  bench.defer(() => {
    holder.release(true);
  });
  await holder.query(
    "INSERT INTO parked_key (group_id, topic, key, attempts, next_try_at) VALUES ($1, $2, $3, 0, 'infinity')",
    [group, topic, Buffer.from('a')],
  );
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM parked_key WHERE group_id = $1 FOR KEY SHARE', [group]);
  // Due only when it is held: the retrier would have let it go before.
  await bench.pool.query('UPDATE parked_key SET next_try_at = now() WHERE group_id = $1', [group]);
  let seen = '';
  await waitFor(
    async () => {
      const { rows } = await bench.pool.query<{ xmin: string }>(
        'SELECT xmin::text FROM parked_key WHERE group_id = $1',
        [group],
      );
      const [row] = rows;
      if (row !== undefined && row.xmin !== seen) looks.push(performance.now());
      seen = row?.xmin ?? '';
      return looks.length >= 4;
    },
    { description: 'the retrier looks at the key' },
  );
  await holder.query('COMMIT');
  await nothingParked();

  // The first is ours.
  expect((looks[3] ?? 0) - (looks[1] ?? 0)).toBeGreaterThan(400);
});

it('what turns out to be beyond help while it is parked becomes a dead letter, and those behind it take effect', async () => {
  const { handler } = breakable('a0');
  await publish('a0', 'a1');
  await bench.producer.send({
    topic,
    key: Buffer.from('a'),
    value: Buffer.from('garbage'),
    headers: {},
  });
  await publish('a2');
  await start(
    subscribe(noteContract(topic), (record, context) =>
      record.attempt > 2 && record.data.text === 'a0'
        ? Promise.reject(new PermanentError('never', { code: 'NEVER' }))
        : handler(record, context),
    ),
    parking(SOON),
  );
  await bench.caughtUp(group, topic);
  await nothingParked();

  expect(await effects()).toEqual(['a1', 'a2']);
  expect((await letters()).map((letter) => 'code' in letter && letter.code).sort()).toEqual([
    'NEVER',
    'NOT_AN_EVENT',
  ]);
});

it('an event that the database cannot keep becomes a dead letter instead', async () => {
  const { handler } = breakable('a0');
  const event = (text: string) => ({
    topic,
    key: Buffer.from('a'),
    headers: { ['na\0me']: 'kept' },
    value: Buffer.from(JSON.stringify({ id: `${topic}-${text}`, data: { key: 'a', text }, extensions: {} })),
  });
  await bench.producer.send(event('a0'));
  await start(subscribe(noteContract(topic), handler), parking(LATER));
  await bench.caughtUp(group, topic);

  expect(await parked().list()).toEqual([]);
  expect(await letters()).toMatchObject([{ errorMessage: 'not now' }]);
});

it('what is parked already is not parked again when it comes again, and another record in its place is not lost', async () => {
  const { handler } = breakable('a0');
  await publish('a0', 'a1');
  const first = await start(subscribe(noteContract(topic), handler), parking(LATER));
  await bench.caughtUp(group, topic);
  await first.stop();
  await bench.pool.query('UPDATE parked_record SET value = $3 WHERE group_id = $1 AND record_offset = $2', [
    group,
    1,
    Buffer.from('of an older topic'),
  ]);
  await bench.pool.query('UPDATE consumer_offset SET next_offset = 0 WHERE group_id = $1', [group]);

  await publish('b0');
  await start(subscribe(noteContract(topic), handler), parking(LATER));
  await waitFor(async () => (await effects()).includes('b0'), {
    description: 'those behind them take effect',
  });

  expect(await parked().list()).toMatchObject([{ key: 'a', records: 2 }]);
  expect(await letters()).toMatchObject([{ offset: 1n, code: 'CANNOT_BE_PARKED' }]);
});

it('an event without a key has no order to keep: it becomes a dead letter', async () => {
  await bench.producer.send({
    topic,
    key: null,
    partition: 0,
    headers: {},
    value: Buffer.from(JSON.stringify({ id: `${topic}-x`, data: { key: 'x', text: 'x0' }, extensions: {} })),
  });
  const { handler } = breakable('x0');
  await start(subscribe(noteContract(topic), handler), parking(SOON));
  await bench.caughtUp(group, topic);

  expect(await letters()).toHaveLength(1);
  expect(await parked().list()).toEqual([]);
});

it('beyond its bounds the partition waits and says so; nothing is passed over', async () => {
  const { state, handler } = breakable('a0');
  await publish('a0', 'a1', 'a2', 'a3', 'b0');
  const consumer = await start(
    subscribe(noteContract(topic), handler),
    parking({ backoff: { initialMs: 500, maxMs: 500 }, maxRecordsPerKey: 3 }),
  );
  await waitFor(() => consumer.health().reason?.includes('more than 3 records'), {
    description: 'the health says so',
  });
  expect(await effects()).toEqual([]);

  state.broken = false;
  await bench.caughtUp(group, topic);
  await nothingParked();
  expect(await effects()).toEqual(['a0', 'a1', 'a2', 'a3', 'b0']);
});

it('a redelivered event that is parked twice has one effect', async () => {
  const { state, handler } = breakable('a0');
  const twice = () =>
    bench.producer.publish(noteContract(topic), { key: 'a', text: 'a0' }, { id: `${topic}-a0` });
  await twice();
  await twice();
  await publish('a1');
  await start(subscribe(noteContract(topic), handler), parking(SOON));
  await bench.caughtUp(group, topic);
  state.broken = false;
  await nothingParked();

  expect(await effects()).toEqual(['a0', 'a1']);
});

it('is refused where there is no store to park in', () => {
  const { client, producer, logger } = bench;
  expect(() =>
    createConsumer({
      client,
      producer,
      logger,
      codec: jsonCodec,
      store: 'none',
      groupId: group,
      retry: parking(SOON),
      subscriptions: [subscribe(noteContract(topic), save)],
    }),
  ).toThrow('parked in the store');
});
