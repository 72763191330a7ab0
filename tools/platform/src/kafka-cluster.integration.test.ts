/** A cluster of three real brokers: what it is for is that one may end. */
import { createKafkaAdmin, createKafkaClient, createProducer } from '@eda/kafka';
import { jsonCodec, waitFor } from '@eda/testing';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { PlatformError } from './errors.ts';
import { startKafkaCluster } from './kafka-cluster.ts';
import { livingBrokers } from './kafka-probe.ts';
import { isPortFree } from './ports.ts';
import { startTimeOf } from './process-identity.ts';
import { temporaryFolder } from './temporary-folder.ts';

const logger = pino({ level: 'silent' });

it(
  'goes on without one of three brokers, takes it back, and leaves nothing',
  { timeout: 120_000 },
  async () => {
    const folder = join(temporaryFolder(), 'cluster');
    const cluster = await startKafkaCluster({
      folder,
      controllers: 'separate',
      // A dead broker is noticed sooner than after Kafka's own 9 s.
      settings: { 'broker.session.timeout.ms': 3000, 'broker.heartbeat.interval.ms': 500 },
    });
    onTestFinished(() => cluster.stop());
    const { nodes, brokers } = cluster;
    expect(nodes.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(new Set(brokers).size).toBe(3);

    const client = createKafkaClient({ clientId: 'cluster-test', brokers, logger });
    const admin = createKafkaAdmin({ client });
    onTestFinished(() => admin.close());
    const topic = { name: 'notes', partitions: 6 };
    const asked = await admin.ensureTopics([{ ...topic, config: { 'min.insync.replicas': '2' } }]);
    // The brokers' own default: nothing was set for the topic and nothing differs.
    expect(asked).toEqual({ created: ['notes'], differences: [] });
    const producer = createProducer({ client, codec: jsonCodec, source: '/test', logger });
    onTestFinished(() => producer.close(3000));
    const sendAll = (text: string) =>
      Promise.all(
        Array.from({ length: topic.partitions }, (_, partition) =>
          producer.send({ topic: topic.name, partition, key: null, value: Buffer.from(text), headers: {} }),
        ),
      );
    await sendAll('with three');

    const [victim] = nodes;
    if (!victim) throw new Error('the cluster has no node');
    const dead = victim.pid;
    await victim.kill();
    expect(victim.running).toBe(false);
    expect(startTimeOf(dead)).toBeUndefined();
    await sendAll('with two');

    await victim.start();
    expect(victim.pid).not.toBe(dead);
    expect(await livingBrokers(victim.internalAddress)).toContain(victim.id);
    await cluster.settled();
    const bounds = await waitFor(() => admin.bounds(topic.name), { description: 'all partitions are led' });
    expect(bounds.map(({ start, end }) => end - start)).toEqual(Array.from({ length: 6 }, () => 2n));

    await expect(startKafkaCluster({ folder })).rejects.toThrow(PlatformError);
    const pids = [...nodes, cluster.controller].map((node) => node?.pid ?? 0);
    expect(pids.every((pid) => startTimeOf(pid) !== undefined)).toBe(true);
    const ports = [...nodes, cluster.controller].flatMap((node) => Object.values(node?.ports ?? {}));
    await cluster.stop();
    expect(pids.filter((pid) => startTimeOf(pid) !== undefined)).toEqual([]);
    for (const port of ports) expect(await isPortFree(port)).toBe(true);
    expect(existsSync(folder)).toBe(false);
  },
);

it('leaves nothing of a start that fails', async () => {
  const folder = join(temporaryFolder(), 'cluster');
  await expect(
    startKafkaCluster({ folder, brokers: 1, settings: { 'log.cleaner.threads': -1 } }),
  ).rejects.toThrow(/log\.cleaner\.threads/);
  expect(existsSync(folder)).toBe(false);
});

it('stops in order and keeps data that it is told to keep', async () => {
  const folder = join(temporaryFolder(), 'cluster');
  const cluster = await startKafkaCluster({ folder, brokers: 1, keep: true });
  onTestFinished(async () => {
    await Promise.all(cluster.nodes.map((node) => node.kill()));
  });
  const [node] = cluster.nodes;
  node?.signal('SIGSTOP');
  await cluster.stop();
  expect(node?.running).toBe(false);
  // Kafka writes this file at the very end of a stop in order.
  expect(existsSync(join(folder, 'data/node-1/log/.kafka_cleanshutdown'))).toBe(true);
});
