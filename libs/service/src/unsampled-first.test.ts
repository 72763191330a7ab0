import { context, ROOT_CONTEXT, SpanKind, trace, type SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { suppressTracing } from '@opentelemetry/core';
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  SimpleSpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { randomFillSync } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTracerProvider } from './tracing.ts';
import { ratioTakes, SpanIds, unsampledFirst } from './unsampled-first.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

function tracerOf(sampler: Sampler, ratio?: number) {
  const exporter = new InMemorySpanExporter();
  const ids = new SpanIds();
  const provider = createTracerProvider({
    service: 'test',
    sampler,
    idGenerator: ids,
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  onTestFinished(() => provider.shutdown());
  return { tracer: unsampledFirst({ provider, sampler, ids, ratio }).getTracer('test'), exporter };
}

const half = () => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.5) });
const under = (traceFlags: number, more: Partial<SpanContext> = {}) =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: SPAN, traceFlags, isRemote: true, ...more });

it.each([0, 1e-6, 0.01, 0.3, 0.999, 1])('a ratio of %s takes what the sampler of the SDK takes', (ratio) => {
  const sampler = new TraceIdRatioBasedSampler(ratio);
  const takes = ratioTakes(ratio);
  const bound = Math.floor(ratio * (2 ** 32 - 1));
  const edges = [0, 1, bound - 1, bound, bound + 1, 2 ** 32 - 1].map((word) => [word >>> 0, 0, 0, 0]);
  const random = Array.from({ length: 5_000 }, () => [...randomFillSync(new Uint32Array(4))]);

  for (const words of [...edges, ...random]) {
    const [one = 0, two = 0, three = 0, four = 0] = words;
    // An id of zeros only is none.
    if ((one | two | three | four) === 0) continue;
    const id = words.map((word) => word.toString(16).padStart(8, '0')).join('');
    const { decision } = sampler.shouldSample(ROOT_CONTEXT, id);
    expect(takes(one, two, three, four), id).toBe(decision === SamplingDecision.RECORD_AND_SAMPLED);
  }
});

describe('a tracer that asks the sampler first', () => {
  it.each([0.5, undefined])(
    'records those roots that the sampler takes, and no others (ratio %s)',
    (ratio) => {
      const { tracer, exporter } = tracerOf(half(), ratio);

      const spans = Array.from({ length: 400 }, () => tracer.startSpan('root', {}, ROOT_CONTEXT));
      for (const span of spans) span.end();

      const places = spans.map((span) => span.spanContext());
      expect(places.every((place) => trace.isSpanContextValid(place))).toBe(true);
      expect(new Set(places.map(({ traceId }) => traceId)).size).toBe(400);
      expect(new Set(places.map(({ spanId }) => spanId)).size).toBe(400);
      const taken = places.filter(
        ({ traceId }) =>
          half().shouldSample(ROOT_CONTEXT, traceId, 'root', SpanKind.INTERNAL, {}, []).decision ===
          SamplingDecision.RECORD_AND_SAMPLED,
      );
      expect(taken.length).toBeGreaterThan(100);
      expect(taken.length).toBeLessThan(300);
      expect(places.filter(({ traceFlags }) => traceFlags === 1)).toEqual(taken);
      const exported = exporter.getFinishedSpans().map((span) => span.spanContext().traceId);
      expect(exported).toEqual(taken.map(({ traceId }) => traceId));
    },
  );

  it('stays in the trace of a parent, recorded or not, and keeps what vendors say', () => {
    const { tracer, exporter } = tracerOf(half());
    const traceState = {
      get: () => '1',
      set: () => traceState,
      unset: () => traceState,
      serialize: () => 'a=1',
    };

    const unrecorded = tracer.startSpan('child', {}, under(0, { traceState }));
    const recorded = tracer.startSpan('child', { attributes: { one: 1 } }, under(1));
    recorded.end();

    expect(unrecorded.isRecording()).toBe(false);
    expect(unrecorded.spanContext()).toMatchObject({ traceId: TRACE, traceFlags: 0, traceState });
    expect(unrecorded.spanContext().spanId).not.toBe(SPAN);
    expect(recorded.spanContext()).toMatchObject({ traceId: TRACE, traceFlags: 1 });
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({ attributes: { one: 1 }, parentSpanContext: { spanId: SPAN } });
  });

  it('begins a trace of its own where it is told to, whatever runs', () => {
    const { tracer } = tracerOf(new ParentBasedSampler({ root: new AlwaysOnSampler() }));

    const root = tracer.startSpan('root', { root: true }, under(0));
    const ofRatio = tracerOf(half(), 0).tracer.startSpan('root', { root: true }, under(1));

    expect(root.isRecording()).toBe(true);
    expect(root.spanContext().traceId).not.toBe(TRACE);
    expect(ofRatio.isRecording()).toBe(false);
    expect(ofRatio.spanContext().traceId).not.toBe(TRACE);
    expect(ofRatio.spanContext()).toBe(ofRatio.spanContext());
  });

  it('leaves alone what is not to be traced', () => {
    const { tracer } = tracerOf(new AlwaysOnSampler());

    const span = tracer.startSpan('hidden', {}, suppressTracing(ROOT_CONTEXT));

    expect(span.isRecording()).toBe(false);
    expect(trace.isSpanContextValid(span.spanContext())).toBe(false);
  });

  it('makes a span the active one for a piece of work', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    onTestFinished(() => context.disable());
    const { tracer } = tracerOf(new AlwaysOnSampler());

    tracer.startActiveSpan('outer', (outer) => {
      expect(trace.getActiveSpan()).toBe(outer);
      expect(tracer.startSpan('inner').spanContext().traceId).toBe(outer.spanContext().traceId);
    });
  });
});
