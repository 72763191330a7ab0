import { createKafkaBench, type KafkaBench, type Note, noteContract, waitFor } from '@eda/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deadLetterTopic, describeDeadLetter } from './dead-letter.ts';
import { TransientError } from './errors.ts';
import type { RetryPolicy } from './subscription.ts';
import { subscribe, subscribeBatch } from './subscription.ts';
import type { BatchHandler } from './types.ts';

const QUICK: RetryPolicy = {
  maxAttempts: 2,
  backoff: { initialMs: 1, maxMs: 5 },
  onExhausted: 'dead-letter',
};

let bench: KafkaBench;
let topic: string;
let group: string;
let groups = 0;
/** What each call of the handler was given. */
let calls: string[][];

beforeAll(async () => {
  bench = await createKafkaBench();
  await bench.pool.query(
    'CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, topic text NOT NULL, text text NOT NULL)',
  );
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  topic = await bench.newTopic();
  group = `group-${(groups += 1)}`;
  await bench.newTopic({ name: deadLetterTopic(topic, group) });
  calls = [];
});
afterEach(() => bench.cleanUp());

const texts = (from: number, count: number) => Array.from({ length: count }, (_, n) => `${from + n}`);
const publish = (notes: readonly string[], ids?: (text: string) => string) =>
  Promise.all(
    notes.map((text) =>
      bench.producer.publish(
        noteContract(topic),
        { key: 'key', text },
        ids === undefined ? {} : { id: `${topic}-${ids(text)}` },
      ),
    ),
  );
const garbage = () =>
  bench.producer.send({ topic, key: Buffer.from('key'), value: Buffer.from('garbage'), headers: {} });

/** Writes all notes with one statement. */
const save: BatchHandler<Note> = async (records, { tx }) => {
  calls.push(records.map(({ data }) => data.text));
  await tx.query('INSERT INTO effect (topic, text) SELECT $1, unnest($2::text[])', [
    topic,
    records.map(({ data }) => data.text),
  ]);
};
const start = (handler: BatchHandler<Note>, { maxBatchRecords = 500, handlerTimeoutMs = 5000 } = {}) =>
  bench.startConsumer({
    groupId: group,
    subscriptions: [subscribeBatch(noteContract(topic), handler, { maxBatchRecords })],
    retry: QUICK,
    handlerTimeoutMs,
  });
async function effects(): Promise<string[]> {
  const { rows } = await bench.pool.query<{ text: string }>(
    'SELECT text FROM effect WHERE topic = $1 ORDER BY n',
    [topic],
  );
  return rows.map(({ text }) => text);
}
const letters = async () =>
  (await bench.readAll(deadLetterTopic(topic, group))).map((record) => describeDeadLetter(record));

describe('a batch handler', () => {
  it('gets many events at a time, in order and no more than asked for, and each takes effect once', async () => {
    await publish(texts(0, 250));

    await start(save, { maxBatchRecords: 100 });
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(texts(0, 250));
    expect(Math.max(...calls.map(({ length }) => length))).toBe(100);
    expect(calls.length).toBeLessThan(20);
  });

  it('gets only what is new: not the event that stands twice in a chunk, nor one of an earlier chunk', async () => {
    await publish(['a', 'b', 'a', 'c', 'b'], (text) => text);
    await start(save);
    await bench.caughtUp(group, topic);
    await publish(['c', 'd', 'a'], (text) => text);
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is not called when nothing is new', async () => {
    await publish(['a', 'b'], (text) => text);
    await start(save);
    await bench.caughtUp(group, topic);
    await publish(['a', 'b'], (text) => text);
    await bench.caughtUp(group, topic);

    expect(calls.flat()).toEqual(['a', 'b']);
  });

  it('applies nothing twice when it died after the effect and before the commit', async () => {
    await publish(texts(0, 5));
    const first = await start(save);
    await bench.caughtUp(group, topic);
    await first.stop();
    // What is left of a consumer that was killed in the middle: a fence inside of the next chunk, and no commit.
    const another = `${group}-again`;
    await bench.pool.query('DELETE FROM inbox WHERE group_id = $1', [group]);
    await bench.pool.query('UPDATE consumer_offset SET group_id = $1 WHERE group_id = $2', [another, group]);
    group = another;
    await publish(texts(5, 5));

    await start(save);
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(texts(0, 10));
  });
});

