/** @platformatic/kafka: awaited single sends, its producer stream, its consumer stream. */
import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { Consumer, ProduceAcks, Producer } from '@platformatic/kafka';

const STREAM = { batchSize: 2000, batchTime: 5, highWaterMark: 8192 };

export async function run(spec, tools) {
  const common = { clientId: 'bench', bootstrapBrokers: [...spec.brokers], connectTimeout: 10_000 };
  if (spec.mode === 'consumer') return consume(common, spec, tools);
  const producer = new Producer({ ...common, acks: ProduceAcks.ALL, autocreateTopics: false });
  const headers = new Map(
    Object.entries(tools.template.headers).map(([name, value]) => [Buffer.from(name), value]),
  );
  const message = (number) => ({
    topic: spec.topic,
    key: tools.template.key(number),
    value: tools.template.value(number),
    headers,
  });
  if (spec.mode === 'stream') await stream(producer, message, tools.meter);
  else {
    const caller = async () => {
      for (let number = tools.meter.next(); number >= 0; number = tools.meter.next()) {
        const begunAt = performance.now();
        try {
          await producer.send({ messages: [message(number)] });
          tools.meter.acknowledged(number, begunAt);
        } catch (error) {
          tools.meter.failed(error);
        }
      }
    };
    await Promise.all(Array.from({ length: spec.callers ?? 1 }, caller));
  }
  await producer.close();
}

/** Batches are acknowledged in the order in which their records were written. */
async function stream(producer, message, meter) {
  const writable = producer.asStream({ ...STREAM, reportMode: 'batch' });
  const begun = [];
  let acknowledged = 0;
  writable.on('delivery-report', ({ count }) => {
    for (const begunAt of begun.splice(0, count)) {
      meter.acknowledged(acknowledged, begunAt);
      acknowledged += 1;
    }
  });
  for (let number = meter.next(); number >= 0; number = meter.next()) {
    begun.push(performance.now());
    if (!writable.write(message(number))) await new Promise((resolve) => writable.once('drain', resolve));
  }
  await writable.close();
}

async function consume(common, spec, tools) {
  const { handled, all } = tools.countToEnd();
  const consumer = new Consumer({ ...common, groupId: spec.group, maxWaitTime: 300 });
  const messages = await consumer.consume({
    topics: [spec.topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: true,
    maxBytes: 5_000_000,
    highWaterMark: 4096,
  });
  messages.on('data', ({ value }) => handled(value));
  await all;
  await messages.close();
  await consumer.close(true);
}
