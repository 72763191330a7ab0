import {
  createFaultySockets,
  createKafkaBench,
  createTcpProxy,
  type KafkaBench,
  type Note,
  noteContract,
  waitFor,
} from '@eda/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deadLetterTopic } from './dead-letter.ts';
import { readGauges } from './gauges.setup.ts';
import type { RetryPolicy } from './subscription.ts';
import { subscribe } from './subscription.ts';
import type { Handler } from './types.ts';

let bench: KafkaBench;
let topic: string;
let group: string;
let groups = 0;

beforeAll(async () => {
  bench = await createKafkaBench();
  await bench.pool.query(
    'CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, topic text, text text)',
  );
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  topic = await bench.newTopic();
  group = `group-${(groups += 1)}`;
  await bench.newTopic({ name: deadLetterTopic(topic, group) });
});
afterEach(() => bench.cleanUp());

const publish = async (from: number, count: number) => {
  const texts = Array.from({ length: count }, (_, n) => `${from + n}`);
  await Promise.all(texts.map((text) => bench.producer.publish(noteContract(topic), { key: 'key', text })));
};
const save: Handler<Note> = async ({ data }, { tx }) => {
  await tx.query('INSERT INTO effect (topic, text) VALUES ($1, $2)', [topic, data.text]);
};
const on = (handler: Handler<Note>) => [subscribe(noteContract(topic), handler)];
async function effects(): Promise<string[]> {
  const { rows } = await bench.pool.query<{ text: string }>(
    'SELECT text FROM effect WHERE topic = $1 ORDER BY n',
    [topic],
  );
  return rows.map(({ text }) => text);
}
const numbers = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);
const deadLetters = () => bench.readAll(deadLetterTopic(topic, group));

/** Whatever is not recognised as an outage becomes a dead letter. */
const ONE_TRY: RetryPolicy = {
  maxAttempts: 1,
  backoff: { initialMs: 1, maxMs: 1 },
  onExhausted: 'dead-letter',
};

describe('when the database', () => {
  async function behindProxy() {
    const { hostname, port } = new URL(bench.databaseUrl);
    const proxy = await createTcpProxy({ host: hostname, port: Number(port) });
    bench.defer(() => proxy[Symbol.asyncDispose]());
    const url = new URL(bench.databaseUrl);
    url.host = `${proxy.host}:${proxy.port}`;
    return { proxy, pool: bench.newPool(url.href) };
  }

  it('goes away, the consumer waits and says so, and goes on where it was; nothing is put aside', async () => {
    const { proxy, pool } = await behindProxy();
    await publish(0, 5);
    const consumer = await bench.startConsumer({
      groupId: group,
      pool,
      retry: ONE_TRY,
      subscriptions: on(save),
    });
    await bench.caughtUp(group, topic);

    await proxy.cut();
    await publish(5, 5);
    await waitFor(() => !consumer.health().ready, { description: 'the health notices' });
    expect(consumer.health().reason).toContain('database');
    await proxy.heal();
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(numbers(10));
    expect(await deadLetters()).toEqual([]);
    expect(consumer.health()).toEqual({ ready: true, live: true });
  });

  it('stops answering in the middle of a handler and for longer, the same', async () => {
    const { proxy, pool } = await behindProxy();
    await publish(0, 1);
    const consumer = await bench.startConsumer({
      groupId: group,
      pool,
      retry: ONE_TRY,
      handlerTimeoutMs: 300,
      subscriptions: on(async (record, context) => {
        if (record.data.text === '1' && record.attempt === 1) proxy.freeze();
        await save(record, context);
      }),
    });
    await bench.caughtUp(group, topic);

    await publish(1, 2);
    // The handler's time-out first, then connections that are never made.
    await waitFor(() => consumer.health().reason?.includes('cannot be reached'), {
      description: 'the health says that the database is gone',
      timeoutMs: 20_000,
    });
    await proxy.heal();
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(numbers(3));
    expect(await deadLetters()).toEqual([]);
  });

  it('ends the connections of running transactions, their events are tried again', async () => {
    await publish(0, 20);
    let killed = 0;
    const pool = bench.newPool();

    await bench.startConsumer({
      groupId: group,
      pool,
      retry: ONE_TRY,
      subscriptions: on(async (record, context) => {
        await save(record, context);
        if (record.attempt > 1 || Number(record.data.text) % 5 > 0) return;
        killed += 1;
        const { rows } = await context.tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await bench.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      }),
    });
    await bench.caughtUp(group, topic);

    expect(killed).toBe(4);
    expect(await effects()).toEqual(numbers(20));
    expect(await deadLetters()).toEqual([]);
  });
});

