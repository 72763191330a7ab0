/** Spans of this process, kept to be looked at. */
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { waitFor } from './wait-for.ts';

export interface SpanRecorder {
  /** The one span of this name that has ended, or the last of them; waits for it. */
  span(name: string): Promise<ReadableSpan>;
  /** All that have ended so far. */
  all(): readonly ReadableSpan[];
  /** Forgets all spans. */
  reset(): void;
  close(): Promise<void>;
}

/** Makes this process record every span, or those that `sampler` takes, until it is closed; one at a time. */
export function recordSpans(sampler?: Sampler): SpanRecorder {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
    ...(sampler === undefined ? {} : { sampler }),
  });
  const contexts = new AsyncLocalStorageContextManager().enable();
  if (!trace.setGlobalTracerProvider(provider)) throw new Error('another tracer provider is in use');
  context.setGlobalContextManager(contexts);
  return {
    async span(name) {
      const find = () => exporter.getFinishedSpans().findLast((span) => span.name === name);
      await waitFor(() => find() !== undefined, { description: `the span ${name}`, timeoutMs: 20_000 });
      return find() as ReadableSpan;
    },
    all: () => exporter.getFinishedSpans(),
    reset: () => {
      exporter.reset();
    },
    async close() {
      await provider.shutdown();
      trace.disable();
      context.disable();
    },
  };
}
