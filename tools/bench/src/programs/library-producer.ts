/** This library's producer, everything included: ids, CloudEvents headers, Avro, partitioner, delivery guarantees. */
import { createProducer, type Producer } from '@eda/kafka';
import { pino } from 'pino';
import { type BenchEvent, benchCodec, benchContract, eventMaker, nowMicros, SOURCE } from '../bench-event.ts';
import type { WorkerSpec, WorkerTools } from '../worker-types.ts';
import { clientOf } from './client-of.ts';
import { closedLoop } from './closed-loop.ts';
import { observedBy } from './observed.ts';

const RECORDS_A_CALL = 500;

/** Runs one of the modes `publish`, `publish-many`, `paced`. */
export async function run(spec: WorkerSpec, { meter }: WorkerTools): Promise<void> {
  const contract = benchContract(spec.topic);
  const make = eventMaker(spec.valueBytes);
  const logger = pino({ level: 'silent' });
  const observed = await observedBy(spec);
  const producer = createProducer({
    client: clientOf(spec, logger),
    codec: benchCodec(contract),
    source: SOURCE,
    logger,
    ...(observed === undefined ? {} : { metrics: observed }),
  });
  const publish = (number: number, dueAt?: number) => producer.publish(contract, make(number, dueAt));
  switch (spec.mode) {
    case 'publish-many':
      await publishMany(producer, spec, meter, contract, make);
      break;
    case 'paced':
      await paced(spec, meter, publish);
      break;
    default:
      await closedLoop(meter, spec.callers ?? 1, publish);
  }
  await producer.close();
  await observed?.close();
}

async function publishMany(
  producer: Producer,
  { callers = 12 }: WorkerSpec,
  meter: WorkerTools['meter'],
  contract: ReturnType<typeof benchContract>,
  make: (sequence: number) => BenchEvent,
): Promise<void> {
  const caller = async () => {
    for (;;) {
      const first = meter.take(RECORDS_A_CALL);
      if (first === undefined) return;
      const begunAt = performance.now();
      const events = Array.from({ length: RECORDS_A_CALL }, (_, index) => make(first + index));
      const results = await producer.publishMany(contract, events);
      for (const result of results) if (result.status === 'rejected') meter.failed(result.reason);
      const refused = results.findIndex(({ status }) => status === 'rejected');
      if (refused >= 0) throw new Error(`publishMany refused record ${first + refused}`);
      meter.acknowledged(first, begunAt, RECORDS_A_CALL);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/** An open loop: records are due at their times, whether or not the ones before are done, and are timed from there. */
async function paced(
  { rate = 1000 }: WorkerSpec,
  meter: WorkerTools['meter'],
  publish: (number: number, dueAt: number) => Promise<unknown>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  const startedMicros = nowMicros();
  let begun = 0;
  for (;;) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * rate);
    for (; begun < due; begun += 1) {
      const number = meter.next();
      if (number < 0) {
        await Promise.all(underWay);
        return;
      }
      const offset = (begun / rate) * 1000;
      const sending = publish(number, Math.round(startedMicros + offset * 1000)).then(
        () => meter.acknowledged(number, startedAt + offset),
        (error: unknown) => meter.failed(error),
      );
      underWay.add(sending);
      void sending.then(() => underWay.delete(sending));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
