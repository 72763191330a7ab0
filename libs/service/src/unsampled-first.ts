/**
 * A tracer that asks the sampler before it makes anything. The SDK's own first cleans attributes and links of each span, also of
 * the ninety-nine in a hundred that are not recorded; at tens of thousands of records a second that is most of what tracing costs.
 */
import {
  context,
  type Context,
  isSpanContextValid,
  type Span,
  SpanKind,
  type SpanOptions,
  trace,
  TraceFlags,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { type IdGenerator, type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace';
import { randomFillSync } from 'node:crypto';

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

/** Random ids, cut from a stock: a call of the random generator for each takes longer than all the rest of an unrecorded span. */
export class SpanIds implements IdGenerator {
  readonly #stock = Buffer.alloc(8_192);
  #used = this.#stock.length;
  #reserved: string | undefined;

  /** A trace id that the next `generateTraceId` gives again. */
  reserveTraceId(): string {
    return (this.#reserved = this.#take(TRACE_BYTES));
  }

  generateTraceId(): string {
    const id = this.#reserved ?? this.#take(TRACE_BYTES);
    this.#reserved = undefined;
    return id;
  }

  generateSpanId(): string {
    return this.#take(SPAN_BYTES);
  }

  #take(bytes: number): string {
    if (this.#used + bytes > this.#stock.length) {
      randomFillSync(this.#stock);
      this.#used = 0;
    }
    this.#used += bytes;
    return this.#stock.toString('hex', this.#used - bytes, this.#used);
  }
}

export interface UnsampledFirstOptions {
  /** Makes the spans that are recorded, with the same sampler and the same ids. */
  readonly provider: TracerProvider;
  /** Is asked twice for what is recorded, and has to say the same; the attributes it sees are those that were given. */
  readonly sampler: Sampler;
  readonly ids: SpanIds;
}

/** Spans as `provider` makes them; one that is not recorded costs the sampler's question and its ids. */
export function unsampledFirst({ provider, sampler, ids }: UnsampledFirstOptions): TracerProvider {
  return {
    getTracer: (...scope) => new UnsampledFirst(provider.getTracer(...scope), sampler, ids),
  };
}

class UnsampledFirst implements Tracer {
  readonly #tracer: Tracer;
  readonly #sampler: Sampler;
  readonly #ids: SpanIds;
  readonly startActiveSpan: Tracer['startActiveSpan'];

  constructor(tracer: Tracer, sampler: Sampler, ids: SpanIds) {
    this.#tracer = tracer;
    this.#sampler = sampler;
    this.#ids = ids;
    this.startActiveSpan = tracer.startActiveSpan.bind(tracer);
  }

  startSpan(name: string, options: SpanOptions = {}, active: Context = context.active()): Span {
    if (isTracingSuppressed(active)) return this.#tracer.startSpan(name, options, active);
    const parent = options.root === true ? undefined : trace.getSpanContext(active);
    const known = parent !== undefined && isSpanContextValid(parent) ? parent : undefined;
    const traceId = known?.traceId ?? this.#ids.reserveTraceId();
    const { decision, traceState = known?.traceState } = this.#sampler.shouldSample(
      options.root === true ? trace.deleteSpan(active) : active,
      traceId,
      name,
      options.kind ?? SpanKind.INTERNAL,
      options.attributes ?? {},
      options.links ?? [],
    );
    if (decision !== SamplingDecision.NOT_RECORD) return this.#tracer.startSpan(name, options, active);
    if (known === undefined) this.#ids.generateTraceId();
    return trace.wrapSpanContext({
      traceId,
      spanId: this.#ids.generateSpanId(),
      traceFlags: TraceFlags.NONE,
      ...(traceState === undefined ? {} : { traceState }),
    });
  }
}
