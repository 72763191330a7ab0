/** The span of a request, and the context in which it is handled. */
import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { HttpApp } from './http-app.ts';
import { PROBES } from './operational-routes.ts';
import { keepAsyncContext } from './tracing.ts';

const tracer = trace.getTracer('@eda/service');
const propagator = new W3CTraceContextPropagator();
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

declare module 'fastify' {
  interface FastifyRequest {
    /** The place in the caller's trace or in our own; undefined where there is none. */
    traceContext: Context | undefined;
  }
}

const getter = {
  keys: (headers: IncomingHttpHeaders) => Object.keys(headers),
  get: (headers: IncomingHttpHeaders, name: string) => headers[name],
};

/**
 * Handles each request in the context of its `traceparent`, and in a server span of its own when the process has a tracer
 * provider. Routes, outbox and logs find the context by themselves. Probes have no span.
 */
export function addHttpTracing(app: HttpApp): void {
  keepAsyncContext();
  app.decorateRequest('traceContext', undefined);

  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url;
    if (PROBES.has(route ?? '')) {
      done();
      return;
    }
    const incoming = propagator.extract(ROOT_CONTEXT, request.headers, getter);
    const span = startServerSpan(request, route, incoming);
    const current = trace.setSpan(incoming, span);
    if (trace.isSpanContextValid(span.spanContext())) request.traceContext = current;
    // 'close' comes once for every answer, also when the client has gone.
    if (span.isRecording()) reply.raw.once('close', () => endServerSpan(span, reply.raw));
    inTraceContext(request, done);
  });

  // Reading the body goes on in the connection's own context.
  app.addHook('preValidation', (request, _reply, done) => inTraceContext(request, done));
}

/** Runs `work` in the request's trace. */
export function inTraceContext(request: FastifyRequest, work: () => void): void {
  if (request.traceContext === undefined) work();
  else context.with(request.traceContext, work);
}

function startServerSpan(request: FastifyRequest, route: string | undefined, parent: Context): Span {
  const method = METHODS.has(request.method) ? request.method : '_OTHER';
  return tracer.startSpan(
    `${method === '_OTHER' ? 'HTTP' : method}${route === undefined ? '' : ` ${route}`}`,
    {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': method,
        'url.scheme': request.protocol,
        'url.path': request.url.split('?', 1)[0],
        ...(route === undefined ? {} : { 'http.route': route }),
      },
    },
    parent,
  );
}

function endServerSpan(
  span: Span,
  answer: { readonly statusCode: number; readonly writableFinished: boolean },
): void {
  const { statusCode, writableFinished } = answer;
  if (writableFinished) span.setAttribute('http.response.status_code', statusCode);
  const error = !writableFinished ? 'aborted' : statusCode >= 500 ? String(statusCode) : undefined;
  if (error !== undefined) {
    span.setAttribute('error.type', error);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
