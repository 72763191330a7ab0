/** `random` as a process: health and metrics when it has a port, a progress line for people, an orderly end. */
import { randomBytes, randomInt } from 'node:crypto';
import {
  createHealth,
  createHttpApp,
  createLogger,
  createMetrics,
  createTracing,
  type Logger,
  loadConfig,
  type RunningService,
  type Stoppable,
} from '@eda/service';
import type { RandomCommand } from './cli.ts';
import { CONFIG } from './config.ts';
import { createInventoryClient } from './inventory-client.ts';
import { startProgressLine } from './progress-line.ts';
import { noProgress, playRandom } from './random.ts';
import { randomMovements, type StockOf } from './random-movements.ts';
import { createStoreClient, reasonOf } from './store-client.ts';

const NAME = 'store-simulator';

/**
 * Starts sending random movements. It goes on until stopped; with `--count` or `--duration` the process stops itself
 * then as if it had been told to.
 */
export async function startRandom(command: RandomCommand): Promise<RunningService> {
  const config = loadConfig(CONFIG);
  const logger = createLogger({ name: NAME, level: config.LOG_LEVEL });
  const tracing = await createTracing({ service: NAME, config, logger });
  const health = createHealth();
  const metrics = createMetrics({ service: NAME });
  const progress = noProgress();
  const stop: Stoppable[] = [
    { name: 'tracing', stop: () => tracing.close() },
    { name: 'metrics', stop: () => metrics.close() },
  ];

  health.addReadiness('store', () => {
    if (progress.trouble !== undefined) throw new Error(progress.trouble);
  });
  const counter = metrics.meter.createObservableCounter('simulator.movements', {
    description: 'Movements sent',
  });
  counter.addCallback((result) => {
    result.observe(progress.accepted, { outcome: 'accepted' });
    result.observe(progress.rejected, { outcome: 'rejected' });
  });
  if (config.PORT !== undefined) {
    const http = await createHttpApp({ name: NAME, logger, health, metrics });
    await http.listen({ host: config.HOST, port: config.PORT });
    stop.unshift({ name: 'http', stop: () => http.close() });
  }

  const seed = command.seed ?? randomInt(2 ** 32);
  const run = randomBytes(6).toString('hex');
  const { rate, stores, items, count, durationSeconds } = command;
  const storeUrl = command.storeUrl ?? config.STORE_URL;
  const inventoryUrl = command.inventoryUrl ?? config.INVENTORY_URL;
  const ended = new AbortController();
  const signal =
    durationSeconds === undefined
      ? ended.signal
      : AbortSignal.any([ended.signal, AbortSignal.timeout(durationSeconds * 1000)]);
  const stopProgressLine = startProgressLine(progress);
  logger.info(
    { storeUrl, rate, stores, items, seed, run, count, durationSeconds },
    'sending random movements',
  );

  const playing = playRandom({
    store: createStoreClient(storeUrl),
    movements: randomMovements({
      stores,
      items,
      seed,
      stockOf: await knownStock(inventoryUrl, stores, logger),
    }),
    rate,
    run,
    progress,
    signal,
    count,
    onTrouble: (reason) => logger.warn({ reason }, 'movement not accepted, trying on'),
    onRecovered: () => logger.info({ retries: progress.retries }, 'the store accepts movements again'),
    onRejected: (error) => logger.error({ err: error }, 'movement refused'),
  });
  void playing.then(() => {
    // Reached its count or duration: the same end as being told to stop.
    if (!ended.signal.aborted) process.kill(process.pid, 'SIGTERM');
  });

  return {
    health,
    logger,
    deadlineMs: config.SHUTDOWN_DEADLINE_MS,
    stop: [
      {
        name: 'movements',
        stop: async () => {
          ended.abort();
          await playing;
          stopProgressLine();
          const { accepted, rejected, retries } = progress;
          logger.info({ accepted, rejected, retries }, 'no more random movements');
        },
      },
      ...stop,
    ],
  };
}

/** What the stores have already, as far as inventory can tell; without it they restock what they need not. */
async function knownStock(inventoryUrl: string, stores: number, logger: Logger): Promise<StockOf> {
  const inventory = createInventoryClient(inventoryUrl);
  const known = new Map<string, Record<string, number>>();
  try {
    for (let number = 1; number <= stores; number++) {
      const storeId = `Store_${number}`;
      known.set(storeId, (await inventory.storeStock(storeId)) ?? {});
    }
  } catch (error) {
    logger.info(
      { reason: reasonOf(error) },
      'inventory does not answer: starting as if the stores were empty',
    );
  }
  return (storeId, sku) => known.get(storeId)?.[sku] ?? 0;
}
