/** The whole way of an event, in real processes: HTTP, outbox, Kafka, inbox, PostgreSQL; and its two ends alone. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOPICS, stockMoved } from '@eda/contracts';
import { createKafkaAdmin, createKafkaClient, createTail, type KafkaClient } from '@eda/kafka';
import type { Platform } from '@eda/platform';
import pg from 'pg';
import { pino } from 'pino';
import { type ServedApp, serveApp } from './app-process.ts';
import { GateFailed } from './gate.ts';
import type { Measurement } from './measurement.ts';
import { type IdAudit, auditIds } from './pipeline-gate.ts';
import { startWorker, type WorkerOutcome } from './run-worker.ts';
import { PARTITIONS } from './scenarios.ts';

export interface PipelineOptions {
  readonly client: KafkaClient;
  readonly platform: Pick<Platform, 'databaseUrl' | 'registry'>;
  readonly folder: string;
  /** How long movements are posted. */
  readonly seconds: number;
  /** At most so many of them in one stretch. */
  readonly records: number;
  /** For the services. */
  readonly nodeFlags?: readonly string[];
}

const CLIENTS = 4;
const POLL_MS = 20;
const DRAINED_WITHIN_MS = 180_000;
const WARM_UP_RECORDS = 10_000;
const LINES_A_REQUEST = 500;

/**
 * Measures, one after the other: the HTTP interface with nothing behind it; the whole pipeline, from the first request to the last
 * effect in the database; what goes into Kafka while nobody consumes; and how fast that backlog becomes effects ("store alone").
 * Rejects with `GateFailed` unless every accepted movement is in the log once and had its effect once.
 */
export async function runPipeline(options: PipelineOptions): Promise<Measurement> {
  const { platform } = options;
  const prefix = `bench-${randomBytes(5).toString('hex')}.`;
  const client = createKafkaClient({
    clientId: 'bench',
    brokers: options.client.brokers,
    topicPrefix: prefix,
    logger: pino({ level: 'silent' }),
  });
  const admin = createKafkaAdmin({ client });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => admin.close());
  stack.defer(async () => admin.deleteTopics(await admin.listTopics()));
  await admin.ensureTopics(
    TOPICS.map(({ name, config, partitions, kind }) => ({
      name,
      config,
      partitions: kind === 'dead-letter' ? partitions : PARTITIONS,
    })),
  );
  const env = (databaseUrl: string) => ({
    KAFKA_BROKERS: client.brokers.join(','),
    KAFKA_TOPIC_PREFIX: prefix,
    SCHEMA_REGISTRY_URL: platform.registry.url,
    DATABASE_URL: databaseUrl,
  });
  const name = `bench_${randomBytes(6).toString('hex')}`;
  const storeUrl = await platform.databaseUrl(`${name}_store`);
  const inventoryUrl = await platform.databaseUrl(`${name}_inventory`);
  const inventoryDatabase = new pg.Pool({ connectionString: inventoryUrl, max: 1 });
  stack.defer(() => inventoryDatabase.end());
  const storeDatabase = new pg.Pool({ connectionString: storeUrl, max: 1 });
  stack.defer(() => storeDatabase.end());

  const httpAlone = await measureHttpAlone(options);
  const store = await serve(stack, 'apps/store/src/main.ts', env(storeUrl), options.nodeFlags);
  const inventory = await serve(stack, 'apps/inventory/src/main.ts', env(inventoryUrl), options.nodeFlags);
  const accepted: string[] = [];
  const post = async (records: number) => {
    const posted = await load(options, store.url, records);
    accepted.push(...posted.ids);
    return posted;
  };
  const handled = async () => {
    const { rows } = await inventoryDatabase.query<{ handled: string }>(
      'SELECT coalesce(sum(next_offset), 0) AS handled FROM consumer_offset WHERE topic = $1',
      [stockMoved.topic],
    );
    return Number(rows[0]?.handled);
  };
  const allHandled = () => reaches(handled, accepted.length, 'effects in the database');

  await post(WARM_UP_RECORDS);
  await allHandled();

  const cpuBefore = [store.cpuSeconds(), inventory.cpuSeconds()];
  const startedAt = performance.now();
  const whole = await post(options.records);
  await allHandled();
  const seconds = (performance.now() - startedAt - whole.startMs) / 1000;
  const cpu = [store.cpuSeconds(), inventory.cpuSeconds()].map(
    (now, index) => (now ?? Number.NaN) - (cpuBefore[index] ?? Number.NaN),
  );

  await inventory.stop();
  const ingestStartedAt = performance.now();
  const ingest = await post(options.records);
  await reaches(async () => -(await pending(storeDatabase)), 0, 'published rows of the outbox');
  const ingestSeconds = (performance.now() - ingestStartedAt - ingest.startMs) / 1000;

  const before = await handled();
  const again = await serve(stack, 'apps/inventory/src/main.ts', env(inventoryUrl), options.nodeFlags);
  await reaches(handled, before + 1, 'effects in the database');
  const drainStartedAt = performance.now();
  const drainFrom = await handled();
  await allHandled();
  const drainSeconds = (performance.now() - drainStartedAt) / 1000;
  await again.stop();
  await store.stop();

  const { rows } = await inventoryDatabase.query<{ pieces: string; events: string[] }>(
    'SELECT (SELECT coalesce(sum(quantity), 0) FROM item_stock) AS pieces, (SELECT array_agg(event_id) FROM inbox) AS events',
  );
  check({
    accepted,
    log: await idsInLog(client),
    store: rows[0]?.events ?? [],
    effects: Number(rows[0]?.pieces),
  });
  const records = whole.ids.length;
  return {
    recordsPerSecond: records / seconds,
    ...(whole.outcome.result.latency === undefined ? {} : { latency: whole.outcome.result.latency }),
    cpuMicrosPerRecord: (cpu.reduce((sum, one) => sum + one, 0) * 1e6) / records,
    details: {
      httpAlone,
      storeAlone: (accepted.length - drainFrom) / drainSeconds,
      ingest: ingest.ids.length / ingestSeconds,
      storeCpuMicros: ((cpu[0] ?? Number.NaN) * 1e6) / records,
      inventoryCpuMicros: ((cpu[1] ?? Number.NaN) * 1e6) / records,
    },
  };
}

