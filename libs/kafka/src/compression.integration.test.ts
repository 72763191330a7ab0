import { connect, type Socket } from 'node:net';
import { createKafkaBench, jsonCodec, type KafkaBench, noteContract } from '@eda/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createKafkaClient } from './client.ts';
import type { KafkaClient } from './client-types.ts';
import type { Compression } from './compression.ts';
import { createProducer } from './producer.ts';
import { subscribe } from './subscription.ts';

const NOTES = Array.from({ length: 200 }, (_, n) => ({
  key: `key-${n % 5}`,
  text: `${n} ${'stock '.repeat(50)}`,
}));
const BYTES = NOTES.reduce((sum, { text }) => sum + text.length, 0);

let bench: KafkaBench;
beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
afterEach(() => bench.cleanUp());

/** A client that says how many bytes it has written to its brokers. */
function countingClient(compression?: Compression): { client: KafkaClient; written: () => number } {
  const sockets: Socket[] = [];
  const { clientId, brokers, topicPrefix } = bench.client;
  const client = createKafkaClient({
    clientId,
    brokers,
    topicPrefix,
    logger: bench.logger,
    ...(compression === undefined ? {} : { compression }),
    socketFactory: ({ host, port, onConnect }) => {
      const socket = connect({ host, port }, onConnect);
      sockets.push(socket);
      return socket;
    },
  });
  return { client, written: () => sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0) };
}

async function publish(client: KafkaClient, topic: string): Promise<void> {
  const producer = createProducer({ client, codec: jsonCodec, source: '/test', logger: bench.logger });
  bench.defer(() => producer.close(3000));
  const results = await producer.publishMany(noteContract(topic), NOTES);
  expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
}

describe.each<{ compression: Compression | undefined; most: number; least: number }>([
  { compression: 'none', least: BYTES, most: Infinity },
  { compression: 'gzip', least: 0, most: BYTES / 4 },
  { compression: 'zstd', least: 0, most: BYTES / 4 },
  { compression: undefined, least: 0, most: BYTES / 4 },
])('events sent with compression $compression', ({ compression, least, most }) => {
  it('are smaller on the wire, and consumers and readers get them as they were', async () => {
    const topic = await bench.newTopic();
    const { client, written } = countingClient(compression);
    const handled: string[] = [];

    await publish(client, topic);
    await bench.startConsumer({
      groupId: topic,
      subscriptions: [
        subscribe(noteContract(topic), ({ data }) => {
          handled.push(data.text);
          return Promise.resolve();
        }),
      ],
    });
    await bench.caughtUp(topic, topic);

    expect(written()).toBeGreaterThan(least);
    expect(written()).toBeLessThan(most);
    expect(handled).toEqual(NOTES.map(({ text }) => text));
    const read = (await bench.readAll(topic)).map(
      ({ value }) => (JSON.parse(value?.toString() ?? '') as { data: { text: string } }).data.text,
    );
    expect(read).toEqual(handled);
  });
});

it('a topic holds batches of every compression side by side', async () => {
  const topic = await bench.newTopic();
  for (const compression of ['none', 'gzip', 'zstd'] as const)
    await publish(countingClient(compression).client, topic);

  expect(await bench.readAll(topic)).toHaveLength(3 * NOTES.length);
});
