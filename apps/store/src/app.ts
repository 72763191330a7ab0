/** The store put together: movements in over HTTP, rows and outbox in one transaction, events out by the relay. */
import { createCodec, createSchemaCatalog, stockMoved } from '@eda/contracts';
import {
  createOutbox,
  createOutboxRelay,
  createProducer,
  credentialsHealth,
  type EventCodec,
  kafkaClientFromConfig,
} from '@eda/kafka';
import {
  createHealth,
  createLogger,
  createMetrics,
  createPool,
  createTracing,
  errorText,
  isDatabaseUnavailable,
  migrate,
  problem,
  retryUntilDone,
  runEvery,
  stoppableHttp,
  type HttpApp,
  type RunningService,
} from '@eda/service';
import type { StoreConfig } from './config.ts';
import { createStoreHttp } from './http.ts';
import { forgetOldKeys } from './idempotency.ts';
import { MIGRATIONS } from './migrations.ts';
import { createRecorder, type Recorder } from './recorder.ts';

const NAME = 'store';
const SOURCE = `/eda/${NAME}`;
const HOUR_MS = 3_600_000;
/** No statement of a request takes long; a database that hangs becomes a 503 before clients give up. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** Nobody waits for a single delivery; it only decides how soon the relay can say that Kafka does not answer. */
const DELIVERY_TIMEOUT_MS = 5_000;

export interface Store extends RunningService {
  readonly http: HttpApp;
}

/**
 * Starts the store: HTTP first, so that whoever asks hears what the start waits for; then the tables and the schemas,
 * at last the relay. Waits for a database or registry that is away; Kafka may be away for as long as it likes.
 * `signal` ends the wait.
 */
export async function startStore(config: StoreConfig, signal: AbortSignal): Promise<Store> {
  const logger = createLogger({ name: NAME, level: config.LOG_LEVEL });
  const tracing = await createTracing({ service: NAME, config, logger });
  const health = createHealth();
  const metrics = createMetrics({ service: NAME });
  // Early: credentials that cannot be used end the start with their reason.
  const client = kafkaClientFromConfig(config, { clientId: NAME, logger, metrics });
  health.addInfo('kafka credentials', () => credentialsHealth(client));
  const pool = createPool({
    connectionString: config.DATABASE_URL,
    logger,
    applicationName: NAME,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });

  let waitingFor: string | undefined = 'the database';
  let recorder: Recorder = {
    record: () => {
      const detail = `The service is starting and waits for ${String(waitingFor)}.`;
      throw problem(503, { detail, headers: { 'retry-after': '2' } });
    },
  };
  const http = await createStoreHttp({
    logger,
    health,
    metrics,
    recorder: { record: (request) => recorder.record(request) },
  });
  health.addReadiness('start', () => {
    if (waitingFor !== undefined) throw new Error(`waiting for ${waitingFor}`);
  });
  health.addReadiness('database', async () => {
    await pool.query('SELECT 1');
  });
  await http.listen({ host: config.HOST, port: config.PORT });

  await retryUntilDone(() => migrate(pool, MIGRATIONS, logger), {
    isTransient: isDatabaseUnavailable,
    onWaiting: (error) => {
      waitingFor = `the database (${errorText(error)})`;
      logger.warn({ reason: errorText(error) }, 'waiting for the database');
    },
    signal,
  });
  waitingFor = 'the schema registry';
  const catalog = await createSchemaCatalog({
    registryUrl: config.SCHEMA_REGISTRY_URL,
    contracts: [stockMoved],
    logger,
    onWaiting: ({ reason }) => {
      waitingFor = `the schema registry (${reason})`;
    },
    signal,
  });

  const codec: EventCodec = createCodec(catalog);
  const producer = createProducer({
    client,
    codec,
    source: SOURCE,
    logger,
    metrics,
    deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
  });
  const relay = createOutboxRelay({ pool, producer, logger, metrics });
  recorder = createRecorder({ pool, outbox: createOutbox({ codec, source: SOURCE }), relay, metrics });
  health.addInfo('outbox relay', async () => ({ ...relay.health(), pending: await relay.pending() }));
  await relay.start();
  waitingFor = undefined;

  const housekeeping = runEvery({
    name: 'forgetting old idempotency keys',
    intervalMs: HOUR_MS,
    logger,
    work: () => forgetOldKeys(pool, config.IDEMPOTENCY_KEY_HOURS),
  });

  return {
    http,
    health,
    logger,
    drainMs: config.SHUTDOWN_DRAIN_MS,
    deadlineMs: config.SHUTDOWN_DEADLINE_MS,
    stop: [
      stoppableHttp(http),
      housekeeping,
      { name: 'outbox relay', stop: (deadlineMs) => relay.stop(deadlineMs) },
      { name: 'producer', stop: (deadlineMs) => producer.close(deadlineMs) },
      { name: 'tracing', stop: () => tracing.close() },
      { name: 'kafka credentials', stop: () => Promise.resolve().then(() => client.credentials?.close()) },
      { name: 'metrics', stop: () => metrics.close() },
      { name: 'database', stop: () => pool.end() },
    ],
  };
}
