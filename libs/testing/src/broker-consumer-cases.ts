import { setTimeout as delay } from 'node:timers/promises';
import type { ReceivedRecord } from '@eda/kafka';
import { deadLetterTopic, describeDeadLetter, PermanentError, subscribe, TransientError } from '@eda/kafka';
import { expect } from 'vitest';
import type { BrokerCase } from './broker-cases.ts';
import type { BrokerBench } from './broker-bench.ts';
import { numbers, texts } from './broker-bench.ts';
import type { Note } from './json-codec.ts';
import { noteContract } from './json-codec.ts';
import { waitFor } from './wait-for.ts';

const NO_WAIT = { initialMs: 1, maxMs: 2 };

async function publish(bench: BrokerBench, topic: string, notes: readonly Note[]): Promise<void> {
  const producer = bench.newProducer();
  for (const result of await producer.publishMany(noteContract(topic), notes))
    if (result.status === 'rejected') throw result.reason;
}

function notes(count: number, key: (n: number) => string = () => 'k'): Note[] {
  return numbers(count).map((text, n) => ({ key: key(n), text }));
}

async function withDeadLetters(
  bench: BrokerBench,
): Promise<{ topic: string; groupId: string; letters: string }> {
  const topic = await bench.newTopic();
  const groupId = bench.newName('group');
  const letters = deadLetterTopic(topic, groupId);
  await bench.newTopic({ name: letters });
  return { topic, groupId, letters };
}

