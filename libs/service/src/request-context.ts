/** The ids a request carries in and out: request id and correlation id. */
import type { IncomingHttpHeaders } from 'node:http';
import { randomUUID } from 'node:crypto';

const SANE_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

declare module 'fastify' {
  interface FastifyRequest {
    /** Ties together everything one cause led to: `x-correlation-id` when it was sent, else the request id. */
    correlationId: string;
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
