/** The routes for the platform, not for users: `/livez`, `/readyz`, `/metrics`. */
import type { Health, HealthReport } from './health.ts';
import type { HttpApp } from './http-app.ts';
import { OPENMETRICS_CONTENT_TYPE, type Metrics } from './metrics.ts';

/** Their paths: asked every few seconds, so not worth a log line. */
export const PROBES: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);

const hidden = { schema: { hide: true } } as const;

/** Adds `/livez` and `/readyz` (200 or 503, each check with its reason) and `/metrics` (OpenMetrics if asked for). */
export function addOperationalRoutes(app: HttpApp, parts: { health: Health; metrics: Metrics }): void {
  const { health, metrics } = parts;
  const report = (make: () => Promise<HealthReport>) => ({
    ...hidden,
    handler: async (
      _request: unknown,
      reply: { code(status: number): { header(name: string, value: string): unknown } },
    ) => {
      const result = await make();
      reply.code(result.status === 'ok' ? 200 : 503).header('cache-control', 'no-store');
      return result;
    },
  });

  app.route({ method: 'GET', url: '/livez', ...report(() => health.live()) });
  app.route({ method: 'GET', url: '/readyz', ...report(() => health.ready()) });
  app.get('/metrics', hidden, async (request, reply) => {
    const openMetrics = request.headers.accept?.includes('application/openmetrics-text') === true;
    const text = await metrics.scrape(openMetrics ? 'openmetrics' : 'prometheus');
    return reply
      .header('cache-control', 'no-store')
      .type(openMetrics ? OPENMETRICS_CONTENT_TYPE : metrics.contentType)
      .send(text);
  });
}
