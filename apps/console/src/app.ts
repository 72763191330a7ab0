/** The console put together: what it knows, what it asks, what it reads, and the page that shows it. */
import { TOPOLOGY } from '@eda/contracts';
import { createKafkaAdmin, credentialsHealth, kafkaClientFromConfig } from '@eda/kafka';
import { createHealth, createLogger, createMetrics, createTracing, stoppableHttp } from '@eda/service';
import type { RunningService } from '@eda/service';
import type { ConsoleConfig } from './config.ts';
import { createConsoleState } from './console-state.ts';
import { createHealthProbe, httpPart, servicePart } from './health-probe.ts';
import type { Part } from './health-probe.ts';
import { createConsoleHttp } from './http.ts';
import { createKafkaFeed } from './kafka-feed.ts';
import { createLagMonitor } from './lag.ts';
import { subscriptionsOf, topologyFor } from './topology.ts';

const NAME = 'console';

/** A started console and where it listens. */
export interface RunningConsole extends RunningService {
  readonly url: string;
}

/** Starts the console: HTTP first, so that the page can say what is missing; Kafka and the registry when they answer. */
export async function startConsole(config: ConsoleConfig): Promise<RunningConsole> {
  const logger = createLogger({ name: NAME, level: config.LOG_LEVEL });
  const tracing = await createTracing({ service: NAME, config, logger });
  const health = createHealth();
  const metrics = createMetrics({ service: NAME });
  // Early: credentials that cannot be used end the start with their reason.
  const client = kafkaClientFromConfig(config, { clientId: NAME, logger, metrics });
  health.addInfo('kafka credentials', () => credentialsHealth(client));
  const admin = createKafkaAdmin({ client });

  const state = createConsoleState({
    topology: topologyFor(TOPOLOGY),
    lag: createLagMonitor(admin, subscriptionsOf(TOPOLOGY)),
    health: createHealthProbe([
      kafkaPart(() => admin.isReachable(), client.brokers),
      httpPart('Registry', `${config.SCHEMA_REGISTRY_URL}/subjects`, 'answers'),
      servicePart('store', config.STORE_URL),
      servicePart('inventory', config.INVENTORY_URL),
      servicePart('replenishment', config.REPLENISHMENT_URL),
    ]),
  });
  const feed = createKafkaFeed({ client, registryUrl: config.SCHEMA_REGISTRY_URL, state, logger });
  const http = await createConsoleHttp({
    state,
    feed,
    logger,
    health,
    metrics,
    catalogFolder: config.CATALOG_DIR,
  });
  const address = await http.listen({ host: config.HOST, port: config.PORT });
  state.start();
  feed.start();

  return {
    health,
    logger,
    url: address,
    drainMs: config.SHUTDOWN_DRAIN_MS,
    deadlineMs: config.SHUTDOWN_DEADLINE_MS,
    stop: [
      { name: 'pages', stop: () => Promise.resolve().then(() => state.stop()) },
      stoppableHttp(http),
      { name: 'kafka', stop: (deadlineMs) => feed.stop(deadlineMs) },
      { name: 'kafka admin', stop: () => admin.close() },
      { name: 'tracing', stop: () => tracing.close() },
      { name: 'kafka credentials', stop: () => Promise.resolve().then(() => client.credentials?.close()) },
      { name: 'metrics', stop: () => metrics.close() },
    ],
  };
}

function kafkaPart(isReachable: () => Promise<boolean>, brokers: readonly string[]): Part {
  return {
    name: 'Kafka',
    check: async () =>
      (await isReachable())
        ? { state: 'up', detail: `answers at ${brokers.join(', ')}` }
        : { state: 'down', detail: `no answer from ${brokers.join(', ')}` },
  };
}
