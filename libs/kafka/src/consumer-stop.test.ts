import { jsonCodec, noteContract } from '@eda/testing';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { KafkaClient } from './client-types.ts';
import { createConsumer } from './consumer.ts';
import { subscribe } from './subscription.ts';
import type { Producer } from './types.ts';

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

it('a consumer that has stopped in time leaves no timer that keeps the process', async () => {
  const consumer = createConsumer({
    client: {} as KafkaClient,
    codec: jsonCodec,
    producer: {} as Producer,
    logger: pino({ level: 'silent' }),
    groupId: 'g',
    store: 'none',
    subscriptions: [subscribe(noteContract('t'), () => Promise.resolve())],
  });

  const before = timers();
  await consumer.stop(60_000);

  expect(timers()).toBeLessThanOrEqual(before);
});
