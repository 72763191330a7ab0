import { AppendError, BufferExhausted, Closed, RecordTooLarge, UnknownTopic } from '@eda/kafka';
import { expect } from 'vitest';
import type { BrokerCase } from './broker-cases.ts';
import type { BrokerBench, Compression } from './broker-bench.ts';
import { append, numbers, texts, wireRecord, wireRecords } from './broker-bench.ts';

const LIMIT = 100_000;

async function compresses(bench: BrokerBench, compression: Compression): Promise<void> {
  const topic = await bench.newTopic({ config: { 'max.message.bytes': '4000' } });
  const producer = await bench.clientProducer(bench.newClient({ compression }).client);
  const value = 'the same words again and again, '.repeat(100);

  // Two of them are more than the topic takes, unless they are really compressed.
  const both = append(producer, topic, wireRecords(value, value));
  if (compression === 'none') await expect(both).rejects.toMatchObject({ failure: 'too-large' });
  else await both;
  await append(producer, topic, wireRecords(value));

  expect(texts(await bench.readAll(topic))).toEqual(compression === 'none' ? [value] : [value, value, value]);
}

export const PRODUCER_CASES: readonly BrokerCase[] = [
  {
    area: 'producing',
    name: 'records with the same key are in the log in the order in which they were sent',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 3 });
      const producer = bench.newProducer({ maxBatchRecords: 7 });

      await Promise.all(
        numbers(300).map((n) =>
          producer.send({
            topic,
            key: Buffer.from(`key ${Number(n) % 5}`),
            value: Buffer.from(n),
            headers: {},
          }),
        ),
      );

      const log = await bench.readAll(topic);
      expect(log).toHaveLength(300);
      for (const [key, records] of Map.groupBy(log, (record) => record.key?.toString())) {
        const values = texts(records).map(Number);
        expect(values, key).toEqual(values.toSorted((a, b) => a - b));
      }
    },
  },
  {
    area: 'producing',
    name: 'an acknowledgement says at which offset a batch begins',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 2 });
      const producer = await bench.clientProducer();

      expect(await append(producer, topic, wireRecords('a', 'b', 'c'), 1)).toBe(0n);
      expect(await append(producer, topic, wireRecords('d'), 1)).toBe(3n);
      expect(await append(producer, topic, wireRecords('e'), 0)).toBe(0n);
    },
  },
  {
    area: 'producing',
    name: 'a batch whose answer was lost is written once when the same producer sends it again',
    async run(bench) {
      const topic = await bench.newTopic();
      const subject = bench.newClient();
      const producer = await bench.clientProducer(subject.client);
      await append(producer, topic, wireRecords('first'));

      subject.loseProduceAnswers(1);
      const failure: unknown = await producer
        .append(topic, 0, wireRecords('a', 'b'))
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(AppendError);
      expect((failure as AppendError).failure).toBe('unknown');
      expect(await append(producer, topic, wireRecords('a', 'b'))).toBe(1n);
      expect(await append(producer, topic, wireRecords('c'))).toBe(3n);

      expect(texts(await bench.readAll(topic))).toEqual(['first', 'a', 'b', 'c']);
    },
  },
  {
    area: 'producing',
    name: 'records that were sent while answers were lost are in the log once and in order',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 4 });
      const subject = bench.newClient();
      const producer = bench.newProducer({ client: subject.client, maxBatchRecords: 5 });
      const send = (n: string) =>
        producer.send({ topic, key: null, value: Buffer.from(n), headers: {}, partition: Number(n) % 4 });
      await Promise.all(numbers(4).map(send));

      for (let round = 0; round < 3; round += 1) {
        subject.loseProduceAnswers(1);
        await Promise.all(numbers(40).map(send));
      }

      const log = await bench.readAll(topic);
      expect(log).toHaveLength(4 + 3 * 40);
      for (const [partition, records] of Map.groupBy(log, (record) => record.partition)) {
        const round = numbers(40).filter((n) => Number(n) % 4 === partition);
        expect(texts(records)).toEqual([String(partition), ...round, ...round, ...round]);
      }
    },
  },
  {
    area: 'producing',
    name: 'headers arrive as they were: texts, bytes, repeated and empty ones',
    async run(bench) {
      const topic = await bench.newTopic();
      const bytes = Buffer.from([0, 255, 128]);
      const headers = { text: 'grüße', bytes, many: ['one', bytes, ''], empty: '' };

      await append(await bench.clientProducer(), topic, [wireRecord({ value: Buffer.from('v'), headers })]);

      const [record] = await bench.readAll(topic);
      expect(record?.headers).toEqual({
        text: Buffer.from('grüße'),
        bytes,
        many: [Buffer.from('one'), bytes, Buffer.alloc(0)],
        empty: Buffer.alloc(0),
      });
    },
  },
  {
    area: 'producing',
    name: 'keys and values that are null stay apart from empty ones',
    async run(bench) {
      const topic = await bench.newTopic();
      const empty = Buffer.alloc(0);
      const records = [
        wireRecord({ key: Buffer.from('k'), value: null }),
        wireRecord({ key: null, value: Buffer.from('v') }),
        wireRecord({ key: empty, value: empty }),
        wireRecord({ key: null, value: null }),
      ];

      await append(await bench.clientProducer(), topic, records);

      expect((await bench.readAll(topic)).map(({ key, value }) => ({ key, value }))).toEqual(
        records.map(({ key, value }) => ({ key, value })),
      );
    },
  },
  {
    area: 'producing',
    name: 'a record keeps its timestamp',
    async run(bench) {
      const topic = await bench.newTopic();
      const timestamp = Date.now() - 3_600_000;

      await append(await bench.clientProducer(), topic, [
        wireRecord({ timestamp }),
        wireRecord({ timestamp: timestamp + 7 }),
      ]);

      expect((await bench.readAll(topic)).map((record) => record.timestamp.getTime())).toEqual([
        timestamp,
        timestamp + 7,
      ]);
    },
  },
  {
    area: 'producing',
    name: 'a record of 900 kB arrives',
    async run(bench) {
      const topic = await bench.newTopic();
      const value = Buffer.alloc(900_000, 'x');

      await append(await bench.clientProducer(), topic, [wireRecord({ value })]);

      const [record] = await bench.readAll(topic);
      expect(record?.value?.equals(value)).toBe(true);
    },
  },
  {
    area: 'producing',
    name: 'a record that is too large for the topic is refused by name, and its neighbours are written',
    async run(bench) {
      const topic = await bench.newTopic({ config: { 'max.message.bytes': String(LIMIT) } });
      const producer = bench.newProducer();
      const send = (value: string) =>
        producer.send({ topic, key: null, value: Buffer.from(value), headers: {} });

      const results = await Promise.allSettled([send('before'), send('x'.repeat(2 * LIMIT)), send('after')]);

      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(RecordTooLarge);
      expect(texts(await bench.readAll(topic))).toEqual(['before', 'after']);
    },
  },
  {
    area: 'producing',
    name: 'a topic that does not exist is named, and the producer goes on',
    async run(bench) {
      const topic = await bench.newTopic();
      const producer = bench.newProducer();
      const send = (name: string) => producer.send({ topic: name, key: null, value: null, headers: {} });

      await expect(send('nobody-made-this')).rejects.toBeInstanceOf(UnknownTopic);
      const seam = await bench.clientProducer();
      await expect(seam.append('nobody-made-this', 0, wireRecords('a'))).rejects.toMatchObject({
        failure: 'missing-topic',
      });
      await expect(send(topic)).resolves.toMatchObject({ topic });
    },
  },
  ...(['none', 'gzip', 'zstd'] as const).map((compression): BrokerCase => ({
    area: 'producing',
    name:
      compression === 'none'
        ? 'a batch that is not compressed is as large as its records'
        : `a batch that is compressed with ${compression} is smaller than its records and arrives as it was`,
    run: (bench) => compresses(bench, compression),
  })),
  {
    area: 'producing',
    name: 'a full buffer refuses what has no room, and what it holds arrives',
    async run(bench) {
      const topic = await bench.newTopic();
      const producer = bench.newProducer({ bufferRecords: 10 });

      const results = await Promise.allSettled(
        numbers(15).map((n) =>
          producer.send({ topic, key: null, value: Buffer.from(n), headers: {}, partition: 0 }),
        ),
      );

      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused).toHaveLength(5);
      for (const { reason } of refused) expect(reason).toBeInstanceOf(BufferExhausted);
      expect(texts(await bench.readAll(topic))).toEqual(numbers(10));
    },
  },
  {
    area: 'producing',
    name: 'a producer that is closed with records in flight writes them first and refuses new ones',
    async run(bench) {
      const topic = await bench.newTopic({ partitions: 3 });
      const producer = bench.newProducer({ maxBatchRecords: 3 });
      const send = (n: string) =>
        producer.send({ topic, key: Buffer.from(n), value: Buffer.from(n), headers: {} });

      const sent = numbers(60).map(send);
      const closed = producer.close(20_000);
      await expect(send('late')).rejects.toBeInstanceOf(Closed);
      await closed;

      expect((await Promise.allSettled(sent)).filter(({ status }) => status === 'rejected')).toEqual([]);
      expect(texts(await bench.readAll(topic)).toSorted()).toEqual(numbers(60).toSorted());
    },
  },
];
