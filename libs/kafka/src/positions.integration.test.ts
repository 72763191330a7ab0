import {
  createKafkaBench,
  type KafkaBench,
  type Note,
  noteContract,
  testPlatform,
  waitFor,
} from '@eda/testing';
import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConsumerOptions } from './consumer-types.ts';
import { deadLetterTopic } from './dead-letter.ts';
import { retryTopic } from './retry-topic.ts';
import type { Subscription } from './subscription.ts';
import { subscribe, subscribeBatch } from './subscription.ts';
import type { BatchHandler } from './types.ts';

let bench: KafkaBench;
let topic: string;
let group: string;
let groups = 0;
/** Of no concern to the library: what an operator, or time, does to a cluster. */
let operator: Admin;

beforeAll(async () => {
  bench = await createKafkaBench();
  await bench.pool.query(
    'CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, topic text NOT NULL, text text NOT NULL)',
  );
  operator = new kafkajs.Kafka({
    brokers: [...testPlatform().kafka.brokers],
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  await operator.connect();
  return async () => {
    await operator.disconnect();
    await bench[Symbol.asyncDispose]();
  };
});
beforeEach(async () => {
  group = `group-${(groups += 1)}`;
  topic = await bench.newTopic();
});
afterEach(() => bench.cleanUp());

const physical = (name: string) => bench.client.topicPrefix + name;
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `${from + n}`);
const publish = (from: number, to: number) =>
  Promise.all(
    numbers(from, to).map((text) =>
      bench.producer.publish(noteContract(topic), { key: text, text }, { id: `${topic}-${text}` }),
    ),
  );
const save: BatchHandler<Note> = async (records, { tx }) => {
  for (const { data } of records)
    await tx.query('INSERT INTO effect (topic, text) VALUES ($1, $2)', [topic, data.text]);
};
const start = (options: Partial<ConsumerOptions> = {}) =>
  bench.startConsumer({
    groupId: group,
    subscriptions: [subscribeBatch(noteContract(topic), save)],
    ...options,
  });
async function effects(): Promise<string[]> {
  const { rows } = await bench.pool.query<{ text: string }>(
    'SELECT text FROM effect WHERE topic = $1 ORDER BY n',
    [topic],
  );
  return rows.map(({ text }) => text);
}
async function deleteBefore(offset: number, partition = 0): Promise<void> {
  // Makes kafkajs know the topic's leaders, which the deletion does not do by itself.
  await operator.fetchTopicOffsets(physical(topic));
  await operator.deleteTopicRecords({
    topic: physical(topic),
    partitions: [{ partition, offset: String(offset) }],
  });
}
const isReady = (consumer: { health(): { ready: boolean } }) =>
  waitFor(() => consumer.health().ready, { description: 'the consumer has joined' });

/** Handles ten records, stops, and lets the log go on without it. */
async function handleTen(options: Partial<ConsumerOptions> = {}) {
  await publish(0, 10);
  const consumer = await start(options);
  await bench.caughtUp(group, topic);
  await consumer.stop();
}

describe('records that were deleted before they were handled', () => {
  it.each<[string, Partial<ConsumerOptions>]>([
    ['by the fence', {}],
    ['by the committed offset, without a store', { store: 'none' }],
  ])('are told of, known %s: log, health; what is left is handled once', async (_, options) => {
    const handled: string[] = [];
    const subscriptions = [
      subscribeBatch<Note>(noteContract(topic), (records) => {
        handled.push(...records.map(({ data }) => data.text));
        return Promise.resolve();
      }),
    ];
    await handleTen({ subscriptions, ...options });
    await publish(10, 20);
    await deleteBefore(15);

    const consumer = await start({ subscriptions, ...options });
    await bench.caughtUp(group, topic);

    expect(handled).toEqual([...numbers(0, 10), ...numbers(15, 20)]);
    expect(consumer.health()).toMatchObject({
      ready: true,
      warning: expect.stringContaining('from offset 10 to 14 were deleted') as string,
    });
  });

  it('end the consumer in front of the gap where that is the policy', async () => {
    await handleTen();
    await publish(10, 20);
    await deleteBefore(15);
    const crashed = Promise.withResolvers<Error>();

    await start({ onOutOfRange: 'stop', onCrash: crashed.resolve });

    expect(await crashed.promise).toMatchObject({ code: 'OUT_OF_RANGE' });
    expect(await effects()).toEqual(numbers(0, 10));
  });

  it('are told of while the consumer runs, too', async () => {
    const entered = Promise.withResolvers<undefined>();
    const leave = Promise.withResolvers<undefined>();
    await publish(0, 1);
    const consumer = await start({
      subscriptions: [
        subscribeBatch<Note>(noteContract(topic), async (records, context) => {
          entered.resolve(undefined);
          await leave.promise;
          await save(records, context);
        }),
      ],
    });
    await entered.promise;
    await publish(1, 10);
    await deleteBefore(7);
    leave.resolve(undefined);
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(['0', ...numbers(7, 10)]);
    expect(consumer.health().warning).toContain('from offset 1 to 6 were deleted');
  });

  it('are none when the group has handled them: retention is not told of', async () => {
    await handleTen();
    await deleteBefore(10);
    await publish(10, 12);
    const consumer = await start();
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(numbers(0, 12));
    expect(consumer.health()).toEqual({ ready: true, live: true });
  });
});

describe('a database that has lost its last effects, as after a restore', () => {
  /** Ten records are handled and committed in Kafka, and then the database is as it was after `kept` of them. */
  async function restored(kept: number) {
    await handleTen();
    await loseEffects(kept);
    await publish(10, 12);
  }

  async function loseEffects(kept: number) {
    await bench.pool.query(
      'UPDATE consumer_offset SET next_offset = $2, last_fingerprint = NULL WHERE group_id = $1',
      [group, kept],
    );
    await bench.pool.query('DELETE FROM inbox WHERE group_id = $1 AND record_offset >= $2', [group, kept]);
    await bench.pool.query('DELETE FROM effect WHERE topic = $1 AND text::int >= $2', [topic, kept]);
  }

  it('gets them again from the log, although the group has committed them', async () => {
    await restored(4);
    const consumer = await start();
    await waitFor(async () => (await effects()).includes('11'), { description: 'the last effect' });

    expect(await effects()).toEqual(numbers(0, 12));
    expect(consumer.health()).toEqual({ ready: true, live: true });
  });

  it.each<[string, () => Subscription]>([
    [
      'a handler of one event',
      () => subscribe<Note>(noteContract(topic), (record, context) => save([record], context)),
    ],
    ['a batch handler', () => subscribeBatch(noteContract(topic), save)],
  ])('gets them again while its consumer runs on, with %s', async (_, subscribed) => {
    await publish(0, 10);
    const consumer = await start({ subscriptions: [subscribed()] });
    await bench.caughtUp(group, topic);
    await loseEffects(4);
    await publish(10, 12);
    await waitFor(async () => (await effects()).includes('11'), { description: 'the last effect' });

    expect(await effects()).toEqual(numbers(0, 12));
    expect(consumer.health()).toEqual({ ready: true, live: true });
  });

  it('gets what the log still has of them, and is told of the rest', async () => {
    await restored(4);
    await deleteBefore(7);
    const consumer = await start();
    await waitFor(async () => (await effects()).includes('11'), { description: 'the last effect' });

    expect(await effects()).toEqual([...numbers(0, 4), ...numbers(7, 12)]);
    expect(consumer.health().warning).toContain('from offset 4 to 6 were deleted');
  });
});

describe('a group whose offsets were deleted', () => {
  it('goes on where the database is: nothing twice, nothing left out', async () => {
    await handleTen();
    await operator.deleteGroups([physical(group)]);
    await publish(10, 12);
    const consumer = await start();
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(numbers(0, 12));
    expect(consumer.health()).toEqual({ ready: true, live: true });
  });

  it('and whose fence was deleted as well reads all of it again, and applies nothing twice', async () => {
    await handleTen();
    await operator.deleteGroups([physical(group)]);
    await bench.pool.query('DELETE FROM consumer_offset WHERE group_id = $1', [group]);
    await publish(10, 12);
    await start();
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(numbers(0, 12));
  });

  it('stops where that is the policy, instead of deciding by itself where to begin', async () => {
    await publish(0, 3);
    const crashed = Promise.withResolvers<Error>();
    await start({ startFrom: 'stop', onCrash: crashed.resolve });

    expect(await crashed.promise).toMatchObject({ code: 'NO_POSITION' });
    expect(await effects()).toEqual([]);
  });

  it('does not stop at a partition or a retry topic in which it had nothing to commit yet', async () => {
    topic = await bench.newTopic({ partitions: 2 });
    await bench.newTopic({ name: retryTopic(topic, group, 1) });
    await bench.newTopic({ name: deadLetterTopic(topic, group) });
    const send = (partition: number, text: string) =>
      bench.producer.send({
        topic,
        partition,
        key: null,
        headers: {},
        value: Buffer.from(
          JSON.stringify({ id: `${topic}-${text}`, data: { key: 'k', text }, extensions: {} }),
        ),
      });
    await send(0, '0');
    const first = await start();
    await bench.caughtUp(group, topic);
    await first.stop();
    await send(1, 'later');
    await start({
      startFrom: 'stop',
      subscriptions: [
        subscribeBatch<Note>(noteContract(topic), async (records, context) => {
          if (records.some(({ attempt }) => attempt === 1)) throw new Error('not yet');
          await save(records, context);
        }),
      ],
      retry: {
        maxAttempts: 1,
        backoff: { initialMs: 1, maxMs: 1 },
        onExhausted: 'retry-topic',
        retryDelaysMs: [1],
      },
    });
    await bench.caughtUp(group, topic);
    await waitFor(async () => (await effects()).length === 2, { description: 'the retry' });

    expect(await effects()).toEqual(['0', 'later']);
  });

  it('does not stop when the database knows where it was', async () => {
    await handleTen();
    await operator.deleteGroups([physical(group)]);
    await publish(10, 12);
    await start({ startFrom: 'stop' });
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(numbers(0, 12));
  });
});

describe('a new group that begins at the end', () => {
  it('leaves out what was there, and nothing that comes later, also into empty partitions', async () => {
    topic = await bench.newTopic({ partitions: 2 });
    const send = (partition: number, text: string) =>
      bench.producer.send({
        topic,
        partition,
        key: null,
        headers: {},
        value: Buffer.from(
          JSON.stringify({ id: `${topic}-${text}`, data: { key: 'k', text }, extensions: {} }),
        ),
      });
    for (const text of ['old-0', 'old-1', 'old-2']) await send(0, text);
    const consumer = await start({ startFrom: 'latest' });
    await isReady(consumer);
    await waitFor(
      async () =>
        (await bench.pool.query('SELECT 1 FROM consumer_offset WHERE group_id = $1', [group])).rowCount === 2,
      { description: 'the beginning is written down' },
    );
    await send(1, 'new-1');
    await send(0, 'new-0');
    await bench.caughtUp(group, topic);

    expect((await effects()).sort()).toEqual(['new-0', 'new-1']);
  });

  it('goes on where it was after a restart, and reads partitions that are added from their start', async () => {
    const first = await start({ startFrom: 'latest' });
    await isReady(first);
    await waitFor(
      async () =>
        (await bench.pool.query('SELECT 1 FROM consumer_offset WHERE group_id = $1', [group])).rowCount === 1,
      { description: 'the beginning is written down' },
    );
    await first.stop();
    await operator.createPartitions({ topicPartitions: [{ topic: physical(topic), count: 3 }] });
    await waitFor(async () => (await bench.admin.partitionCount(topic)) === 3, { description: 'partitions' });
    // The producer learns of the new partitions in its own time.
    const producer = bench.newProducer({ client: bench.newClient() });
    await Promise.all(
      numbers(0, 30).map((text) => producer.publish(noteContract(topic), { key: text, text })),
    );
    await start({ startFrom: 'latest' });
    await bench.caughtUp(group, topic);

    expect((await effects()).sort()).toEqual(numbers(0, 30).sort());
  });
});
