import { deadLetterTopic, PermanentError, subscribe } from '@eda/kafka';
import { createKafkaBench, freePort, type KafkaBench, type Note, noteContract } from '@eda/testing';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { runCommand } from './run-command.setup.ts';

let bench: KafkaBench;

beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
afterEach(() => bench.cleanUp());

async function deadLetters(count: number) {
  const topic = await bench.newTopic();
  await bench.newTopic({ name: deadLetterTopic(topic, 'g') });
  const consumer = await bench.startConsumer({
    groupId: 'g',
    subscriptions: [
      subscribe<Note>(noteContract(topic), ({ data: { text } }) =>
        Promise.reject(new PermanentError(`no ${text}`, { code: Number(text) % 2 === 0 ? 'EVEN' : 'ODD' })),
      ),
    ],
  });
  for (let n = 0; n < count; n += 1)
    await bench.producer.publish(noteContract(topic), { key: `k${n}`, text: String(n) });
  await bench.caughtUp('g', topic);
  await consumer.stop();
  const env = {
    KAFKA_BROKERS: bench.client.brokers.join(','),
    KAFKA_TOPIC_PREFIX: bench.client.topicPrefix,
  };
  const redrive = (...args: string[]) =>
    runCommand('redrive', ['--topic', topic, '--group', 'g', ...args], env);
  const records = async () => (await bench.readAll(topic)).length;
  return { topic, env, redrive, records };
}

it('shows what would go, puts back what the filter means, and has nothing to do then', async () => {
  const { topic, redrive, records } = await deadLetters(6);

  const plan = await redrive('--dry-run', '--filter', 'code=ODD');
  expect(plan).toMatchObject({ code: 0, stderr: '' });
  expect(plan.stdout).toMatch(/^dead letter {2}record {2}key/);
  expect(plan.stdout).toMatch(/^0:1 +0:1 +k1 +ODD +PermanentError: no 1 +1 +20\d\d-/m);
  expect(plan.stdout).not.toContain('EVEN');
  expect(plan.stdout).toContain('3 dead letters would be put back. Nothing was written.');
  expect(await records()).toBe(6);

  const limited = await redrive('--filter', 'code=ODD', '--limit', '2');
  expect(limited).toEqual({ code: 0, stderr: '', stdout: `2 dead letters put back into ${topic}.\n` });
  expect((await redrive()).stdout).toBe(`4 dead letters put back into ${topic}.\n`);
  expect(await redrive()).toMatchObject({ code: 0, stdout: `Nothing to put back in ${topic}.g.dlq.\n` });
  expect(await records()).toBe(12);
});

it('leaves a partition to whom is at work in it, and says how to go on', async () => {
  const { topic, redrive } = await deadLetters(1);
  await bench.producer.send({
    topic: deadLetterTopic(topic, 'g'),
    partition: 0,
    key: null,
    value: null,
    headers: { '__dlq.run': 'somebody:begin' },
  });

  const result = await redrive();

  expect(result).toMatchObject({ code: 3, stdout: `0 dead letters put back into ${topic}.\n` });
  expect(result.stderr).toContain('Left alone: partition 0.');
});

it('says what is wrong without a stack: command line, topic, configuration, brokers', async () => {
  const { topic, env } = await deadLetters(0);
  const call = (args: string[], more: Record<string, string> = {}) =>
    runCommand('redrive', args, { ...env, ...more });

  const [help, usage, unknown, config, away] = await Promise.all([
    call(['--help']),
    call(['--topic', topic]),
    call(['--topic', topic, '--group', 'nobody']),
    call(['--topic', topic, '--group', 'g'], { KAFKA_BROKERS: 'nonsense' }),
    call(['--topic', topic, '--group', 'g'], { KAFKA_BROKERS: `127.0.0.1:${await freePort()}` }),
  ]);

  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--dry-run') as string });
  expect(usage).toMatchObject({ code: 2, stderr: expect.stringContaining('--group is missing') as string });
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain(`there is no topic ${topic}.nobody.dlq. There are: `);
  expect(unknown.stderr).toContain(`${topic}.g.dlq`);
  expect(config).toMatchObject({ code: 2, stderr: expect.stringContaining('KAFKA_BROKERS') as string });
  expect(away.code).toBe(1);
  expect(away.stderr).toMatch(/^redrive: Kafka does not answer at 127\.0\.0\.1:\d+\./);
  for (const { stderr } of [usage, unknown, config, away]) expect(stderr).not.toMatch(/^ +at /m);
});
