import { createKafkaBench, type KafkaBench, type Note, noteContract, waitFor } from '@eda/testing';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { deadLetterTopic, describeDeadLetter } from './dead-letter.ts';
import { retryTopic, toRetryRecord } from './retry-topic.ts';
import type { RetryPolicy, Subscription } from './subscription.ts';
import { subscribe, subscribeBatch } from './subscription.ts';
import type { Handler } from './types.ts';

const DELAYS_MS = [300, 900];
const POLICY: RetryPolicy = {
  maxAttempts: 2,
  backoff: { initialMs: 1, maxMs: 2 },
  onExhausted: 'retry-topic',
  retryDelaysMs: DELAYS_MS,
};

let bench: KafkaBench;
let topic: string;
let group: string;
let groups = 0;

interface Call {
  readonly text: string;
  readonly topic: string;
  readonly offset: bigint;
  readonly attempt: number;
  readonly at: number;
}
let calls: Call[];

beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  topic = await bench.newTopic();
  group = `group-${(groups += 1)}`;
  for (const name of [
    deadLetterTopic(topic, group),
    retryTopic(topic, group, 1),
    retryTopic(topic, group, 2),
  ])
    await bench.newTopic({ name });
  calls = [];
});
afterEach(() => bench.cleanUp());

const publish = (text: string, id?: string) =>
  bench.producer.publish(noteContract(topic), { key: 'key', text }, id === undefined ? {} : { id });
const start = (subscription: Subscription) =>
  bench.startConsumer({ groupId: group, subscriptions: [subscription], retry: POLICY });
const failing =
  (times: number): Handler<Note> =>
  (record) => {
    const { topic: from, offset, attempt, data } = record;
    calls.push({ text: data.text, topic: from, offset, attempt, at: Date.now() });
    return data.text === 'bad' && calls.filter(({ text }) => text === 'bad').length <= times
      ? Promise.reject(new Error('not yet'))
      : Promise.resolve();
  };
const letters = () => bench.readAll(deadLetterTopic(topic, group));
const allCaughtUp = () =>
  bench.caughtUp(group, topic, retryTopic(topic, group, 1), retryTopic(topic, group, 2));
const bad = () => calls.filter(({ text }) => text === 'bad');

it('comes again after each delay, as it was and with its tries counted, while those behind it go on', async () => {
  await publish('before');
  await publish('bad');
  await publish('after');
  await start(subscribe(noteContract(topic), failing(5)));
  await waitFor(() => bad().length === 6, { description: 'six tries', timeoutMs: 20_000 });
  await allCaughtUp();

  expect(calls.slice(0, 4).map(({ text }) => text)).toEqual(['before', 'bad', 'bad', 'after']);
  expect(bad().map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(new Set(bad().map((call) => `${call.topic}/${call.offset}`))).toEqual(new Set([`${topic}/1`]));
  const [first, second, third] = [bad()[1]?.at ?? 0, bad()[3]?.at ?? 0, bad()[4]?.at ?? 0];
  expect((bad()[2]?.at ?? 0) - first).toBeGreaterThanOrEqual(DELAYS_MS[0] ?? 0);
  expect(third - second).toBeGreaterThanOrEqual(DELAYS_MS[1] ?? 0);
  expect(await letters()).toEqual([]);
});

it('becomes a dead letter after the last one, with its own place, key, value and headers', async () => {
  await publish('bad');
  await start(
    subscribeBatch(noteContract(topic), async (records, context) => {
      for (const record of records) await failing(99)(record, context);
    }),
  );
  await waitFor(async () => (await letters()).length === 1, {
    description: 'a dead letter',
    timeoutMs: 20_000,
  });
  await allCaughtUp();

  const [letter] = await letters();
  const [original] = await bench.readAll(topic);
  if (letter === undefined) throw new Error('there is a letter');
  expect(describeDeadLetter(letter)).toMatchObject({
    topic,
    partition: 0,
    offset: 0n,
    timestamp: original?.timestamp,
    attempts: 6,
    errorMessage: 'not yet',
  });
  expect(letter).toMatchObject({ key: original?.key, value: original?.value });
  const kept = Object.keys(letter.headers).filter((name) => !name.startsWith('__dlq.errors.'));
  expect(kept).toEqual(Object.keys(original?.headers ?? {}));
});

it('has one effect although its event stands in several topics', async () => {
  await publish('bad', `${topic}-id`);
  await start(subscribe(noteContract(topic), failing(2)));
  await waitFor(() => bad().length === 3, { description: 'it worked at last', timeoutMs: 20_000 });
  await publish('bad', `${topic}-id`);
  await allCaughtUp();

  expect(bad()).toHaveLength(3);
});

it('needs its topics: without them the consumer waits and names what is missing', async () => {
  const other = await bench.newTopic();
  const consumer = await bench.startConsumer({
    groupId: group,
    retry: POLICY,
    subscriptions: [subscribe(noteContract(other), failing(0))],
  });
  await waitFor(() => consumer.health().reason?.includes(retryTopic(other, group, 1)), {
    description: 'the health names it',
  });
});

it('a record that is too large for the retry topic becomes a dead letter', async () => {
  group = `group-${(groups += 1)}`;
  await bench.newTopic({ name: deadLetterTopic(topic, group) });
  await bench.newTopic({ name: retryTopic(topic, group, 1), config: { 'max.message.bytes': '300' } });
  await bench.newTopic({ name: retryTopic(topic, group, 2) });
  await publish('bad');
  await start(subscribe(noteContract(topic), failing(9)));
  await bench.caughtUp(group, topic);

  const letters = (await bench.readAll(deadLetterTopic(topic, group))).map((record) =>
    describeDeadLetter(record),
  );
  expect(letters).toMatchObject([{ attempts: 2, errorMessage: 'not yet' }]);
});

it('a time that is beyond any delay of the policy, and any timer, is waited for in peace and told of', async () => {
  const consumer = await start(subscribe(noteContract(topic), failing(0)));
  const year = 365 * 86_400_000;
  await bench.producer.send(
    toRetryRecord(
      {
        topic,
        partition: 0,
        offset: 0n,
        timestamp: new Date(),
        key: Buffer.from('key'),
        value: Buffer.from(JSON.stringify({ id: 'far', data: { key: 'key', text: 'far' }, extensions: {} })),
        headers: {},
      },
      retryTopic(topic, group, 1),
      { notBefore: Date.now() + year, attempts: 2, failure: { name: 'n', message: 'm', code: 'c' } },
    ),
  );

  await waitFor(() => consumer.health().reason?.includes('not to be tried before'), {
    description: 'the health says so',
  });
  expect(calls).toEqual([]);
});