async function measureHttpAlone(options: PipelineOptions): Promise<number> {
  const app = await serveApp('tools/bench/src/programs/http-alone.ts', {});
  try {
    await load(options, app.url, WARM_UP_RECORDS);
    const { outcome } = await load(options, app.url, options.records * 4);
    return outcome.result.records / outcome.result.seconds;
  } finally {
    await app.stop();
  }
}

async function serve(
  stack: AsyncDisposableStack,
  file: string,
  env: Record<string, string>,
  nodeFlags?: readonly string[],
): Promise<ServedApp> {
  const app = await serveApp(file, env, nodeFlags);
  stack.defer(() => app.stop());
  return app;
}

interface Posted {
  readonly outcome: WorkerOutcome;
  readonly ids: readonly string[];
  /** How long the load generator took until it posted, and from its last answer on; not the pipeline's time. */
  readonly startMs: number;
}

async function load(
  { client, folder, seconds }: PipelineOptions,
  url: string,
  records: number,
): Promise<Posted> {
  const marksFile = join(folder, `marks-${randomBytes(4).toString('hex')}`);
  const startedAt = performance.now();
  const outcome = await startWorker({
    program: 'programs/http-load.ts',
    brokers: client.brokers,
    topic: 'bench',
    partitions: PARTITIONS,
    records: Math.ceil(records / LINES_A_REQUEST) * LINES_A_REQUEST,
    warmUpRecords: 0,
    warmUpSeconds: 0,
    seconds,
    valueBytes: 200,
    callers: CLIENTS,
    url,
    marksFile,
  }).ended;
  const ids = readFileSync(`${marksFile}.ids`, 'utf8').split('\n');
  return {
    outcome,
    ids,
    startMs: Math.max(0, outcome.result.startedAt - (performance.timeOrigin + startedAt)),
  };
}

/** Resolves when `figure` has come to `wanted`. */
async function reaches(figure: () => Promise<number>, wanted: number, what: string): Promise<void> {
  const deadline = performance.now() + DRAINED_WITHIN_MS;
  for (;;) {
    const is = await figure();
    if (is >= wanted) return;
    if (performance.now() > deadline)
      throw new Error(`after ${DRAINED_WITHIN_MS / 1000} s there are ${is} ${what}, not ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function pending(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ pending: string }>('SELECT count(*) AS pending FROM outbox');
  return Number(rows[0]?.pending);
}

async function idsInLog(client: KafkaClient): Promise<string[]> {
  const ids: string[] = [];
  const tail = createTail({
    client,
    topics: [{ topic: stockMoved.topic, from: 'beginning' }],
    logger: pino({ level: 'silent' }),
    onRecord: ({ headers }) => void ids.push(String(headers['ce_id'])),
  });
  await tail.start();
  await tail.caughtUp;
  await tail.stop();
  return ids;
}

function check(found: IdAudit): void {
  const problem = auditIds(found);
  if (problem !== undefined) throw new GateFailed(problem);
}
