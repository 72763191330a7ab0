/** RED metrics of HTTP, named by OpenTelemetry's semantic conventions. */
import type { Meter } from '@opentelemetry/api';
import type { HttpApp } from './http-app.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Measures every request by method, route pattern and status; never by URL, so that the number of series stays small. */
export function addHttpMetrics(app: HttpApp, meter: Meter): void {
  const duration = meter.createHistogram('http.server.request.duration', {
    unit: 's',
    description: 'Duration of HTTP requests',
    advice: { explicitBucketBoundaries: SECONDS },
  });
  const active = meter.createUpDownCounter('http.server.active_requests', {
    description: 'HTTP requests in work',
  });

  const methodOf = (method: string) => (METHODS.has(method) ? method : '_OTHER');

  app.addHook('onRequest', (request, _reply, done) => {
    const attributes = { 'http.request.method': methodOf(request.method) };
    active.add(1, attributes);
    // 'close' comes once for every request, answered or given up by the client.
    request.raw.once('close', () => active.add(-1, attributes));
    done();
  });

  app.addHook('onResponse', (request, reply, done) => {
    duration.record(reply.elapsedTime / 1_000, {
      'http.request.method': methodOf(request.method),
      'http.route': request.routeOptions.url ?? 'unmatched',
      'http.response.status_code': reply.statusCode,
    });
    done();
  });
}
