import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { Type } from 'typebox';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHealth } from './health.ts';
import { createHttpApp } from './http-app.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { createTracerProvider, samplerOf } from './tracing.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const exporter = new InMemorySpanExporter();

beforeAll(() => {
  const provider = createTracerProvider({
    service: 'test',
    version: '1.2.3',
    sampler: samplerOf({ OTEL_TRACES_SAMPLER: 'parentbased_always_on', OTEL_TRACES_SAMPLER_ARG: 1 }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(provider);
  return async () => {
    await provider.shutdown();
    trace.disable();
  };
});
beforeEach(() => exporter.reset());

async function build() {
  const logs: Record<string, unknown>[] = [];
  const logger = createLogger({
    name: 'test',
    destination: { write: (line) => void logs.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const health = createHealth();
  const metrics = createMetrics({ service: 'test' });
  const app = await createHttpApp({ name: 'test', logger, health, metrics });
  onTestFinished(async () => {
    await app.close();
    await metrics.close();
    health.close();
  });
  app.post('/things/:id', { schema: { body: Type.Object({ n: Type.Integer() }) } }, async (request) => {
    await Promise.resolve();
    request.log.info('in the handler');
    return { span: trace.getSpanContext(context.active())?.spanId };
  });
  app.get('/boom', () => {
    throw new Error('password hidden');
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const spans = async (count: number) => {
    await vi.waitFor(() => expect(exporter.getFinishedSpans()).toHaveLength(count));
    return exporter.getFinishedSpans();
  };
  const post = (headers: Record<string, string> = {}) =>
    fetch(`${url}/things/secret-7?token=hidden`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"n":1}',
    });
  return { url, logs, spans, post };
}

describe('a request', () => {
  it('is handled in a server span that carries on the trace of its caller, also behind the reading of its body', async () => {
    const { logs, spans, post } = await build();

    const answer = await post({ traceparent: `00-${TRACE}-${PARENT}-01` });

    const [span] = await spans(1);
    expect(span).toMatchObject({ name: 'POST /things/:id', status: { code: SpanStatusCode.UNSET } });
    expect(span?.spanContext().traceId).toBe(TRACE);
    expect(span?.parentSpanContext).toMatchObject({ spanId: PARENT, isRemote: true });
    expect(span?.attributes).toEqual({
      'http.request.method': 'POST',
      'url.scheme': 'http',
      'url.path': '/things/secret-7',
      'http.route': '/things/:id',
      'http.response.status_code': 200,
    });
    expect(span?.resource.attributes).toMatchObject({ 'service.name': 'test', 'service.version': '1.2.3' });
    const spanId = span?.spanContext().spanId;
    expect(await answer.json()).toEqual({ span: spanId });
    await vi.waitFor(() => expect(logs.map(({ msg }) => msg)).toContain('request answered'));
    for (const line of logs.filter(({ msg }) => msg === 'in the handler' || msg === 'request answered'))
      expect(line).toMatchObject({ trace_id: TRACE, span_id: spanId });
  });

  it('begins a trace when its caller has none, and makes no span when its caller wants none', async () => {
    const { spans, post } = await build();

    await post({ traceparent: `00-${TRACE}-${PARENT}-00` });
    await post();

    const [span] = await spans(1);
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.spanContext().traceId).not.toBe(TRACE);
  });

  it('that fails says so in its span, and a path that no route knows is not its name', async () => {
    const { url, spans } = await build();

    await fetch(`${url}/boom`);
    await fetch(`${url}/no/such/page`);

    const [failed, unknown] = await spans(2);
    expect(failed).toMatchObject({ name: 'GET /boom', status: { code: SpanStatusCode.ERROR } });
    expect(failed?.attributes).toMatchObject({ 'error.type': '500', 'http.response.status_code': 500 });
    expect(unknown).toMatchObject({ name: 'GET', status: { code: SpanStatusCode.UNSET } });
  });

  it('of a probe has no span', async () => {
    const { url, spans, post } = await build();

    for (const probe of ['livez', 'readyz', 'metrics']) await fetch(`${url}/${probe}`);
    await post();

    expect((await spans(1))[0]?.name).toBe('POST /things/:id');
  });
});
