/** Inventory put together: movements in, stock kept, both state topics and queries out. */
import {
  createCodec,
  createSchemaCatalog,
  itemStockChanged,
  stockMoved,
  storeStockChanged,
} from '@eda/contracts';
import {
  createConsumer,
  createOutbox,
  createOutboxRelay,
  createProducer,
  credentialsHealth,
  kafkaClientFromConfig,
  pruneInbox,
  subscribeBatch,
} from '@eda/kafka';
import {
  createHealth,
  createLogger,
  createMetrics,
  createPool,
  createTracing,
  type HttpApp,
  isDatabaseUnavailable,
  migrate,
  retryUntilDone,
  runEvery,
  stoppableHttp,
  type RunningService,
} from '@eda/service';
import type { InventoryConfig } from './config.ts';
import { applyMovements } from './handlers/apply-movements.handler.ts';
import { createInventoryHttp } from './http.ts';
import { MIGRATIONS } from './migrations.ts';

const NAME = 'inventory';
const SOURCE = `/eda/${NAME}`;
const HOUR_MS = 3_600_000;

export interface Inventory extends RunningService {
  readonly http: HttpApp;
}

/**
 * Starts inventory: HTTP first, so that whoever asks hears what the start waits for; then the tables, the schemas, and
 * at last the relay and the consumer. Waits for a database or registry that is away; `signal` ends the wait.
 */
export async function startInventory(config: InventoryConfig, signal: AbortSignal): Promise<Inventory> {
  const logger = createLogger({ name: NAME, level: config.LOG_LEVEL });
  const tracing = await createTracing({ service: NAME, config, logger });
  const health = createHealth();
  const metrics = createMetrics({ service: NAME });
  // Early: credentials that cannot be used end the start with their reason.
  const client = kafkaClientFromConfig(config, { clientId: NAME, logger, metrics });
  health.addInfo('kafka credentials', () => credentialsHealth(client));
  const pool = createPool({ connectionString: config.DATABASE_URL, logger, applicationName: NAME });
  const http = await createInventoryHttp({ logger, health, metrics, pool });

  let waitingFor: string | undefined = 'the database';
  const waitFor = (what: string) => {
    waitingFor = what;
    logger.warn(`waiting for ${what}`);
  };
  health.addReadiness('start', () => {
    if (waitingFor !== undefined) throw new Error(`waiting for ${waitingFor}`);
  });
  health.addReadiness('database', async () => {
    await pool.query('SELECT 1');
  });
  await http.listen({ host: config.HOST, port: config.PORT });

  await retryUntilDone(() => migrate(pool, MIGRATIONS, logger), {
    isTransient: isDatabaseUnavailable,
    onWaiting: (error) => waitFor(`the database: ${(error as Error).message}`),
    signal,
  });
  const catalog = await createSchemaCatalog({
    registryUrl: config.SCHEMA_REGISTRY_URL,
    contracts: [stockMoved, storeStockChanged, itemStockChanged],
    onWaiting: ({ reason }) => waitFor(`the schema registry: ${reason}`),
    signal,
  });

  const codec = createCodec(catalog);
  const producer = createProducer({ client, codec, source: SOURCE, logger, metrics });
  const outbox = createOutbox({ codec, source: SOURCE });
  const relay = createOutboxRelay({ pool, producer, logger, metrics });
  const consumer = createConsumer({
    client,
    codec,
    groupId: NAME,
    subscriptions: [subscribeBatch(stockMoved, applyMovements(outbox))],
    pool,
    producer,
    sessionTimeoutMs: config.CONSUMER_SESSION_TIMEOUT_MS,
    logger,
    metrics,
    onCommitted: () => {
      relay.wake();
    },
  });
  health.addReadiness('kafka', () => {
    const { ready, reason } = consumer.health();
    if (!ready) throw new Error(reason);
  });
  health.addLiveness('consumer', () => {
    const { live, reason } = consumer.health();
    if (!live) throw new Error(reason);
  });
  // Tells of records that were deleted before they were handled, which is no reason not to be ready.
  health.addInfo('records', () => ({ lost: consumer.health().warning ?? 'none' }));
  health.addInfo('outbox', async () => ({ ...relay.health(), pending: await relay.pending() }));
  await relay.start();
  await consumer.start();
  // Not before: without the consumer's own check, readiness would be claimed too early.
  waitingFor = undefined;
  const housekeeping = runEvery({
    name: 'inbox retention',
    intervalMs: HOUR_MS,
    logger,
    work: () => pruneInbox(pool, config.INBOX_RETENTION_DAYS * 24 * HOUR_MS),
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
      { name: 'consumer', stop: (deadlineMs) => consumer.stop(deadlineMs) },
      { name: 'outbox relay', stop: (deadlineMs) => relay.stop(deadlineMs) },
      { name: 'producer', stop: (deadlineMs) => producer.close(deadlineMs) },
      { name: 'tracing', stop: () => tracing.close() },
      { name: 'kafka credentials', stop: () => Promise.resolve().then(() => client.credentials?.close()) },
      { name: 'metrics', stop: () => metrics.close() },
      { name: 'database', stop: () => pool.end() },
    ],
  };
}
