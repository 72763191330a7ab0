/** The ids a request carries in and out: request id, correlation id, W3C trace context. */
import type { IncomingHttpHeaders } from 'node:http';
import { randomUUID } from 'node:crypto';

const SANE_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

declare module 'fastify' {
  interface FastifyRequest {
    /** Ties together everything one cause led to: `x-correlation-id` when it was sent, else the request id. */
    correlationId: string;
    /** The caller's W3C `traceparent`, when it is well formed. */
    traceparent: string | undefined;
  }
}

const header = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' && SANE_ID.test(value) ? value : undefined;
};

/** Returns the caller's request id if it is harmless in logs and headers, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  return header(headers, 'x-request-id') ?? randomUUID();
}

/** Returns the caller's correlation id if it is harmless, else the request id. */
export function correlationIdOf(headers: IncomingHttpHeaders, requestId: string): string {
  return header(headers, 'x-correlation-id') ?? requestId;
}

/** Returns the caller's `traceparent` if it is one, else nothing. */
export function traceparentOf(headers: IncomingHttpHeaders): string | undefined {
  const value = headers.traceparent;
  return typeof value === 'string' && TRACEPARENT.test(value) ? value : undefined;
}
