import { createKafkaBench, type KafkaBench, type Note, noteContract, waitFor } from '@eda/testing';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ClientConsumerOptions, KafkaClient } from './client-types.ts';
import { subscribe } from './subscription.ts';
import type { Handler } from './types.ts';

let bench: KafkaBench;
let topic: string;
let group: string;
let groups = 0;
let handled: string[];
/** Of the consumer's sessions, the last one at the end. */
let sessions: ClientConsumerOptions[];

beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  topic = await bench.newTopic();
  group = `group-${(groups += 1)}`;
  handled = [];
  sessions = [];
});
afterEach(() => bench.cleanUp());

const publish = (text: string) => bench.producer.publish(noteContract(topic), { key: 'key', text });
const note: Handler<Note> = ({ data }) => {
  handled.push(data.text);
  return Promise.resolve();
};

/** The real client, whose sessions the test can end as a defect of the client would. */
function observed(): KafkaClient {
  return {
    ...bench.client,
    consumer: (options) => {
      sessions.push(options);
      return bench.client.consumer(options);
    },
  };
}
const crash = (message: string) => sessions.at(-1)?.onCrash(new Error(message), false);
const start = (options: { maxRestarts: number; onCrash?: (error: Error) => void }) =>
  bench.startConsumer({
    groupId: group,
    client: observed(),
    restartBudget: { maxRestarts: options.maxRestarts, windowMs: 60_000 },
    subscriptions: [subscribe(noteContract(topic), note)],
    ...(options.onCrash === undefined ? {} : { onCrash: options.onCrash }),
  });
const joined = (consumer: { health(): { ready: boolean } }, session: number) =>
  waitFor(() => sessions.length === session && consumer.health().ready, {
    description: `session ${session} has joined`,
    timeoutMs: 20_000,
  });

it('a consumer whose client crashes joins again within its budget, and goes on where it was', async () => {
  const consumer = await start({ maxRestarts: 2 });
  for (const session of [1, 2, 3]) {
    await joined(consumer, session);
    await publish(`in session ${session}`);
    await bench.caughtUp(group, topic);
    if (session < 3) crash('a defect of the client');
  }

  expect(handled).toEqual(['in session 1', 'in session 2', 'in session 3']);
});

it('beyond its budget it ends for good, tells whoever asked for it, and leaves the group', async () => {
  const ended = Promise.withResolvers<Error>();
  const consumer = await start({ maxRestarts: 1, onCrash: ended.resolve });
  await joined(consumer, 1);
  crash('the first');
  await joined(consumer, 2);
  crash('the last');

  expect(await ended.promise).toMatchObject({
    code: 'CRASHED_TOO_OFTEN',
    message: expect.stringContaining('the last') as string,
  });
  expect(consumer.health()).toMatchObject({ ready: false, live: false });
  await consumer.stop();
  await publish('for the successor');
  await start({ maxRestarts: 0 });
  await bench.caughtUp(group, topic);
  expect(handled).toEqual(['for the successor']);
});
