import {
  createFaultySockets,
  createKafkaBench,
  type FaultySockets,
  type KafkaBench,
  noteContract,
  waitFor,
} from '@eda/testing';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { KafkaAdmin } from './admin.ts';
import { createKafkaAdmin } from './admin.ts';
import type { KafkaClient } from './client-types.ts';
import { subscribe } from './subscription.ts';
import type { Producer } from './types.ts';

let bench: KafkaBench;
let faults: FaultySockets;
let client: KafkaClient;
let topic: string;
let group: string;
let groups = 0;
let handled: string[];

beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
beforeEach(async () => {
  topic = await bench.newTopic({ partitions: 3 });
  group = `group-${(groups += 1)}`;
  handled = [];
  faults = createFaultySockets();
  client = bench.newClient({ faults, connectionTimeoutMs: 1000, requestTimeoutMs: 1000 });
});
afterEach(() => bench.cleanUp());

function newAdmin(): KafkaAdmin {
  const admin = createKafkaAdmin({ client });
  bench.defer(() => admin.close());
  return admin;
}
const startConsumer = () =>
  bench.startConsumer({
    groupId: group,
    client,
    // An outage does not count.
    restartBudget: { maxRestarts: 0, windowMs: 60_000 },
    subscriptions: [
      subscribe(noteContract(topic), ({ data }) => {
        handled.push(data.text);
        return Promise.resolve();
      }),
    ],
  });
const publish = (producer: Producer, ...texts: string[]) =>
  Promise.all(texts.map((text) => producer.publish(noteContract(topic), { key: text, text })));
const failsTwice = async (admin: KafkaAdmin) => {
  expect([await admin.isReachable(), await admin.isReachable()]).toEqual([false, false]);
};
const recovers = (admin: KafkaAdmin) =>
  waitFor(() => admin.isReachable(), { description: 'the administration is answered', timeoutMs: 20_000 });
const keysIn = async (name: string) => (await bench.readAll(name)).map(({ key }) => String(key)).sort();

it('who connects to a broker that hangs is served when it goes on', { timeout: 90_000 }, async () => {
  faults.freeze();
  const admin = newAdmin();
  const consumer = await startConsumer();
  const published = publish(bench.newProducer({ client, deliveryTimeoutMs: 60_000 }), 'a', 'b', 'c', 'd');
  await failsTwice(admin);
  await waitFor(() => consumer.health().reason?.startsWith('Kafka: '), {
    description: 'the consumer says why',
  });

  faults.heal();
  await Promise.all([recovers(admin), published]);
  await bench.caughtUp(group, topic);
  expect(handled.sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(await keysIn(topic)).toEqual(['a', 'b', 'c', 'd']);
});

it('who worked with a broker that hung for long works on when it goes on', { timeout: 90_000 }, async () => {
  const admin = newAdmin();
  const producer = bench.newProducer({ client, deliveryTimeoutMs: 60_000 });
  const consumer = await startConsumer();
  await recovers(admin);
  await publish(producer, 'a', 'b', 'c');
  await bench.caughtUp(group, topic);

  faults.freeze();
  const published = publish(producer, 'd', 'e', 'f');
  await failsTwice(admin);
  await waitFor(() => consumer.health().reason?.startsWith('Kafka: '), {
    description: 'the session is over',
    timeoutMs: 20_000,
  });

  faults.heal();
  await Promise.all([recovers(admin), published]);
  await bench.caughtUp(group, topic);
  expect(handled.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(await keysIn(topic)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(consumer.health().live).toBe(true);
});
