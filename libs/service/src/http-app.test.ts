import { Type } from 'typebox';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHealth } from './health.ts';
import { createHttpApp, stoppableHttp, type HttpApp, type HttpAppOptions } from './http-app.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { problem, type ProblemDetails } from './problem.ts';

const Movement = Type.Object(
  {
    sku: Type.String({ minLength: 1 }),
    quantity: Type.Integer({ minimum: 1 }),
    reason: Type.Enum(['SALE', 'RESTOCK']),
    unit: Type.Optional(Type.Union([Type.Literal('piece'), Type.Literal('box')])),
    tags: Type.Optional(Type.Array(Type.Object({ name: Type.String() }))),
  },
  { additionalProperties: false },
);

async function build(options: Partial<HttpAppOptions> = {}) {
  const logs: Record<string, unknown>[] = [];
  const logger = createLogger({
    name: 'test',
    destination: { write: (line) => void logs.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const health = createHealth();
  const metrics = createMetrics({ service: 'test' });
  const app = await createHttpApp({ name: 'test', logger, health, metrics, ...options });
  onTestFinished(async () => {
    await app.close();
    await metrics.close();
    health.close();
  });
  return { app, health, logs };
}

function addRoutes(app: HttpApp) {
  app.post(
    '/stores/:storeId/movements',
    {
      schema: {
        params: Type.Object({ storeId: Type.String({ pattern: '^Store_' }) }),
        querystring: Type.Object({ limit: Type.Optional(Type.Integer()) }),
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ maxLength: 5 })) }),
        body: Movement,
      },
    },
    ({ body, query }) => ({ sku: body.sku, limit: query.limit }),
  );
  app.post('/movements::batch', () => 'batch');
  app.get('/ids', ({ id, correlationId }) => ({ id, correlationId }));
  app.get('/boom', () => {
    throw new Error('password hidden');
  });
  app.get('/down', () => {
    throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  });
  app.get('/transient', () => {
    throw Object.assign(new Error('registry'), { verdict: 'transient' });
  });
  app.get('/conflict', { schema: { response: { 409: Type.Object({ title: Type.String() }) } } }, () => {
    throw problem(409, {
      type: 'urn:eda:problem:conflict',
      title: 'Conflict of versions',
      detail: 'Read it again.',
      headers: { 'x-version': '7' },
    });
  });
}

type Answer = Awaited<ReturnType<HttpApp['inject']>>;

function expectProblem(answer: Answer, status: number): ProblemDetails {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const body = answer.json<ProblemDetails>();
  expect(answer.statusCode).toBe(status);
  expect(body.status).toBe(status);
  expect(body.requestId).toBe(answer.headers['x-request-id']);
  return body;
}

