import type { ClientReader, RawRecord } from '@eda/kafka';
import { createTail, UnknownTopic } from '@eda/kafka';
import { expect } from 'vitest';
import type { BrokerCase } from './broker-cases.ts';
import type { BrokerBench } from './broker-bench.ts';
import { texts } from './broker-bench.ts';
import { waitFor } from './wait-for.ts';

async function connectedReader(bench: BrokerBench): Promise<ClientReader> {
  const reader = bench.client.reader();
  bench.defer(() => reader.disconnect());
  await reader.connect();
  return reader;
}

export const READER_CASES: readonly BrokerCase[] = [
  {
    area: 'reading without a group',
    name: 'bounds say where each partition begins and ends',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 2 });
      await bench.fill(topic, ['a', 'b', 'c'], 1);
      const reader = await connectedReader(bench);

      expect(await reader.bounds(topic)).toEqual([
        { partition: 0, start: 0n, end: 0n },
        { partition: 1, start: 0n, end: 3n },
      ]);
      await expect(reader.bounds('nobody-made-this')).rejects.toBeInstanceOf(UnknownTopic);
    },
  },
  {
    area: 'reading without a group',
    name: 'a fetch begins at any offset, also within a batch, and says where to go on',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 2 });
      await bench.fill(topic, ['a', 'b', 'c']);
      await bench.fill(topic, ['x'], 1);
      const reader = await connectedReader(bench);

      const results = await reader.fetch(
        [
          { topic, partition: 0, offset: 1n },
          { topic, partition: 1, offset: 0n },
        ],
        500,
      );

      const seen = new Map<number, RawRecord[]>(
        results.map(({ partition, records }) => [partition, [...records]]),
      );
      expect(texts(seen.get(0) ?? [])).toEqual(['b', 'c']);
      expect(texts(seen.get(1) ?? [])).toEqual(['x']);
      expect(results.find(({ partition }) => partition === 0)).toMatchObject({ topic, next: 3n, logEnd: 3n });
    },
  },
  {
    area: 'reading without a group',
    name: 'a fetch at the end of the log waits for the next record',
    async run(bench) {
      const topic = await bench.newTopic();
      await bench.fill(topic, ['old']);
      const reader = await connectedReader(bench);

      const waiting = reader.fetch([{ topic, partition: 0, offset: 1n }], 20_000);
      await bench.fill(topic, ['new']);

      const [result] = await waiting;
      expect(texts(result?.records ?? [])).toEqual(['new']);
    },
  },
  {
    area: 'reading without a group',
    name: 'a fetch at the end of the log returns with nothing when nothing comes',
    async run(bench) {
      const topic = await bench.newTopic();
      await bench.fill(topic, ['old']);
      const reader = await connectedReader(bench);

      const [result] = await reader.fetch([{ topic, partition: 0, offset: 1n }], 50);

      expect(result).toMatchObject({ records: [], next: 1n, logEnd: 1n });
    },
  },
  {
    area: 'reading without a group',
    name: 'a tail from the end delivers what comes, and only that, and commits nothing',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 2 });
      await bench.fill(topic, ['old']);
      const records: RawRecord[] = [];
      const tail = createTail({
        client: bench.client,
        topics: [{ topic, from: 'end' }],
        onRecord: (record) => void records.push(record),
        logger: bench.logger,
      });
      bench.defer(() => tail.stop());
      await tail.start();
      await tail.caughtUp;

      await bench.fill(topic, ['one'], 0);
      await bench.fill(topic, ['two'], 1);

      await waitFor(() => records.length === 2, { description: 'both records are delivered' });
      expect(texts(records).toSorted()).toEqual(['one', 'two']);
    },
  },
  {
    area: 'administration',
    name: 'topics are created with their settings, counted, listed and deleted',
    async run(bench) {
      const name = bench.newName('managed');
      const config = { 'cleanup.policy': 'compact' };
      expect(await bench.admin.partitionCount(name)).toBeUndefined();

      const spec = { name, partitions: 3, config };
      expect((await bench.admin.ensureTopics([spec])).created).toEqual([name]);
      expect(await bench.admin.ensureTopics([spec])).toEqual({ created: [], differences: [] });
      const changed = await bench.admin.ensureTopics([
        { name, partitions: 4, config: { 'cleanup.policy': 'delete' } },
      ]);

      expect(changed.differences.map(({ property, actual }) => [property, actual])).toEqual([
        ['partitions', '3'],
        ['cleanup.policy', 'compact'],
      ]);
      expect(await bench.admin.partitionCount(name)).toBe(3);
      expect(await bench.admin.listTopics()).toContain(name);
      await bench.admin.deleteTopics([name]);
      await bench.admin.deleteTopics([name]);
      await waitFor(async () => !(await bench.admin.listTopics()).includes(name), {
        description: 'the topic is gone',
      });
    },
  },
];
