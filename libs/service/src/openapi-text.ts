/** The description of an HTTP interface as a file, made from its routes. */
import { createHealth, type Health } from './health.ts';
import type { HttpApp } from './http-app.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';

export interface HttpParts {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
}

/** Returns the text of `openapi.json` for the app that `build` makes of silent parts; nothing listens, nothing is asked. */
export async function openApiText(build: (parts: HttpParts) => Promise<HttpApp>): Promise<string> {
  const health = createHealth();
  const metrics = createMetrics({ service: 'openapi' });
  try {
    const http = await build({ logger: createLogger({ name: 'openapi', level: 'silent' }), health, metrics });
    await http.ready();
    const text = `${JSON.stringify(http.swagger(), undefined, 2)}\n`;
    await http.close();
    return text;
  } finally {
    await metrics.close();
    health.close();
  }
}
