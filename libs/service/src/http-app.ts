/** The HTTP application every service starts from: typed routes, problem details, ids, health, metrics, documentation. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawServerDefault,
} from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { addErrorHandling, answerBrokenRequest, answerFrameworkError } from './error-handling.ts';
import type { Health } from './health.ts';
import { addHttpMetrics } from './http-metrics.ts';
import { addHttpTracing, inTraceContext } from './http-tracing.ts';
import type { Metrics } from './metrics.ts';
import { addOperationalRoutes, PROBES } from './operational-routes.ts';
import { correlationIdOf, requestIdOf } from './request-context.ts';
import type { Stoppable } from './run-service.ts';
import { compileValidator } from './validation.ts';

export type HttpApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface HttpAppOptions {
  readonly name: string;
  readonly version?: string;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Serves the description of the routes at `/docs` (page) and `/docs/json`. */
  readonly openapi?: { readonly title: string; readonly description: string };
  /** Bytes a request body may have unless its route says otherwise; 256 KiB when absent. */
  readonly bodyLimit?: number;
  /** Milliseconds a request may take to arrive; 30,000 when absent. */
  readonly requestTimeoutMs?: number;
}

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** The documentation works without any other host, and over plain HTTP too. */
const DOCS_CSP =
  "default-src 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

/**
 * Returns an application without routes of its own; add them with `app.register` or `app.route`, then `app.listen`.
 * Every error is answered as `application/problem+json`; what a route throws beyond `problem()` is a 500 that hides
 * its message, except an unreachable database and other transient errors: 503 with `Retry-After`.
 */
export async function createHttpApp(options: HttpAppOptions): Promise<HttpApp> {
  const { name, version = '0.0.0', logger, health, metrics, openapi } = options;
  // The framework's own logger type: scopes made by `register` have it too.
  const loggerInstance: FastifyBaseLogger = logger;
  const app: HttpApp = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: options.bodyLimit ?? 256 * 1024,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    // Longer than a load balancer keeps a connection, so that it is never reused while it is being closed here.
    keepAliveTimeout: 72_000,
    // While draining, requests on open connections are still served; they are told to reconnect elsewhere.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers),
    routerOptions: { maxParamLength: 1_000 },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(compileValidator);
  app.removeContentTypeParser('text/plain');
  addHttpTracing(app);
  addRequestContext(app);
  closeConnectionsWhenStopping(app, health);
  addErrorHandling(app);
  addHttpMetrics(app, metrics.meter);
  addOperationalRoutes(app, { health, metrics });

  if (openapi !== undefined) {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: openapi.title, description: openapi.description, version },
      },
    });
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: DOCS_CSP,
      theme: { title: `${openapi.title} (${name})` },
    });
  }
  return app;
}

/**
 * From the moment the service is not ready any more, each answer ends its connection. A client that keeps one open would hold the shutdown
 * up; and one whose next request is under way when an idle connection is closed at last would lose it.
 */
function closeConnectionsWhenStopping(app: HttpApp, health: Health): void {
  let stopping = false;
  app.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping || health.isDraining()) void reply.header('connection', 'close');
    done();
  });
}

function addRequestContext(app: HttpApp): void {
  app.decorateRequest('correlationId', '');

  app.addHook('onRequest', (request, reply, done) => {
    request.correlationId = correlationIdOf(request.headers, request.id);
    request.log = request.log.child({ correlationId: request.correlationId });
    void reply.headers({
      ...SECURITY_HEADERS,
      'x-request-id': request.id,
      'x-correlation-id': request.correlationId,
    });
    done();
  });

  app.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      path: request.url.split('?', 1)[0],
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    };
    inTraceContext(request, () => {
      if (PROBES.has(request.routeOptions.url ?? '')) request.log.trace(line, 'request answered');
      else request.log.info(line, 'request answered');
    });
    done();
  });
}

/**
 * Returns the application as a part to be stopped: it refuses new connections and finishes the requests in work;
 * what is still open after half of the deadline (at most five seconds) is cut off.
 */
export function stoppableHttp(app: HttpApp): Stoppable {
  return {
    name: 'http',
    stop: async (deadlineMs) => {
      const cutOff = setTimeout(() => app.server.closeAllConnections(), Math.min(deadlineMs / 2, 5_000));
      await app.close().finally(() => clearTimeout(cutOff));
    },
  };
}
