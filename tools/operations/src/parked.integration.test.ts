import { deadLetterTopic, subscribe } from '@eda/kafka';
import { createKafkaBench, type KafkaBench, type Note, noteContract, waitFor } from '@eda/testing';
import { beforeAll, expect, it } from 'vitest';
import { runCommand } from './run-command.setup.ts';

let bench: KafkaBench;

beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});

it('lists parked keys, lets one be tried now, gives one up, and says when there is nothing', async () => {
  const topic = await bench.newTopic();
  const letters = await bench.newTopic({ name: deadLetterTopic(topic, 'g') });
  let mended = false;
  const handled: string[] = [];
  await bench.startConsumer({
    groupId: 'g',
    subscriptions: [
      subscribe<Note>(
        noteContract(topic),
        ({ data: { key, text } }) => {
          if (!mended || key === 'hopeless') return Promise.reject(new Error('not yet'));
          handled.push(text);
          return Promise.resolve();
        },
        {
          retry: {
            maxAttempts: 1,
            backoff: { initialMs: 1, maxMs: 1 },
            onExhausted: 'park-key',
            parking: { backoff: { initialMs: 600_000, maxMs: 600_000 } },
          },
        },
      ),
    ],
  });
  const long = 'curable-0190a6b2-7c1e-7d3a-9f55-0242ac120002';
  for (const key of [long, 'hopeless'])
    await bench.producer.publish(noteContract(topic), { key, text: `of ${key}` });
  await bench.caughtUp('g', topic);
  const env = {
    DATABASE_URL: bench.databaseUrl,
    KAFKA_BROKERS: bench.client.brokers.join(','),
    KAFKA_TOPIC_PREFIX: bench.client.topicPrefix,
  };
  const parked = (...args: string[]) => runCommand('parked', args, env);
  const of = (key: string) => ['--group', 'g', '--topic', topic, '--key', key];

  const list = await parked('list', '--group', 'g');
  expect(list).toMatchObject({ code: 0, stderr: '' });
  expect(list.stdout).toMatch(new RegExp(`${long} +1 +0:\\d`));
  expect(list.stdout).toContain('2 parked.');

  mended = true;
  expect(await parked('retry', ...of(long))).toMatchObject({ code: 0 });
  await waitFor(() => handled.length === 1, { description: 'the curable record' });
  expect(await parked('give-up', ...of('hopeless'))).toMatchObject({ code: 0, stderr: '' });
  await waitFor(async () => (await bench.readAll(letters)).length === 1, { description: 'the dead letter' });

  const empty = () => parked('list', '--group', 'g');
  await waitFor(async () => (await empty()).stdout === 'g has parked nothing.\n', {
    description: 'nothing parked',
    timeoutMs: 20_000,
  });
  const gone = await parked('retry', ...of(long));
  expect(gone.code).toBe(2);
  expect(gone.stderr).toContain(`g has parked nothing of ${topic} with the key ${long}\n`);
  expect((await parked('give-up', ...of(long))).stderr).toContain(`with the key ${long} that has failed`);
  expect((await runCommand('parked', ['list', '--group', 'g'], {})).stderr).toContain(
    'DATABASE_URL is missing',
  );
});
