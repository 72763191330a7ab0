/** Every way a request can fail, answered as `application/problem+json`. */
import findMyWay, { type HTTPMethod } from 'find-my-way';
import type { ConnectionError, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { isDatabaseUnavailable } from './database.ts';
import { errorText } from './error-text.ts';
import type { HttpApp } from './http-app.ts';
import { HttpProblem, problem, type ProblemDetails } from './problem.ts';
import { fieldErrorsOf } from './validation.ts';

const MEDIA_TYPE = 'application/problem+json';
const RETRY_AFTER_SECONDS = '5';

/** Answers errors of routes, unknown paths (404) and known paths asked with another method (405 with `Allow`). */
export function addErrorHandling(app: HttpApp): void {
  const allowedMethods = collectAllowedMethods(app);

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const answer = toProblem(error, request);
    if (answer.statusCode === 503) request.log.warn({ reason: errorText(error) }, 'request refused for now');
    else if (answer.statusCode >= 500) request.log.error({ err: error }, 'request failed');
    return send(reply, answer, request.id);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const allowed = allowedMethods(path);
    const answer =
      allowed.length > 0 && !allowed.includes(request.method)
        ? problem(405, {
            detail: `${request.method} is not possible here; use ${allowed.join(', ')}.`,
            headers: { allow: allowed.join(', ') },
          })
        : problem(404, { detail: `There is nothing at ${path}.` });
    return send(reply, answer, request.id);
  });
}

/** Answers what fails before routing, a broken URL for example. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const status = error.statusCode ?? 400;
  void send(reply, problem(status, { detail: error.message }), request.id);
}

const BROKEN_REQUESTS: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers what is not HTTP, has too large headers or arrives too slowly; there is no request to speak of then. */
export function answerBrokenRequest(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = BROKEN_REQUESTS[error.code] ?? 400;
  const phrase = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({
    type: 'about:blank',
    title: phrase,
    status,
    detail: 'The request is not valid HTTP.',
  });
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\ncontent-type: ${MEDIA_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function send(reply: FastifyReply, answer: HttpProblem, requestId: string): FastifyReply {
  const body: ProblemDetails = { ...answer.details, requestId };
  // As text: a route's response schema must not cut fields from a problem.
  return reply
    .code(answer.statusCode)
    .headers({ ...answer.headers, 'cache-control': 'no-store', 'x-request-id': requestId })
    .type(MEDIA_TYPE)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body);
}

function toProblem(error: FastifyError, request: FastifyRequest): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error.validationContext !== undefined) {
    const errors = fieldErrorsOf(request);
    return problem(400, {
      type: 'urn:eda:problem:validation',
      title: 'The request is not valid',
      detail: errors.length === 1 ? 'One field is wrong.' : `${errors.length} fields are wrong.`,
      errors,
    });
  }
  if (isDatabaseUnavailable(error)) {
    return unavailable('The database cannot be reached. Nothing was changed; try again later.', error);
  }
  if ((error as { verdict?: unknown }).verdict === 'transient') {
    return unavailable('A system this service depends on does not answer. Try again later.', error);
  }
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) {
    return problem(500, {
      detail: 'Something went wrong here. The request id leads to the reason.',
      cause: error,
    });
  }
  const detail =
    status === 415
      ? `The content type "${request.headers['content-type'] ?? ''}" is not accepted here.`
      : error.message;
  return problem(status, { detail, cause: error });
}

function unavailable(detail: string, cause: unknown): HttpProblem {
  return problem(503, { detail, cause, headers: { 'retry-after': RETRY_AFTER_SECONDS } });
}

/** Keeps a second router that knows which methods a path answers: the framework's own does not tell. */
function collectAllowedMethods(app: HttpApp): (path: string) => string[] {
  const router = findMyWay({ maxParamLength: 1_000 });
  const methods = new Set<HTTPMethod>();
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat() as HTTPMethod[]) {
      methods.add(each);
      if (!router.hasRoute(each, url)) router.on(each, url, () => undefined);
    }
  });
  return (path) => [...methods].filter((method) => router.find(method, path) !== null).sort();
}
