import { randomBytes } from 'node:crypto';
import { createKafkaBench, type KafkaBench, type Note, noteContract, waitFor } from '@eda/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deadLetterTopic, describeDeadLetter } from './dead-letter.ts';
import { PermanentError, TransientError } from './errors.ts';
import type { RetryPolicy } from './subscription.ts';
import { subscribe } from './subscription.ts';
import type { Handler, OutgoingRecord } from './types.ts';

const QUICK: RetryPolicy = {
  maxAttempts: 3,
  backoff: { initialMs: 1, maxMs: 5 },
  onExhausted: 'dead-letter',
};

let bench: KafkaBench;
let topic: string;
let group: string;
let groups = 0;
let handled: string[];

beforeAll(async () => {
  bench = await createKafkaBench();
  await bench.pool.query('CREATE TABLE effect (text text NOT NULL)');
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  topic = await bench.newTopic();
  group = `group-${(groups += 1)}`;
  handled = [];
});
afterEach(() => bench.cleanUp());

const withDeadLetters = () => bench.newTopic({ name: deadLetterTopic(topic, group) });
const publish = (text: string) => bench.producer.publish(noteContract(topic), { key: 'key', text });
const send = (value: Buffer | null, more: Partial<OutgoingRecord> = {}) =>
  bench.producer.send({ topic, key: Buffer.from('key'), value, headers: { mine: 'kept' }, ...more });
const start = (
  handler: Handler<Note>,
  options: { retry?: RetryPolicy; handlerTimeoutMs?: number; onCrash?: (error: Error) => void } = {},
) =>
  bench.startConsumer({
    groupId: group,
    subscriptions: [subscribe(noteContract(topic), handler)],
    retry: QUICK,
    ...options,
  });

/** Remembers each note; what it does about the bad one is the test's. */
const handlerWith =
  (onBad: (attempt: number) => Promise<void>): Handler<Note> =>
  async ({ data, attempt }) => {
    if (data.text === 'bad') await onBad(attempt);
    handled.push(data.text);
  };

async function deadLetters() {
  const records = await bench.readAll(deadLetterTopic(topic, group));
  return records.map((record) => ({ record, letter: describeDeadLetter(record) }));
}

describe('goes to the dead-letter topic once, with its reason, and the next records are handled:', () => {
  const nothing = () => Promise.resolve();
  const bytes = Buffer.from([1, 2, 255]);
  it.each<[string, () => Promise<unknown>, (attempt: number) => Promise<void>, object]>([
    [
      'garbage',
      () => send(bytes),
      nothing,
      { code: 'NOT_AN_EVENT', stage: 'decode', attempts: 1, errorName: 'PermanentError' },
    ],
    [
      'a record without a value',
      () => send(null),
      nothing,
      { code: 'TOMBSTONE', stage: 'decode', attempts: 1 },
    ],
    [
      'an event that the handler calls permanently wrong',
      () => publish('bad'),
      () => Promise.reject(new PermanentError('no such store', { code: 'NO_SUCH_STORE' })),
      { code: 'NO_SUCH_STORE', stage: 'handler', attempts: 1, errorMessage: 'no such store' },
    ],
    [
      'an event that fails as often as the policy allows',
      () => publish('bad'),
      () => Promise.reject(new TypeError('x is not a function')),
      { code: 'UNCLASSIFIED', attempts: 3, errorName: 'TypeError', errorMessage: 'x is not a function' },
    ],
    [
      'an event whose handler throws a string',
      () => publish('bad'),
      () => {
        throw 'broken' as unknown as Error;
      },
      { attempts: 3, errorName: 'string', errorMessage: 'broken' },
    ],
    [
      'an event whose handler throws null',
      () => publish('bad'),
      () => {
        throw null as unknown as Error;
      },
      { attempts: 3, errorMessage: 'thrown value: null' },
    ],
    [
      'an event whose handler never ends',
      () => publish('bad'),
      () => new Promise(() => undefined),
      { code: 'HANDLER_TIMEOUT', attempts: 3 },
    ],
  ])('%s', async (_, sendBad, onBad, reason) => {
    await withDeadLetters();
    await publish('before');
    await sendBad();
    await publish('after');

    await start(handlerWith(onBad), { handlerTimeoutMs: 100 });
    await bench.caughtUp(group, topic);

    expect(handled).toEqual(['before', 'after']);
    const letters = await deadLetters();
    const [original] = (await bench.readAll(topic)).slice(1);
    expect(letters).toHaveLength(1);
    expect(letters[0]?.letter).toMatchObject({
      kind: 'dead-letter',
      topic,
      partition: 0,
      offset: 1n,
      groupId: group,
      ...reason,
    });
    expect(letters[0]?.record).toMatchObject({
      key: original?.key,
      value: original?.value,
      headers: original?.headers,
    });
  });
});