describe('problem details', () => {
  it('list every wrong field of every part of a request', async () => {
    const { app } = await build();
    addRoutes(app);
    const answer = await app.inject({
      method: 'POST',
      url: '/stores/shop/movements?limit=many',
      headers: { 'idempotency-key': 'too long' },
      payload: { quantity: '3', reason: 'GIFT', unit: 'barrel', tags: [{}], 'a/b': 1, price: 2 },
    });
    const { errors, detail } = expectProblem(answer, 400);
    expect(errors).toEqual([
      { parameter: 'storeId', in: 'path', detail: 'must match pattern "^Store_"' },
      { pointer: '#/sku', detail: 'is required' },
      { pointer: '#/a~1b', detail: 'is not a known field' },
      { pointer: '#/price', detail: 'is not a known field' },
      { pointer: '#/quantity', detail: 'must be integer' },
      { pointer: '#/reason', detail: 'must be one of "SALE", "RESTOCK"' },
      { pointer: '#/unit', detail: 'must be one of "piece", "box"' },
      { pointer: '#/tags/0/name', detail: 'is required' },
      { parameter: 'limit', in: 'query', detail: 'must be integer' },
      { parameter: 'idempotency-key', in: 'header', detail: 'must not have more than 5 characters' },
    ]);
    expect(detail).toBe('10 fields are wrong.');
  });

  it('leave a good request alone: numbers in the query are read, the body is not coerced', async () => {
    const { app } = await build();
    addRoutes(app);
    const payload = { sku: 'Item_1', quantity: 3, reason: 'SALE' };
    const answer = await app.inject({ method: 'POST', url: '/stores/Store_1/movements?limit=5', payload });
    expect(answer.json()).toEqual({ sku: 'Item_1', limit: 5 });
  });

  it.each([
    ['malformed JSON', { headers: { 'content-type': 'application/json' }, payload: '{"sku":' }, 400],
    ['no body', {}, 400],
    ['a body that is no object', { payload: [] }, 400],
    [
      '__proto__ in the body',
      { headers: { 'content-type': 'application/json' }, payload: '{"__proto__":{}}' },
      400,
    ],
    ['another content type', { headers: { 'content-type': 'text/plain' }, payload: 'sku' }, 415],
    ['too large a body', { payload: { sku: 'x'.repeat(2_000) } }, 413],
  ])('answer %s', async (_name, request, status) => {
    const { app } = await build({ bodyLimit: 1_000 });
    addRoutes(app);
    expectProblem(await app.inject({ method: 'POST', url: '/stores/Store_1/movements', ...request }), status);
  });

  it('answer an unknown path with 404 and a broken URL with 400', async () => {
    const { app } = await build();
    expect(expectProblem(await app.inject('/nowhere?token=1'), 404).detail).toBe(
      'There is nothing at /nowhere.',
    );
    expectProblem(await app.inject('/%zz'), 400);
  });

  it.each([
    ['GET', '/stores/Store_1/movements', 'POST'],
    ['PUT', '/movements:batch', 'POST'],
    ['POST', '/ids', 'GET, HEAD'],
    ['DELETE', '/readyz', 'GET, HEAD'],
  ] as const)('answer %s %s with 405 and the methods that are possible', async (method, url, allow) => {
    const { app } = await build();
    addRoutes(app);
    const answer = await app.inject({ method, url });
    expectProblem(answer, 405);
    expect(answer.headers.allow).toBe(allow);
  });

  it('hide the message of an unexpected error and log it with the request id', async () => {
    const { app, logs } = await build();
    addRoutes(app);
    const answer = await app.inject('/boom');
    const { requestId } = expectProblem(answer, 500);
    expect(answer.body).not.toContain('hidden');
    expect(logs).toContainEqual(
      expect.objectContaining({
        requestId,
        msg: 'request failed',
        err: expect.objectContaining({ message: 'password hidden' }) as object,
      }),
    );
  });

  it.each(['/down', '/transient'])('answer %s with 503 and when to come back', async (url) => {
    const { app } = await build();
    addRoutes(app);
    const answer = await app.inject(url);
    expectProblem(answer, 503);
    expect(answer.headers['retry-after']).toBe('5');
  });

  it('thrown by a route keep type, title and headers, whatever the route says of its answers', async () => {
    const { app } = await build();
    addRoutes(app);
    const answer = await app.inject('/conflict');
    expect(expectProblem(answer, 409)).toMatchObject({
      type: 'urn:eda:problem:conflict',
      title: 'Conflict of versions',
      detail: 'Read it again.',
    });
    expect(answer.headers['x-version']).toBe('7');
  });

  it('answer what is not even HTTP', async () => {
    const { app } = await build();
    await app.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    socket.end('GARBAGE\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\ncontent-type: application\/problem\+json/);
  });
});

describe('request context', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('takes over sane ids and sends them back', async () => {
    const { app, logs } = await build();
    addRoutes(app);
    const headers = { 'x-request-id': 'r-1', 'x-correlation-id': 'c-1', traceparent };
    const answer = await app.inject({ url: '/ids', headers });
    expect(answer.json()).toEqual({ id: 'r-1', correlationId: 'c-1' });
    expect(answer.headers).toMatchObject({ 'x-request-id': 'r-1', 'x-correlation-id': 'c-1' });
    expect(logs.find(({ msg }) => msg === 'request answered')).toMatchObject({
      requestId: 'r-1',
      correlationId: 'c-1',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      path: '/ids',
      status: 200,
    });
  });

  it('makes ids of its own when there are none or they could do harm', async () => {
    const { app } = await build();
    addRoutes(app);
    const headers = { 'x-request-id': 'a b\t"', 'x-correlation-id': 'x'.repeat(200), traceparent: '00-zz' };
    const { id, ...others } = (await app.inject({ url: '/ids', headers })).json<Record<string, string>>();
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(others).toEqual({ correlationId: id });
  });
});

