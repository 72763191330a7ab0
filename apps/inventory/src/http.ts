/** The HTTP interface of inventory. */
import { createHttpApp, type Health, type HttpApp, type Logger, type Metrics } from '@eda/service';
import type { Pool } from 'pg';
import { stockRoutes } from './routes/stock.ts';

export interface InventoryHttpOptions {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly pool: Pool;
}

/** Returns the HTTP app with all routes, listening nowhere yet. */
export async function createInventoryHttp({ pool, ...parts }: InventoryHttpOptions): Promise<HttpApp> {
  const http = await createHttpApp({
    name: 'inventory',
    version: '1.0.0',
    ...parts,
    openapi: {
      title: 'Inventory',
      description: 'Stock per store and per item, computed from the movements.',
    },
  });
  stockRoutes(http, pool);
  return http;
}
