import { context, trace } from '@opentelemetry/api';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { Type } from 'typebox';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig, tracingConfig } from './config.ts';
import { createTracing, samplerOf } from './tracing.ts';

const logger = pino({ level: 'silent' });
const configOf = (env: NodeJS.ProcessEnv) => loadConfig(Type.Object(tracingConfig), env);

describe('createTracing', () => {
  it('makes no spans when nobody is there to take them', async () => {
    const tracing = await createTracing({ service: 'test', config: configOf({}), logger });

    expect(tracing.on).toBe(false);
    expect(trace.getTracer('test').startSpan('one').isRecording()).toBe(false);
    await tracing.close();
  });

  it('sends spans to the endpoint, at the latest when it is closed', async () => {
    const received: { url: string | undefined; body: string }[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({ url: request.url, body });
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const tracing = await createTracing({
      service: 'store',
      config: configOf({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/` }),
      logger,
    });
    onTestFinished(() => trace.disable());

    const outer = trace.getTracer('test').startSpan('outer');
    await context.with(trace.setSpan(context.active(), outer), async () => {
      await Promise.resolve();
      trace.getTracer('test').startSpan('inner').end();
    });
    outer.end();
    await tracing.close();

    expect(received.map(({ url }) => url)).toEqual(['/v1/traces']);
    const { resourceSpans } = JSON.parse(received[0]?.body ?? '') as {
      resourceSpans: {
        resource: { attributes: { key: string; value: { stringValue?: string } }[] };
        scopeSpans: { spans: { name: string; spanId: string; parentSpanId?: string }[] }[];
      }[];
    };
    expect(resourceSpans[0]?.resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'store' },
    });
    const [inner, parent] = resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    expect([inner?.name, parent?.name]).toEqual(['inner', 'outer']);
    expect(inner?.parentSpanId).toBe(parent?.spanId);
  });

  it.each([
    [{}, 'ParentBased{root=AlwaysOnSampler'],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 'AlwaysOffSampler'],
    [{ OTEL_TRACES_SAMPLER: 'always_on' }, 'AlwaysOnSampler'],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' }, 'TraceIdRatioBased{0.25}'],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
      'ParentBased{root=TraceIdRatioBased{0.25}',
    ],
  ])('%j samples with %s', (env, name) => {
    expect(samplerOf(configOf(env)).toString()).toContain(name);
  });
});
