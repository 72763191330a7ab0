/** The consumer under test: writes one row for each event, with inbox and fence, or without them as a mutant. SIGTERM ends it in order. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  createConsumer,
  createKafkaClient,
  createProducer,
  type ReceivedRecord,
  subscribe,
  subscribeBatch,
} from '@eda/kafka';
import { Pool, type PoolClient } from 'pg';
import { pino } from 'pino';
import { codecFor, faultContract, type FaultEvent } from '../fault-contract.ts';
import { createCountingMeter } from './counting-meter.ts';
import { type Mutation, startMutant } from './consumer-mutant.ts';
import { insertEffects } from './effects.ts';
import { listen, settingsText, tell } from './program.ts';

export interface ConsumerSettings {
  readonly name: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly groupId: string;
  readonly databaseUrl: string;
  readonly log: string;
  readonly handler: 'batch' | 'record';
  readonly sessionTimeoutMs: number;
  readonly handlerTimeoutMs: number;
  /** How long the handler takes for a `slow` event, in milliseconds. */
  readonly slowMs: number;
  /** How long it takes for every list of events. */
  readonly workMs: number;
  readonly maxBatchRecords: number;
  readonly onExhausted?: 'dead-letter' | 'park-key';
  /** Events are Avro, with the ids of this registry. */
  readonly registryUrl?: string;
  readonly mutant?: Mutation;
}

const TELL_EVERY_MS = 200;

const settings = JSON.parse(settingsText()) as ConsumerSettings;
const logger = pino({ level: 'info' }, pino.destination({ dest: settings.log, sync: true }));
const pool = new Pool({ connectionString: settings.databaseUrl, max: 10, connectionTimeoutMillis: 5000 });
pool.on('error', () => undefined);
let lettingPass = false;
listen(([command]) => {
  if (command === 'pass') lettingPass = true;
});

if (settings.mutant === undefined) await runLibrary();
else await startMutant(settings, settings.mutant, pool);

async function handle(
  records: readonly ReceivedRecord<FaultEvent>[],
  { tx, signal }: { tx: PoolClient; signal: AbortSignal },
): Promise<void> {
  for (const { data } of records) {
    if (data.kind === 'type-error') (undefined as unknown as { happen(): void }).happen();
    if (data.kind === 'stubborn' && !lettingPass) throw new Error('this event may not pass yet');
    if (data.kind === 'slow') await pause(settings.slowMs, undefined, { signal });
  }
  if (settings.workMs > 0) await pause(settings.workMs, undefined, { signal });
  await insertEffects(
    tx,
    settings.name,
    records.map((record) => ({ ...record.data, ...record })),
  );
}

async function runLibrary(): Promise<void> {
  const { brokers, topic, groupId, sessionTimeoutMs, handlerTimeoutMs, maxBatchRecords } = settings;
  const client = createKafkaClient({ clientId: settings.name, brokers, logger, requestTimeoutMs: 10_000 });
  const codec = await codecFor(topic, settings.registryUrl, () => tell({ waiting: true }));
  const producer = createProducer({ client, codec, source: '/eda/faults', logger });
  const meter = createCountingMeter();
  const contract = faultContract(topic);
  // A poison event must not hold up its partition: no time between its few tries.
  const retry = {
    maxAttempts: 2,
    backoff: { initialMs: 10, maxMs: 10 },
    onExhausted: settings.onExhausted ?? 'dead-letter',
    parking: { backoff: { initialMs: 1000, maxMs: 2000 }, maxRecordsPerKey: 10_000 },
  } as const;
  const consumer = createConsumer({
    client,
    codec,
    groupId,
    pool,
    producer,
    logger,
    retry,
    handlerTimeoutMs,
    sessionTimeoutMs,
    heartbeatIntervalMs: Math.min(3000, Math.floor(sessionTimeoutMs / 6)),
    rebalanceTimeoutMs: Math.max(10_000, sessionTimeoutMs),
    metrics: meter,
    subscriptions: [
      settings.handler === 'batch'
        ? subscribeBatch(contract, handle, { maxBatchRecords })
        : subscribe(contract, (record, context) => handle([record], context)),
    ],
    onCrash: (error) => {
      tell({ crashed: error.message });
      process.exit(4);
    },
  });
  const status = () => {
    const count = (name: string) => meter.counts.get(name) ?? 0;
    return {
      ready: consumer.health().ready,
      reason: consumer.health().reason,
      consumed: count('messaging.client.consumed.messages'),
      duplicates: count('messaging.consumer.inbox_duplicates'),
      rebalances: count('messaging.consumer.rebalances'),
      rss: process.memoryUsage.rss(),
    };
  };
  const reporter = setInterval(() => tell(status()), TELL_EVERY_MS);
  process.on('SIGTERM', () => {
    void consumer
      .stop(20_000)
      .then(() => producer.close(5000))
      .then(() => pool.end())
      .then(() => {
        clearInterval(reporter);
        tell({ done: true, ...status() });
        process.exit(0);
      });
  });
  await consumer.start();
}