describe('when Kafka goes away', () => {
  it('the consumer waits, says so, stays alive, and goes on when it is back', async () => {
    const faults = createFaultySockets();
    const client = bench.newClient({ faults });
    await publish(0, 5);
    const consumer = await bench.startConsumer({
      groupId: group,
      client,
      subscriptions: on(save),
      restartBudget: { maxRestarts: 0, windowMs: 60_000 },
    });
    await bench.caughtUp(group, topic);

    faults.cut();
    await publish(5, 5);
    await waitFor(() => !consumer.health().ready, { description: 'the health notices' });
    expect(consumer.health().live).toBe(true);
    faults.heal();
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(numbers(10));
  });

  it('the consumer tells no lag, for it does not know it, and that it is not a member', async () => {
    const faults = createFaultySockets();
    const client = bench.newClient({ faults, connectionTimeoutMs: 1000, requestTimeoutMs: 1000 });
    const gauges = readGauges();
    const told = async () => ({
      joined: await gauges.read('messaging.consumer.joined'),
      lag: await gauges.read('messaging.consumer.lag'),
    });
    let opened: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (opened = resolve));
    await publish(0, 1);
    const consumer = await bench.startConsumer({
      groupId: group,
      client,
      metrics: gauges,
      subscriptions: on(async (record, context) => {
        if (record.data.text !== '0') await gate;
        await save(record, context);
      }),
    });
    await bench.caughtUp(group, topic);
    expect(await told()).toEqual({ joined: 1, lag: 0 });

    faults.freeze();
    await publish(1, 3);
    await waitFor(() => !consumer.health().ready, { description: 'the health notices', timeoutMs: 20_000 });
    expect(await told()).toEqual({ joined: 0, lag: undefined });

    faults.heal();
    await waitFor(async () => (await told()).lag === 3, {
      description: 'the lag is known, while the first of them is at work and none is decided',
      timeoutMs: 30_000,
    });
    expect(await told()).toEqual({ joined: 1, lag: 3 });
    opened();
    await bench.caughtUp(group, topic);
    expect(await told()).toEqual({ joined: 1, lag: 0 });
    expect(await effects()).toEqual(numbers(4));
  });

  it('between the effect and the commit, the event comes again and its effect does not', async () => {
    const faults = createFaultySockets();
    const client = bench.newClient({ faults });
    await publish(0, 3);
    let tries = 0;
    const first = await bench.startConsumer({
      groupId: group,
      client,
      subscriptions: on(async (record, context) => {
        tries += 1;
        await save(record, context);
        if (record.data.text === '2') faults.cut();
      }),
    });
    await waitFor(async () => (await effects()).length === 3, { description: 'the effects are there' });
    await first.stop(1000);
    const [lag] = await bench.admin.groupLag(group, [topic]);
    expect(lag?.committed ?? 0n).toBeLessThan(3n);

    await publish(3, 1);
    await bench.startConsumer({ groupId: group, subscriptions: on(save) });
    await bench.caughtUp(group, topic);

    expect(tries).toBe(3);
    expect(await effects()).toEqual(numbers(4));
  });
});

describe('the fence', () => {
  it('is where a group begins that has lost its offsets', async () => {
    await publish(0, 3);
    const first = await bench.startConsumer({ groupId: group, subscriptions: on(save) });
    await bench.caughtUp(group, topic);
    await first.stop();
    const another = `${group}-again`;
    await bench.pool.query('DELETE FROM inbox WHERE group_id = $1', [group]);
    await bench.pool.query('UPDATE consumer_offset SET group_id = $1 WHERE group_id = $2', [another, group]);
    group = another;
    await publish(3, 1);

    await bench.startConsumer({ groupId: group, subscriptions: on(save) });
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(numbers(4));
  });

  it('ends the consumer with a clear error when the topic was made anew', async () => {
    await publish(0, 5);
    const first = await bench.startConsumer({ groupId: group, subscriptions: on(save) });
    await bench.caughtUp(group, topic);
    await first.stop();
    await bench.admin.deleteTopics([topic]);
    await waitFor(async () => (await bench.admin.partitionCount(topic)) === undefined, {
      description: 'the topic is gone',
    });
    await bench.newTopic({ name: topic });
    // More than before: the length of the log alone does not give it away.
    await waitFor(() => publish(10, 8).then(() => true), { description: 'the new topic takes records' });
    const crashed = Promise.withResolvers<Error>();

    await bench.startConsumer({ groupId: group, subscriptions: on(save), onCrash: crashed.resolve });

    expect(await crashed.promise).toMatchObject({
      code: 'TOPIC_RECREATED',
      message: expect.stringContaining('consumer_offset') as string,
    });
    expect(await effects()).toEqual(numbers(5));
  });
});
