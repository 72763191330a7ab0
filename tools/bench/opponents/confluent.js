/** @confluentinc/kafka-javascript: awaited single sends, sends that are not awaited one by one, and its `eachBatch`. */
import { performance } from 'node:perf_hooks';
import confluent from '@confluentinc/kafka-javascript';

const { Kafka, logLevel } = confluent.KafkaJS;
const WINDOW = 10_000;
const FLUSH_WITHIN_MS = 30_000;

export async function run(spec, tools) {
  const kafka = new Kafka({
    kafkaJS: { clientId: 'bench', brokers: [...spec.brokers], logLevel: logLevel.ERROR },
  });
  if (spec.mode === 'consumer') return consume(kafka, spec, tools);
  // librdkafka's own waiting time for company is 5 ms; an awaited single send is answered sooner without.
  const batched = spec.mode === 'batched';
  const producer = kafka.producer({
    kafkaJS: { acks: -1, allowAutoTopicCreation: false },
    'linger.ms': batched ? 5 : 0,
    'batch.size': 1_000_000,
  });
  await producer.connect();
  const { key, value, headers } = tools.template;
  const send = async (number) => {
    const begunAt = performance.now();
    try {
      await producer.send({
        topic: spec.topic,
        messages: [{ key: key(number), value: value(number), headers }],
      });
      tools.meter.acknowledged(number, begunAt);
    } catch (error) {
      tools.meter.failed(error);
    }
  };
  if (batched) await inWindows(producer, tools.meter, send);
  else {
    const caller = async () => {
      for (let number = tools.meter.next(); number >= 0; number = tools.meter.next()) await send(number);
    };
    await Promise.all(Array.from({ length: spec.callers ?? 1 }, caller));
  }
  await producer.disconnect();
}

async function inWindows(producer, meter, send) {
  for (;;) {
    const sends = [];
    while (sends.length < WINDOW) {
      const number = meter.next();
      if (number < 0) break;
      sends.push(send(number));
    }
    if (sends.length === 0) return;
    await producer.flush({ timeout: FLUSH_WITHIN_MS });
    await Promise.all(sends);
  }
}

async function consume(kafka, spec, tools) {
  const { handled, all } = tools.countToEnd();
  const consumer = kafka.consumer({ kafkaJS: { groupId: spec.group, fromBeginning: true } });
  await consumer.connect();
  await consumer.subscribe({ topics: [spec.topic] });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) handled(value);
    },
  });
  await all;
  await consumer.disconnect();
}
