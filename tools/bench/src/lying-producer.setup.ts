/** A scenario's program for tests of the gate: sends by hand and tells the meter something else. */
import kafkajs from 'kafkajs';
import type { WorkerSpec, WorkerTools } from './worker-types.ts';

/** Sends each record once; in mode `loses` it acknowledges one that it never sent, in mode `doubles` it sends one twice. */
export async function run(spec: WorkerSpec, { meter, template }: WorkerTools): Promise<void> {
  const producer = new kafkajs.Kafka({
    brokers: [...spec.brokers],
    logLevel: kafkajs.logLevel.ERROR,
  }).producer();
  await producer.connect();
  const first = meter.take(spec.records) ?? 0;
  const numbers = Array.from({ length: spec.records }, (_, index) => first + index);
  const sent = {
    honest: numbers,
    loses: numbers.filter((number) => number !== 7),
    doubles: [...numbers, 7],
  }[spec.mode ?? 'honest'];
  await producer.send({
    topic: spec.topic,
    acks: -1,
    messages: (sent ?? []).map((number) => ({
      value: template.value(number),
      partition: number % spec.partitions,
    })),
  });
  for (const number of numbers) meter.acknowledged(number, performance.now());
  await producer.disconnect();
}
