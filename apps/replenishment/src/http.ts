/** The HTTP interface of replenishment. */
import { createHttpApp, type Health, type HttpApp, type Logger, type Metrics } from '@eda/service';
import type { Pool } from 'pg';
import type { ReplenishmentPolicy } from './policy.ts';
import { requestRoutes } from './routes/requests.ts';

export interface ReplenishmentHttpOptions {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly pool: Pool;
  readonly policy: ReplenishmentPolicy;
}

/** Returns the HTTP app with all routes, listening nowhere yet. */
export async function createReplenishmentHttp(options: ReplenishmentHttpOptions): Promise<HttpApp> {
  const { pool, policy, ...parts } = options;
  const http = await createHttpApp({
    name: 'replenishment',
    version: '1.0.0',
    ...parts,
    openapi: { title: 'Replenishment', description: 'Items that ran low, and what was requested for them.' },
  });
  requestRoutes(http, pool, policy);
  return http;
}
