/** The description of the store's HTTP interface, made from its routes. */
import { createHealth, createLogger, createMetrics, problem } from '@eda/service';
import { createStoreHttp } from './http.ts';

/** Returns `openapi.json` as text. */
export async function openApiText(): Promise<string> {
  const health = createHealth();
  const metrics = createMetrics({ service: 'store' });
  const http = await createStoreHttp({
    logger: createLogger({ name: 'store', level: 'silent' }),
    health,
    metrics,
    recorder: { record: () => Promise.reject(problem(503)) },
  });
  try {
    await http.ready();
    return `${JSON.stringify(http.swagger(), undefined, 2)}\n`;
  } finally {
    await http.close();
    await metrics.close();
    health.close();
  }
}
