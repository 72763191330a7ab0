import { createKafkaBench, jsonCodec, type KafkaBench, type Note, noteContract, waitFor } from '@eda/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KafkaClient } from './client-types.ts';
import { createConsumer } from './consumer.ts';
import { subscribe } from './subscription.ts';
import type { EventEnvelope, Handler } from './types.ts';

let bench: KafkaBench;
let topic: string;
let groups = 0;
let group: string;

beforeAll(async () => {
  bench = await createKafkaBench();
  await bench.pool.query(
    'CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, id text NOT NULL, text text NOT NULL)',
  );
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  topic = await bench.newTopic();
  group = `group-${(groups += 1)}`;
});
afterEach(() => bench.cleanUp());

const publish = (...texts: string[]) =>
  Promise.all(texts.map((text) => bench.producer.publish(noteContract(topic), { key: 'key', text })));

/** Writes each note into the database. */
const save: Handler<Note> = async (record, { tx }) => {
  await tx.query('INSERT INTO effect (id, text) VALUES ($1, $2)', [
    record.id,
    `${topic} ${record.data.text}`,
  ]);
};

async function effects(): Promise<string[]> {
  const { rows } = await bench.pool.query<{ text: string }>(
    'SELECT text FROM effect WHERE text LIKE $1 ORDER BY n',
    [`${topic} %`],
  );
  return rows.map(({ text }) => text.slice(topic.length + 1));
}

const on = (handler: Handler<Note>) => [subscribe(noteContract(topic), handler)];
const isReady = (consumer: { health(): { ready: boolean } }) => () => consumer.health().ready;
const committed = async () =>
  (await bench.admin.groupLag(group, [topic])).map(({ committed: offset }) => offset);

/** A promise that the test settles. */
function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    opened: promise,
    open: () => {
      resolve(undefined);
    },
  };
}

describe('a consumer', () => {
  it('handles every event once, in order per key, and commits what it has handled', async () => {
    topic = await bench.newTopic({ partitions: 3 });
    const sent = Array.from({ length: 300 }, (_, n) => ({ key: `key-${n % 7}`, text: `${n}` }));
    await Promise.all(sent.map((note) => bench.producer.publish(noteContract(topic), note)));
    const handled = new Map<string, number[]>();

    await bench.startConsumer({
      groupId: group,
      subscriptions: on(async (record, context) => {
        handled.set(record.data.key, [...(handled.get(record.data.key) ?? []), Number(record.data.text)]);
        await save(record, context);
      }),
    });
    await bench.caughtUp(group, topic);

    const expected = Map.groupBy(sent, ({ key }) => key);
    for (const [key, notes] of expected)
      expect(handled.get(key)).toEqual(notes.map(({ text }) => Number(text)));
    expect((await effects()).sort()).toEqual(sent.map(({ text }) => text).sort());
  });

  it('applies an event that stands twice in the log once', async () => {
    const publishTwice = (id: string) =>
      bench.producer.publish(noteContract(topic), { key: 'key', text: id }, { id: `${topic}-${id}` });
    await publishTwice('a');
    await publishTwice('a');
    await publishTwice('b');

    await bench.startConsumer({ groupId: group, subscriptions: on(save) });
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(['a', 'b']);
  });

  it('applies nothing twice when it died after the effect and before the commit', async () => {
    await publish('1', '2', '3');
    await bench.startConsumer({ groupId: group, subscriptions: on(save) }).then(async (consumer) => {
      await bench.caughtUp(group, topic);
      await consumer.stop();
    });
    // What is left of a consumer that was killed: its effects, and no commit.
    const another = `${group}-again`;
    await bench.pool.query('UPDATE inbox SET group_id = $1 WHERE group_id = $2', [another, group]);
    await bench.pool.query('UPDATE consumer_offset SET group_id = $1 WHERE group_id = $2', [another, group]);
    group = another;
    await publish('4');

    await bench.startConsumer({ groupId: group, subscriptions: on(save) });
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(['1', '2', '3', '4']);
  });

  it('waits for a topic that does not exist, and says so', async () => {
    topic = `${topic}-later`;
    const consumer = await bench.startConsumer({ groupId: group, subscriptions: on(save) });
    await waitFor(() => consumer.health().reason?.includes(topic), {
      description: 'the health names the topic',
    });
    expect(consumer.health()).toMatchObject({ ready: false, live: true });

    await bench.newTopic({ name: topic });
    await publish('1');
    await bench.caughtUp(group, topic);

    expect(await effects()).toEqual(['1']);
    expect(consumer.health()).toEqual({ ready: true, live: true });
  });

  it('lets events that a handler publishes carry on the correlation', async () => {
    const replies = await bench.newTopic();
    await bench.producer.publish(
      noteContract(topic),
      { key: 'k', text: 'ask' },
      { id: `${topic}-id`, extensions: { correlationid: 'c1' } },
    );

    await bench.startConsumer({
      groupId: group,
      subscriptions: on(async ({ data }) => {
        await bench.producer.publish(noteContract(replies), { key: data.key, text: 'reply' });
      }),
    });
    await bench.caughtUp(group, topic);

    const [reply] = await bench.readAll(replies);
    const event = JSON.parse(reply?.value?.toString() ?? '') as EventEnvelope<Note>;
    expect(event.extensions).toEqual({ correlationid: 'c1', causationid: `${topic}-id` });
  });
});