describe('operational routes', () => {
  it('tell readiness with its reasons, and that they must not be cached', async () => {
    const { app, health } = await build();
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    health.addReadiness('database', () => {
      throw new Error('connection refused');
    });
    const answer = await app.inject('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toEqual({
      status: 'failing',
      checks: [{ name: 'database', status: 'failing', reason: 'connection refused' }],
    });
    expect((await app.inject('/livez')).statusCode).toBe(200);
  });

  it('measure requests by route pattern, not by URL', async () => {
    const { app } = await build();
    addRoutes(app);
    await app.inject('/stores/Store_4711/movements');
    await app.inject({ method: 'POST', url: '/stores/Store_4711/movements', payload: {} });
    const answer = await app.inject('/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toContain(
      'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/stores/:storeId/movements",http_response_status_code="400"} 1',
    );
    expect(answer.body).not.toContain('Store_4711');
  });

  it('speak OpenMetrics to those who ask for it', async () => {
    const { app } = await build();
    const answer = await app.inject({
      url: '/metrics',
      headers: { accept: 'application/openmetrics-text;version=1.0.0' },
    });
    expect(answer.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(answer.body).toMatch(/# EOF\n$/);
  });
});

describe('documentation', () => {
  it('describes the routes and leaves the operational ones out', async () => {
    const { app } = await build({
      openapi: { title: 'Store', description: 'Records movements' },
      version: '1.0.0',
    });
    addRoutes(app);
    const description = (await app.inject('/docs/json')).json<{
      openapi: string;
      info: object;
      paths: object;
    }>();
    expect(description.openapi).toBe('3.1.0');
    expect(description.info).toEqual({ title: 'Store', description: 'Records movements', version: '1.0.0' });
    expect(Object.keys(description.paths)).toContain('/movements:batch');
    expect(Object.keys(description.paths)).not.toContain('/readyz');
  });

  it('is a page that needs no other host', async () => {
    const { app } = await build({ openapi: { title: 'Store', description: '' } });
    const page = await app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    for (const [, file = ''] of page.body.matchAll(/(?:src|href)="\.\/(static\/[^"]+)"/g)) {
      expect((await app.inject(`/docs/${file}`)).statusCode, file).toBe(200);
    }
  });

  it('is absent unless it was asked for', async () => {
    const { app } = await build();
    expectProblem(await app.inject('/docs'), 404);
  });
});

describe('stopping', () => {
  it('tells connections to end from when it is not ready, while it still takes new ones', async () => {
    const { app, health } = await build();
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    expect((await fetch(`${url}/livez`)).headers.get('connection')).toBe('keep-alive');
    health.drain();
    for (let time = 1; time <= 2; time++) {
      const answer = await fetch(`${url}/livez`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('connection')).toBe('close');
    }
    await stoppableHttp(app).stop(10_000);
  });

  it('finishes the request in work and refuses new connections', async () => {
    const { app } = await build();
    const entered = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    app.get('/slow', async () => {
      entered.resolve(undefined);
      await release.promise;
      return 'finished';
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const answer = fetch(`${url}/slow`).then((response) => response.text());
    await entered.promise;
    const stopped = stoppableHttp(app).stop(10_000);
    await expect.poll(() => app.server.listening).toBe(false);
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
    release.resolve(undefined);
    expect(await answer).toBe('finished');
    await stopped;
  });

  it('cuts off what does not end before half of the deadline', async () => {
    const { app } = await build();
    app.get('/endless', () => new Promise<string>(() => undefined));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const answer = fetch(`${url}/endless`);
    const refused = expect(answer).rejects.toThrow('fetch failed');
    await expect
      .poll(() => new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count))))
      .toBe(1);
    await stoppableHttp(app).stop(200);
    await refused;
  });
});