it('a failure that passes is tried again in place, with the order kept and the attempt counted', async () => {
  await publish('bad');
  await publish('after');
  const attempts: number[] = [];

  await start(
    handlerWith((attempt) => {
      attempts.push(attempt);
      return attempt < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve();
    }),
  );
  await bench.caughtUp(group, topic);

  expect(attempts).toEqual([1, 2, 3]);
  expect(handled).toEqual(['bad', 'after']);
});

it('a transient failure is never counted: it is tried until it works, the health says why, nothing is put aside', async () => {
  await withDeadLetters();
  await publish('bad');
  let down = true;
  let tries = 0;
  const consumer = await start(
    handlerWith(() => {
      tries += 1;
      return down ? Promise.reject(new TransientError('the price service is down')) : Promise.resolve();
    }),
  );
  await waitFor(() => tries > QUICK.maxAttempts + 1, { description: 'more tries than the policy has' });
  expect(consumer.health()).toMatchObject({
    ready: false,
    live: true,
    reason: expect.stringContaining('the price service is down') as string,
  });

  down = false;
  await bench.caughtUp(group, topic);

  expect(handled).toEqual(['bad']);
  expect(consumer.health().ready).toBe(true);
  expect(await deadLetters()).toEqual([]);
});

it('a dead letter that cannot be written holds the partition until it can; nothing is lost or passed over', async () => {
  await publish('before');
  await send(Buffer.from('garbage'));
  await publish('after');
  const first = await start(handlerWith(() => Promise.resolve()));
  await waitFor(() => first.health().reason?.includes('does not exist'), {
    description: 'the health says what is missing',
  });
  await first.stop();
  expect(handled).toEqual(['before']);
  expect((await bench.admin.groupLag(group, [topic])).map(({ committed }) => committed)).toEqual([1n]);
  const second = await start(handlerWith(() => Promise.resolve()));
  await waitFor(() => second.health().reason?.includes('does not exist'), {
    description: 'the next consumer waits there too',
  });

  await withDeadLetters();
  await bench.caughtUp(group, topic);

  expect(handled).toEqual(['before', 'after']);
  expect(await deadLetters()).toHaveLength(1);
});

it('with the policy to stop, the consumer ends in front of the record, says so, and leaves it uncommitted', async () => {
  await publish('before');
  await publish('bad');
  await publish('after');
  const crashed = Promise.withResolvers<Error>();

  const consumer = await start(
    handlerWith(() => Promise.reject(new Error('must not happen'))),
    { retry: { ...QUICK, onExhausted: 'stop' }, onCrash: crashed.resolve },
  );

  expect(await crashed.promise).toMatchObject({ code: 'RETRIES_EXHAUSTED' });
  await consumer.stop();
  expect(handled).toEqual(['before']);
  expect(consumer.health()).toMatchObject({ ready: false, live: false });
  expect((await bench.admin.groupLag(group, [topic])).map(({ committed }) => committed)).toEqual([1n]);
});

it('a handler that swallows a failed statement does not lose its event', async () => {
  await withDeadLetters();
  await publish('bad');

  await start(async (_record, { tx }) => {
    await tx.query('INSERT INTO effect (text) VALUES ($1)', ['written']);
    await tx.query('SELECT no_such_function()').catch(() => undefined);
  });
  await bench.caughtUp(group, topic);

  expect(await deadLetters()).toHaveLength(1);
  expect((await bench.pool.query('SELECT * FROM effect')).rows).toEqual([]);
});

it('a dead letter that is too large for its topic is written with less of its reason, and nothing waits for it', async () => {
  await bench.newTopic({ name: deadLetterTopic(topic, group), config: { 'max.message.bytes': '1800' } });
  // Nothing in it can be compressed.
  const long = randomBytes(3000).toString('base64');
  await publish('bad');
  await publish('good');
  await start(handlerWith(() => Promise.reject(new PermanentError(long))));
  await bench.caughtUp(group, topic);

  expect(handled).toEqual(['good']);
  expect(await deadLetters()).toMatchObject([
    { letter: { errorMessage: long.slice(0, 200), errorStack: '', code: 'PERMANENT' } },
  ]);
});
