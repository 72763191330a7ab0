/** This library's consumer: decoding, heartbeats, offsets, retries, and the inbox where there is a database. */
import {
  createConsumer,
  createProducer,
  KAFKA_MIGRATIONS,
  type ReceivedRecord,
  subscribe,
  subscribeBatch,
} from '@eda/kafka';
import { Pool } from 'pg';
import { pino } from 'pino';
import { type BenchEvent, benchCodec, benchContract, nowMicros, numberOf, SOURCE } from '../bench-event.ts';
import type { WorkerSpec, WorkerTools } from '../worker-types.ts';
import { clientOf } from './client-of.ts';
import { untilNothingIsMissing } from './count-to-end.ts';
import { observedBy } from './observed.ts';

const CONCURRENCY = 4;

/** Runs one of the modes `handler`, `batch`, `beside` (timed beside a producer), each with an inbox where there is a database. */
export async function run(spec: WorkerSpec, tools: WorkerTools): Promise<void> {
  const { meter } = tools;
  const observed = await observedBy(spec);
  const contract = benchContract(spec.topic);
  const codec = benchCodec(contract);
  const logger = pino({ level: 'silent' });
  const client = clientOf(spec, logger);
  const producer = createProducer({ client, codec, source: SOURCE, logger });
  const pool = spec.databaseUrl === undefined ? undefined : await databaseOf(spec.databaseUrl);
  const beside = spec.mode === 'beside';
  const all = untilNothingIsMissing(meter, beside ? tools.stopAfter : Promise.resolve(spec.records));

  const handle = ({ data }: ReceivedRecord<BenchEvent>) => {
    meter.handled(numberOf(data), beside ? (nowMicros() - data.dueAt) / 1000 : undefined);
  };
  const consumer = createConsumer({
    client,
    codec,
    producer,
    logger,
    groupId: spec.group ?? 'bench',
    concurrency: CONCURRENCY,
    ...(pool === undefined ? { store: 'none' as const } : { pool }),
    ...(observed === undefined ? {} : { metrics: observed }),
    subscriptions: [
      spec.mode === 'batch'
        ? subscribeBatch(contract, (records) => {
            for (const record of records) handle(record);
            return Promise.resolve();
          })
        : subscribe(contract, (record) => {
            handle(record);
            return Promise.resolve();
          }),
    ],
  });
  await consumer.start();
  while (!consumer.health().ready) await new Promise((resolve) => setTimeout(resolve, 20));
  tools.ready();
  await all;
  await consumer.stop();
  await producer.close();
  await observed?.close();
  await pool?.end();
}

async function databaseOf(connectionString: string): Promise<Pool> {
  const pool = new Pool({ connectionString, max: CONCURRENCY + 2 });
  pool.on('error', () => undefined);
  for (const { sql } of KAFKA_MIGRATIONS) await pool.query(sql);
  return pool;
}