describe('a chunk that fails', () => {
  it('is taken apart: the bad event alone goes to the dead-letter topic, its neighbours take effect in order', async () => {
    await publish(texts(0, 20));

    await start(async (records, context) => {
      if (records.some(({ data }) => data.text === '7')) throw new Error('not this one');
      await save(records, context);
    });
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(texts(0, 20).filter((text) => text !== '7'));
    expect(await letters()).toMatchObject([{ offset: 7n, attempts: 2, errorMessage: 'not this one' }]);
  });

  it('and what cannot be decoded is put aside in its place, without breaking up the rest', async () => {
    await publish(texts(0, 10));
    await garbage();
    await publish(texts(10, 10));
    await garbage();

    await start(save);
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(texts(0, 20));
    expect(await letters()).toMatchObject([
      { offset: 10n, code: 'NOT_AN_EVENT' },
      { offset: 21n, code: 'NOT_AN_EVENT' },
    ]);
    expect(calls.every(({ length }) => length > 1)).toBe(true);
  });

  it('because of an outage is tried again as it is, and nothing is put aside', async () => {
    await publish(texts(0, 20));
    let outages = 0;

    const consumer = await start(async (records, context) => {
      await save(records, context);
      if ((outages += 1) <= 6) throw new TransientError('the price service is down');
    });
    await waitFor(() => consumer.health().reason?.includes('price service'), {
      description: 'the health says why',
    });
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(texts(0, 20));
    expect(Math.min(...calls.map(({ length }) => length))).toBeGreaterThan(1);
    expect(await letters()).toEqual([]);
    expect(consumer.health()).toEqual({ ready: true, live: true });
  });

  it.each<[string, () => Promise<void>]>([
    [
      'throws null',
      () => {
        throw null as unknown as Error;
      },
    ],
    ['never ends', () => new Promise(() => undefined)],
  ])('because its handler %s costs the bad event only', async (_, fail) => {
    await publish(['0', '1', 'bad', '3']);

    await start(
      async (records, context) => {
        if (records.some(({ data }) => data.text === 'bad')) await fail();
        await save(records, context);
      },
      { handlerTimeoutMs: 200 },
    );
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(['0', '1', '3']);
    expect(await letters()).toMatchObject([{ offset: 2n }]);
  });
});

it('what was committed is told at once, to wake who publishes it; nothing new is not told', async () => {
  await publish(['a', 'a'], (text) => text);
  const seen: string[][] = [];
  await bench.startConsumer({
    groupId: group,
    subscriptions: [subscribeBatch(noteContract(topic), save)],
    onCommitted: () => void effects().then((found) => seen.push(found)),
  });
  await bench.caughtUp(group, topic);
  await publish(['a'], (text) => text);
  await bench.caughtUp(group, topic);

  expect(seen).toEqual([['a']]);
});

it('a record that waits out an outage does not hold back the other partitions', async () => {
  topic = await bench.newTopic({ partitions: 2 });
  await bench.newTopic({ name: deadLetterTopic(topic, group) });
  const send = (partition: number, text: string) =>
    bench.producer.send({
      topic,
      partition,
      key: null,
      headers: {},
      value: Buffer.from(
        JSON.stringify({ id: `${topic}-${text}`, data: { key: 'key', text }, extensions: {} }),
      ),
    });
  await Promise.all(['a0', 'a1', 'a2'].map((text) => send(0, text)));
  let down = true;
  const handled: string[] = [];
  const consumer = await bench.startConsumer({
    groupId: group,
    subscriptions: [
      subscribe(noteContract(topic), ({ data }) => {
        if (data.text === 'a1' && down) throw new TransientError('the price service is down');
        handled.push(data.text);
        return Promise.resolve();
      }),
    ],
  });
  await waitFor(() => consumer.health().reason?.includes('price service'), { description: 'it waits' });

  for (let n = 0; n < 20; n += 1) {
    await send(1, `b${n}`);
    await waitFor(() => handled.includes(`b${n}`), { description: `b${n}`, timeoutMs: 5000 });
  }
  expect(handled).not.toContain('a1');
  down = false;
  await bench.caughtUp(group, topic);

  expect(handled.filter((text) => text.startsWith('a'))).toEqual(['a0', 'a1', 'a2']);
  expect(handled).toHaveLength(23);
});

it('without a store a batch handler gets everything there is, and has no transaction', async () => {
  await publish(['a', 'a', 'b'], (text) => text);
  const consumer = await bench.startConsumer({
    groupId: group,
    store: 'none',
    subscriptions: [
      subscribeBatch(noteContract(topic), (records, context) => {
        calls.push(records.map(({ data }) => data.text));
        expect(() => context.tx).toThrow('no store');
        return Promise.resolve();
      }),
    ],
  });
  await bench.caughtUp(group, topic);
  await consumer.stop();

  expect(calls.flat()).toEqual(['a', 'a', 'b']);
  expect(await letters()).toEqual([]);
});
