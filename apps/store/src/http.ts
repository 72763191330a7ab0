/** The HTTP interface of the store. */
import { createHttpApp, type Health, type HttpApp, type Logger, type Metrics } from '@eda/service';
import type { Recorder } from './recorder.ts';
import { movementRoute } from './routes/movements.ts';
import { movementsBatchRoute } from './routes/movements-batch.ts';

export interface StoreHttpOptions {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
}

/** Returns the HTTP app with all routes, listening nowhere yet. */
export async function createStoreHttp({ recorder, ...parts }: StoreHttpOptions): Promise<HttpApp> {
  const http = await createHttpApp({
    name: 'store',
    version: '1.0.0',
    ...parts,
    openapi: {
      title: 'Store',
      description:
        'Records sales and restocks. Each one is published as an event, also when Kafka is away for a while.',
    },
  });
  movementRoute(http, recorder);
  movementsBatchRoute(http, recorder);
  return http;
}
