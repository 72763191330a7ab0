import { createTestTopics, testPlatform, waitFor } from '@eda/testing';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { KafkaClientName } from './client.ts';
import { createKafkaClient } from './client.ts';
import { createProducer } from './producer.ts';
import type { FetchedBatch } from './client-types.ts';

const TOPIC = 'shared';
const PARTITIONS = 4;

it.each<[KafkaClientName, KafkaClientName]>([
  ['kafkajs', 'platformatic'],
  ['platformatic', 'kafkajs'],
])('a group goes from %s to %s while both are members', async (before, after) => {
  const { brokers } = testPlatform().kafka;
  const logger = pino({ level: 'silent' });
  await using topics = await createTestTopics(brokers, [{ name: TOPIC, partitions: PARTITIONS }]);
  const seen: string[] = [];
  const producer = createProducer({
    client: topics.client,
    codec: { encode: () => never(), decode: () => never() },
    source: '/test',
    logger,
  });
  const fill = (text: string) =>
    Promise.all(
      Array.from({ length: PARTITIONS }, (_, partition) =>
        producer.send({ topic: TOPIC, key: null, value: Buffer.from(text), headers: {}, partition }),
      ),
    );
  const member = (client: KafkaClientName) => {
    let partitions = 0;
    const consumer = createKafkaClient({
      client,
      clientId: client,
      brokers,
      topicPrefix: topics.prefix,
      logger,
    }).consumer({
      groupId: 'group',
      topics: [TOPIC],
      sessionTimeoutMs: 6000,
      heartbeatIntervalMs: 300,
      rebalanceTimeoutMs: 10_000,
      concurrency: 4,
      maxBytesPerPartition: 512_000,
      maxWaitMs: 100,
      formerMember: undefined,
      onBatch: (batch) => take(batch, (text) => seen.push(`${client} ${text}`)),
      onJoin: (assignment) => (partitions = assignment.get(TOPIC)?.length ?? 0),
      onRebalance: () => Promise.resolve(),
      onHeartbeat: () => undefined,
      onCrash: (error) => seen.push(`${client} crashed: ${error.message}`),
    });
    const reads = (count: number) =>
      waitFor(() => partitions === count, {
        description: `${client} reads ${count} partitions`,
        timeoutMs: 20_000,
      });
    return { consumer, reads };
  };

  const old = member(before);
  const next = member(after);
  try {
    await old.consumer.start();
    await old.reads(PARTITIONS);
    await next.consumer.start();
    await Promise.all([old.reads(2), next.reads(2)]);
    await fill('together');
    await waitFor(() => seen.length === 4, { description: 'both have their share' });
    await old.consumer.stop();
    await next.reads(PARTITIONS);
    await fill('alone');
    await waitFor(() => seen.length === 8, { description: 'the new client has all' });
  } finally {
    await Promise.all([old.consumer.stop(), next.consumer.stop(), producer.close()]);
  }

  expect(seen.toSorted()).toEqual(
    [
      ...Array<string>(2).fill(`${before} together`),
      ...Array<string>(2).fill(`${after} together`),
      ...Array<string>(4).fill(`${after} alone`),
    ].toSorted(),
  );
});

function never(): never {
  throw new Error('nothing is encoded here');
}

async function take(batch: FetchedBatch, see: (text: string) => void): Promise<void> {
  for (const { offset, value } of batch.records) {
    see(value?.toString() ?? '');
    batch.resolve(offset);
    await batch.commit([{ topic: batch.topic, partition: batch.partition, offset: offset + 1n }]);
  }
}
