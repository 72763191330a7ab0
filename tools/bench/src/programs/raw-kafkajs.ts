/** kafkajs as it is: the batched loop that people write by hand, the awaited single send, and an `eachBatch` that counts. */
import kafkajs from 'kafkajs';
import type { WorkerSpec, WorkerTools } from '../worker-types.ts';
import { closedLoop } from './closed-loop.ts';

const RECORDS_A_SEND = 500;

/** Runs one of the modes `batched`, `batched-idempotent`, `awaited`, `awaited-plain`, `consumer`. */
export async function run(spec: WorkerSpec, tools: WorkerTools): Promise<void> {
  const kafka = new kafkajs.Kafka({
    clientId: 'bench',
    brokers: [...spec.brokers],
    logLevel: kafkajs.logLevel.ERROR,
    connectionTimeout: 10_000,
  });
  if (spec.mode === 'consumer') return consume(kafka, spec, tools);
  const producer = kafka.producer({
    idempotent: spec.mode === 'batched-idempotent' || spec.mode === 'awaited',
    allowAutoTopicCreation: false,
    ...(spec.mode?.startsWith('batched')
      ? {
          createPartitioner:
            () =>
            ({ message }) =>
              message.partition ?? 0,
        }
      : { createPartitioner: kafkajs.Partitioners.DefaultPartitioner }),
  });
  await producer.connect();
  if (spec.mode?.startsWith('batched')) await batched(producer, spec, tools);
  else {
    const { key, value, headers } = tools.template;
    await closedLoop(tools.meter, spec.callers ?? 1, (number) =>
      producer.send({
        topic: spec.topic,
        acks: -1,
        messages: [{ key: key(number), value: value(number), headers }],
      }),
    );
  }
  await producer.disconnect();
}

/** One partition a send, one send in flight per partition. */
async function batched(
  producer: kafkajs.Producer,
  { topic, partitions, callers = partitions }: WorkerSpec,
  { meter, template }: WorkerTools,
): Promise<void> {
  const { key, value, headers } = template;
  const loop = async (_: unknown, partition: number) => {
    for (;;) {
      const first = meter.take(RECORDS_A_SEND);
      if (first === undefined) return;
      const messages: kafkajs.Message[] = [];
      const begunAt = performance.now();
      for (let number = first; number < first + RECORDS_A_SEND; number += 1)
        messages.push({ key: key(number), value: value(number), headers, partition });
      await producer.send({ topic, acks: -1, messages });
      meter.acknowledged(first, begunAt, RECORDS_A_SEND);
    }
  };
  await Promise.all(Array.from({ length: Math.min(callers, partitions) }, loop));
}

async function consume(kafka: kafkajs.Kafka, spec: WorkerSpec, tools: WorkerTools): Promise<void> {
  const consumer = kafka.consumer({
    groupId: spec.group ?? 'bench',
    maxBytesPerPartition: 512_000,
    maxBytes: 5_000_000,
    maxWaitTimeInMs: 300,
  });
  const { handled, all } = tools.countToEnd();
  await consumer.connect();
  await consumer.subscribe({ topics: [spec.topic], fromBeginning: true });
  await consumer.run({
    eachBatch: ({ batch }) => {
      for (const { value } of batch.messages) handled(value);
      return Promise.resolve();
    },
  });
  await all;
  await consumer.disconnect();
}