export const CONSUMER_CASES: readonly BrokerCase[] = [
  {
    area: 'handling',
    name: 'events are handled in order per key, each once, and committed',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 3 });
      const groupId = bench.newName('group');
      const handled: ReceivedRecord<Note>[] = [];
      await publish(
        bench,
        topic,
        notes(120, (n) => `key ${n % 6}`),
      );

      await bench.startConsumer({
        groupId,
        subscriptions: [
          subscribe(noteContract(topic), (record) => {
            handled.push(record);
            return Promise.resolve();
          }),
        ],
      });

      await bench.caughtUp(groupId, topic);
      expect(handled).toHaveLength(120);
      for (const [key, events] of Map.groupBy(handled, (event) => event.key)) {
        const order = events.map(({ data }) => Number(data.text));
        expect(order, key).toEqual(order.toSorted((a, b) => a - b));
      }
    },
  },
  {
    area: 'handling',
    name: 'an event whose handler fails for a while is handled again, before the ones behind it',
    async run(bench) {
      const topic = await bench.newTopic();
      const groupId = bench.newName('group');
      const calls: string[] = [];
      await publish(bench, topic, notes(3));

      await bench.startConsumer({
        groupId,
        subscriptions: [
          subscribe(noteContract(topic), ({ data, attempt }) => {
            calls.push(data.text);
            if (data.text === '1' && attempt < 3) throw new TransientError('not now');
            return Promise.resolve();
          }),
        ],
      });

      await bench.caughtUp(groupId, topic);
      expect(calls).toEqual(['0', '1', '1', '1', '2']);
    },
  },
  {
    area: 'handling',
    name: 'an event that cannot be handled becomes a dead letter, as it was, and the next ones are handled',
    async run(bench) {
      const { topic, groupId, letters } = await withDeadLetters(bench);
      const handled: string[] = [];
      await publish(bench, topic, notes(3));

      await bench.startConsumer({
        groupId,
        subscriptions: [
          subscribe(noteContract(topic), ({ data }) => {
            if (data.text === '1') throw new PermanentError('never', { code: 'NEVER' });
            handled.push(data.text);
            return Promise.resolve();
          }),
        ],
      });
      await bench.caughtUp(groupId, topic);

      expect(handled).toEqual(['0', '2']);
      const [letter, ...others] = await bench.readAll(letters);
      expect(others).toEqual([]);
      const [, original] = await bench.readAll(topic);
      expect([letter?.key, letter?.value]).toEqual([original?.key, original?.value]);
      expect(letter).toBeDefined();
      if (letter !== undefined)
        expect(describeDeadLetter(letter)).toMatchObject({ code: 'NEVER', offset: 1n });
    },
  },
  {
    area: 'handling',
    name: 'a failure of the handler itself is tried so often as its policy says, then it is a dead letter',
    async run(bench) {
      const { topic, groupId, letters } = await withDeadLetters(bench);
      let calls = 0;
      await publish(bench, topic, notes(1));

      await bench.startConsumer({
        groupId,
        subscriptions: [
          subscribe(
            noteContract(topic),
            () => {
              calls += 1;
              throw new TypeError('a bug');
            },
            { retry: { maxAttempts: 3, backoff: NO_WAIT, onExhausted: 'dead-letter' } },
          ),
        ],
      });
      await bench.caughtUp(groupId, topic);

      expect(calls).toBe(3);
      expect(await bench.readAll(letters)).toHaveLength(1);
    },
  },
  {
    area: 'handling',
    name: 'a tombstone and bytes that are no event become dead letters',
    async run(bench) {
      const { topic, groupId, letters } = await withDeadLetters(bench);
      const producer = bench.newProducer();
      await producer.send({ topic, key: Buffer.from('k'), value: null, headers: {} });
      await producer.send({ topic, key: Buffer.from('k'), value: Buffer.from('garbage'), headers: {} });
      await publish(bench, topic, notes(1));
      const handled: string[] = [];

      await bench.startConsumer({
        groupId,
        subscriptions: [
          subscribe(noteContract(topic), ({ data }) => {
            handled.push(data.text);
            return Promise.resolve();
          }),
        ],
      });
      await bench.caughtUp(groupId, topic);

      expect(handled).toEqual(['0']);
      expect(texts(await bench.readAll(letters))).toEqual(['null', 'garbage']);
    },
  },
  {
    area: 'handling',
    name: 'a consumer that stops lets its handler finish, commits, and leaves the rest to its successor',
    async run(bench) {
      const topic = await bench.newTopic();
      const groupId = bench.newName('group');
      const handled: string[] = [];
      const { promise: mayEnd, resolve: end } = Promise.withResolvers<undefined>();
      await publish(bench, topic, notes(3));
      const contract = noteContract(topic);
      const first = await bench.startConsumer({
        groupId,
        subscriptions: [
          subscribe(contract, async ({ data }) => {
            handled.push(`first ${data.text}`);
            await mayEnd;
          }),
        ],
      });
      await waitFor(() => handled.length === 1, { description: 'the handler is at work', timeoutMs: 20_000 });

      const stopping = first.stop();
      end(undefined);
      await stopping;
      expect(await bench.committed(groupId, topic)).toBe(1n);
      await bench.startConsumer({
        groupId,
        subscriptions: [
          subscribe(contract, ({ data }) => {
            handled.push(`second ${data.text}`);
            return Promise.resolve();
          }),
        ],
      });

      await bench.caughtUp(groupId, topic);
      expect(handled).toEqual(['first 0', 'second 1', 'second 2']);
    },
  },
  {
    area: 'handling',
    name: 'every event is handled once while a second consumer comes and goes under load',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 4 });
      const groupId = bench.newName('group');
      const handled: string[] = [];
      const start = (client = bench.client) =>
        bench.startConsumer({
          client,
          groupId,
          subscriptions: [
            // As long as it takes to be at work when the others come and go.
            subscribe(noteContract(topic), async ({ data }) => {
              await delay(2);
              handled.push(data.text);
            }),
          ],
        });
      const loaded = new AbortController();
      const published: string[] = [];
      const load = async () => {
        while (!loaded.signal.aborted) {
          const some = notes(4, (n) => `key ${n}`).map((note) => ({
            ...note,
            text: `${published.length} ${note.text}`,
          }));
          published.push(...some.map(({ text }) => text));
          await publish(bench, topic, some);
          await delay(2);
        }
      };

      const first = await start();
      const loading = load();
      const enough = (count: number) =>
        waitFor(() => handled.length > count, { description: `more than ${count} are handled` });
      try {
        for (const round of [1, 2, 3]) {
          await enough(round * 100);
          const second = await start(bench.newClient().client);
          const isReady = () => second.health().ready;
          await waitFor(isReady, { description: 'the second has joined', timeoutMs: 20_000 });
          await second.stop();
        }
      } finally {
        loaded.abort();
        await loading;
      }

      await bench.caughtUp(groupId, topic);
      await waitFor(() => first.health().ready, { description: 'the first is well', timeoutMs: 20_000 });
      expect(handled.toSorted()).toEqual(published.toSorted());
    },
  },
];