describe('stopping', () => {
  it('finishes the event at work, commits it, and leaves the rest to the next member', async () => {
    await publish('1', '2', '3');
    const started = gate();
    const finish = gate();
    const consumer = await bench.startConsumer({
      groupId: group,
      subscriptions: on(async (record, context) => {
        started.open();
        await finish.opened;
        await save(record, context);
      }),
    });
    await started.opened;

    const stopped = consumer.stop();
    finish.open();
    await stopped;

    expect(await effects()).toEqual(['1']);
    expect(await committed()).toEqual([1n]);
    await bench.startConsumer({ groupId: group, subscriptions: on(save) });
    await bench.caughtUp(group, topic);
    expect(await effects()).toEqual(['1', '2', '3']);
  });

  it('ends at its deadline although a handler does not, tells the handler, and keeps nothing of its work', async () => {
    await publish('1');
    const started = gate();
    let told = false;
    const consumer = await bench.startConsumer({
      groupId: group,
      subscriptions: on(async (record, context) => {
        context.signal.addEventListener('abort', () => (told = true));
        await save(record, context);
        started.open();
        await new Promise(() => undefined);
      }),
    });
    await started.opened;

    await consumer.stop(200);

    expect(told).toBe(true);
    expect(await effects()).toEqual([]);
    expect(await committed()).toEqual([null]);
  });

  it('while the group is still being joined leaves no member behind', async () => {
    const consumer = await bench.startConsumer({ groupId: group, subscriptions: on(save) });
    await consumer.stop();
    await publish('1');

    await bench.startConsumer({ groupId: group, subscriptions: on(save) });

    await bench.caughtUp(group, topic);
    expect(await effects()).toEqual(['1']);
  });
});

describe('membership', () => {
  it('survives a handler that takes longer than the session', async () => {
    await publish('long', 'next');
    const joins: string[] = [];
    const client: KafkaClient = {
      ...bench.client,
      consumer: (options) =>
        bench.client.consumer({
          ...options,
          onJoin: (assignment, memberId) => {
            joins.push(memberId);
            options.onJoin(assignment, memberId);
          },
        }),
    };

    await bench.startConsumer({
      groupId: group,
      client,
      sessionTimeoutMs: 6000,
      subscriptions: on(async (record, context) => {
        const until = Date.now() + 8000;
        if (record.data.text === 'long') {
          await waitFor(() => Date.now() > until, { description: 'a long time' });
        }
        await save(record, context);
      }),
    });
    await bench.caughtUp(group, topic);

    expect(joins).toHaveLength(1);
    expect(await effects()).toEqual(['long', 'next']);
  });

  it('is shared: a second member takes over partitions, and no event is handled twice', async () => {
    topic = await bench.newTopic({ partitions: 4 });
    const contract = noteContract(topic);
    const handled: string[] = [];
    const by = new Set<string>();
    const handler = (name: string) =>
      on(async (record, context) => {
        handled.push(record.data.text);
        by.add(name);
        await save(record, context);
      });
    const send = (from: number) =>
      Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          bench.producer.publish(contract, { key: `${n}`, text: `${from + n}` }),
        ),
      );
    await bench.startConsumer({ groupId: group, subscriptions: handler('first') });
    await send(0);
    const second = await bench.startConsumer({
      groupId: group,
      subscriptions: handler('second'),
      client: bench.newClient(),
    });
    await send(100);
    await waitFor(isReady(second), { description: 'the second member has joined', timeoutMs: 30_000 });
    await send(200);
    await bench.caughtUp(group, topic);

    expect(by).toEqual(new Set(['first', 'second']));
    expect(handled).toHaveLength(300);
    expect(await effects()).toHaveLength(300);
  });
});

it('refuses two handlers for one topic', () => {
  const { client, pool, producer, logger } = bench;
  const make = () =>
    createConsumer({
      client,
      pool,
      producer,
      logger,
      codec: jsonCodec,
      groupId: group,
      subscriptions: [...on(save), ...on(save)],
    });

  expect(make).toThrow(/subscribed to twice/);
});
