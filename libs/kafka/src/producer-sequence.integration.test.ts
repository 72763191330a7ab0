import { connect } from 'node:net';
import { createKafkaBench, jsonCodec, type KafkaBench } from '@eda/testing';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { createKafkaClient } from './client.ts';
import { crc32c } from './crc32c.ts';
import { createProducer } from './producer.ts';

const PRODUCE = 0;
/** The first bytes of a request: size, kind, version, number of the request, and the client's name with its length. */
const NAME_AT = 12;
/** Between the client's name and the topic's: no transaction, acks, time-out, one topic. */
const BEFORE_TOPIC = 12;
/** Between the topic's name and the batch: one partition, its number, the size of the batch. */
const BEFORE_BATCH = 12;
const [CRC_AT, COVERED_FROM, SEQUENCE_AT] = [17, 21, 53];

let bench: KafkaBench;
beforeAll(async () => {
  bench = await createKafkaBench();
  return () => bench[Symbol.asyncDispose]();
});
afterEach(() => bench.cleanUp());

/** Adds 1,000 to the sequence number of the batch in a produce request, as if the batches before it had been forgotten. */
function makeGap(request: Buffer): void {
  const topicAt = NAME_AT + 2 + request.readInt16BE(NAME_AT) + BEFORE_TOPIC;
  const batch = request.subarray(topicAt + 2 + request.readInt16BE(topicAt) + BEFORE_BATCH);
  batch.writeInt32BE(batch.readInt32BE(SEQUENCE_AT) + 1000, SEQUENCE_AT);
  batch.writeUInt32BE(crc32c(batch.subarray(COVERED_FROM)), CRC_AT);
}

it('a broker that no longer follows the sequence: callers hear what is known, and a new producer id goes on in order', async () => {
  const topic = await bench.newTopic();
  let gaps = 0;
  const client = createKafkaClient({
    clientId: 'test',
    brokers: bench.client.brokers,
    topicPrefix: bench.client.topicPrefix,
    logger: bench.logger,
    socketFactory: ({ host, port, onConnect }) => {
      const socket = connect({ host, port }, onConnect);
      const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
      socket.write = (data: Buffer, ...rest: unknown[]) => {
        if (gaps > 0 && data.readInt16BE(4) === PRODUCE) {
          gaps -= 1;
          makeGap(data);
        }
        return write(data, ...rest);
      };
      return socket;
    },
  });
  const producer = createProducer({
    client,
    codec: jsonCodec,
    source: '/test',
    logger: bench.logger,
    maxBatchRecords: 2,
  });
  bench.defer(() => producer.close(3000));
  const send = (...texts: string[]) =>
    producer.sendMany(
      texts.map((text) => ({ topic, key: Buffer.from('key'), value: Buffer.from(text), headers: {} })),
    );
  const names = (results: PromiseSettledResult<unknown>[]) =>
    results.map((result) => (result.status === 'rejected' ? (result.reason as Error).name : 'sent'));

  expect(names(await send('a', 'b'))).toEqual(['sent', 'sent']);
  gaps = 1;
  const broken = await send('c', 'd', 'e');
  expect(names(broken)).toEqual(['DeliveryUnknown', 'DeliveryUnknown', 'NotSent']);
  expect(broken[0]).toMatchObject({
    reason: { code: 'DELIVERY_UNKNOWN', cause: { code: 'OUT_OF_ORDER_SEQUENCE_NUMBER' } },
  });
  expect(names(await send('c', 'd', 'e', 'f'))).toEqual(['sent', 'sent', 'sent', 'sent']);

  const log = (await bench.readAll(topic)).map(({ value }) => value?.toString());
  expect(log).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});
