import { createKafkaBench, type KafkaBench, type Note, noteContract } from '@eda/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inheritedExtensions } from './correlation.ts';
import { deadLetterTopic, describeDeadLetter } from './dead-letter.ts';
import { PermanentError, TransientError } from './errors.ts';
import { subscribe } from './subscription.ts';
import type { Handler } from './types.ts';

let bench: KafkaBench;
let topic: string;
let group: string;
let groups = 0;
/** Text and attempt of each call of the handler. */
let calls: string[];

beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  topic = await bench.newTopic({ partitions: 1 });
  group = `run-${(groups += 1)}`;
  await bench.newTopic({ name: deadLetterTopic(topic, group) });
  calls = [];
});
afterEach(() => bench.cleanUp());

const publish = (...texts: string[]) =>
  bench.producer.publishMany(
    noteContract(topic),
    texts.map((text) => ({ key: 'key', text })),
  );
const start = (handler: Handler<Note>, handlerTimeoutMs = 5000) =>
  bench.startConsumer({
    groupId: group,
    store: 'none',
    subscriptions: [
      subscribe(noteContract(topic), (record, context) => {
        calls.push(`${record.data.text}${record.attempt}`);
        return handler(record, context);
      }),
    ],
    retry: { maxAttempts: 3, backoff: { initialMs: 1, maxMs: 5 }, onExhausted: 'dead-letter' },
    handlerTimeoutMs,
  });
const letters = async () =>
  (await bench.readAll(deadLetterTopic(topic, group))).map((record) => describeDeadLetter(record));

describe('a handler without a store', () => {
  it('gets each record once and in order when nothing is wrong, also while it waits for something', async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `${index}-`);
    await publish(...texts);

    let atWork = 0;
    await start(async (record, context) => {
      expect((atWork += 1)).toBe(1);
      if (record.offset % 7n === 0n) await new Promise((resolve) => setImmediate(resolve));
      expect(inheritedExtensions()).toMatchObject({ causationid: record.id });
      expect(() => context.tx).toThrow('no store');
      atWork -= 1;
    });
    await bench.caughtUp(group, topic);

    expect(calls).toEqual(texts.map((text) => `${text}1`));
    expect(await letters()).toEqual([]);
  });

  it('is asked as often as the policy says for a record that fails, and the others are not touched', async () => {
    await publish('a', 'bad', 'c');

    await start(({ data }) => (data.text === 'bad' ? Promise.reject(new Error('no')) : Promise.resolve()));
    await bench.caughtUp(group, topic);

    expect(calls).toEqual(['a1', 'bad1', 'bad2', 'bad3', 'c1']);
    expect(await letters()).toMatchObject([{ attempts: 3, stage: 'handler' }]);
  });

  it('is tried again in place as long as an outage lasts', async () => {
    await publish('a', 'b');

    await start(({ attempt }) =>
      attempt < 4 ? Promise.reject(new TransientError('down')) : Promise.resolve(),
    );
    await bench.caughtUp(group, topic);

    expect(calls).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3', 'b4']);
    expect(await letters()).toEqual([]);
  });

  it('that throws at once, and bytes that are no event, become dead letters in their place', async () => {
    await publish('a');
    await bench.producer.send({ topic, key: Buffer.from('key'), value: Buffer.from('garbage'), headers: {} });
    await bench.producer.send({ topic, key: Buffer.from('key'), value: null, headers: {} });
    await publish('poison', 'b');

    await start(({ data }) => {
      if (data.text === 'poison') throw new PermanentError('never');
      return Promise.resolve();
    });
    await bench.caughtUp(group, topic);

    expect(calls).toEqual(['a1', 'poison1', 'b1']);
    expect(await letters()).toMatchObject([
      { stage: 'decode', attempts: 1 },
      { stage: 'decode', attempts: 1 },
      { stage: 'handler', attempts: 1 },
    ]);
  });

  it('that does not settle is cut off with its own signal, and decides nothing when it settles later', async () => {
    await publish('a', 'slow', 'b');
    const signals: AbortSignal[] = [];
    const late = Promise.withResolvers<undefined>();

    await start(async ({ data, attempt }, { signal }) => {
      signals.push(signal);
      if (data.text === 'slow' && attempt === 1) await late.promise;
      if (attempt === 2) late.resolve(undefined);
    }, 30);
    await bench.caughtUp(group, topic);

    expect(calls).toEqual(['a1', 'slow1', 'slow2', 'b1']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, false, false]);
    expect(await letters()).toEqual([]);
  });

  it('is left in front of the next record when its consumer stops', async () => {
    await publish('a', 'b', 'c');
    const atWork = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();

    const consumer = await start(async ({ data }) => {
      if (data.text !== 'a') return;
      atWork.resolve(undefined);
      await goOn.promise;
    });
    await atWork.promise;
    const stopped = consumer.stop();
    goOn.resolve(undefined);
    await stopped;
    expect(calls).toEqual(['a1']);

    await start(() => Promise.resolve());
    await bench.caughtUp(group, topic);
    expect(calls).toEqual(['a1', 'b1', 'c1']);
  });
});
