/**
 * A tracer that asks the sampler before it makes anything. The SDK's own first cleans attributes and links of each span, also of
 * the ninety-nine in a hundred that are not recorded; at tens of thousands of records a second that is most of what tracing costs.
 */
import {
  context,
  type Context,
  isSpanContextValid,
  type Span,
  type SpanContext,
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

const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;
const BYTE_DIGITS = 2;
const WORD_BYTES = 4;
const STOCK_BYTES = 4_096;

/** Ids from a stock of random digits: parts of one text, which cost less than texts of their own. */
export class SpanIds implements IdGenerator {
  readonly #stock = Buffer.alloc(STOCK_BYTES);
  readonly #words = new DataView(this.#stock.buffer, this.#stock.byteOffset, STOCK_BYTES);
  #digits = '';
  /** Bytes of the stock. */
  #used = STOCK_BYTES;
  #reserved: string | undefined;

  /** The next `generateTraceId` gives this one. */
  reserveTraceId(id: string): void {
    this.#reserved = id;
  }

  generateTraceId(): string {
    const id = this.#reserved ?? this.#take(TRACE_DIGITS);
    this.#reserved = undefined;
    return id;
  }

  generateSpanId(): string {
    return this.#take(SPAN_DIGITS);
  }

  /** The digits of a trace and of a span, and whether `takes` takes that trace. */
  generateRoot(takes: ReturnType<typeof ratioTakes>): { readonly digits: string; readonly isTaken: boolean } {
    const digits = this.#take(TRACE_DIGITS + SPAN_DIGITS);
    const from = this.#used - (TRACE_DIGITS + SPAN_DIGITS) / BYTE_DIGITS;
    const isTaken = takes(
      this.#words.getUint32(from),
      this.#words.getUint32(from + WORD_BYTES),
      this.#words.getUint32(from + 2 * WORD_BYTES),
      this.#words.getUint32(from + 3 * WORD_BYTES),
    );
    return { digits, isTaken };
  }

  #take(digits: number): string {
    const bytes = digits / BYTE_DIGITS;
    if (this.#used + bytes > STOCK_BYTES) {
      this.#digits = randomFillSync(this.#stock).toString('hex');
      this.#used = 0;
    }
    const from = this.#used * BYTE_DIGITS;
    this.#used += bytes;
    return this.#digits.slice(from, from + digits);
  }
}

/** Whether a ratio sampler of the SDK takes the trace whose id consists of these words: it looks at nothing else. */
export function ratioTakes(
  ratio: number,
): (one: number, two: number, three: number, four: number) => boolean {
  const bound = ratio >= 1 ? 2 ** 32 : Math.floor(ratio * (2 ** 32 - 1));
  return (one, two, three, four) => (one ^ two ^ three ^ four) >>> 0 < bound;
}

/** The beginning of a trace that nobody records. */
class UnrecordedRoot implements Span {
  readonly #digits: string;
  #context: SpanContext | undefined;

  constructor(digits: string) {
    this.#digits = digits;
  }

  spanContext(): SpanContext {
    return (this.#context ??= {
      traceId: this.#digits.slice(0, TRACE_DIGITS),
      spanId: this.#digits.slice(TRACE_DIGITS),
      traceFlags: TraceFlags.NONE,
    });
  }

  isRecording(): boolean {
    return false;
  }

  setAttribute(): this {
    return this;
  }

  setAttributes(): this {
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  end(): void {}

  recordException(): void {}
}

export interface UnsampledFirstOptions {
  /** Makes the spans that are recorded, with the same sampler and the same ids. */
  readonly provider: TracerProvider;
  /** Is asked twice for what is recorded, and has to say the same; the attributes it sees are those that were given. */
  readonly sampler: Sampler;
  /** The ratio of all traces that `sampler` takes where they begin, if it goes by that. */
  readonly ratio?: number | undefined;
  readonly ids: SpanIds;
}

/** Spans as `provider` makes them; one that is not recorded costs the sampler's question. */
export function unsampledFirst(options: UnsampledFirstOptions): TracerProvider {
  return { getTracer: (...scope) => new UnsampledFirst(options.provider.getTracer(...scope), options) };
}

class UnsampledFirst implements Tracer {
  readonly #tracer: Tracer;
  readonly #sampler: Sampler;
  readonly #takesRoot: ReturnType<typeof ratioTakes> | undefined;
  readonly #ids: SpanIds;
  readonly startActiveSpan: Tracer['startActiveSpan'];

  constructor(tracer: Tracer, { sampler, ids, ratio }: UnsampledFirstOptions) {
    this.#tracer = tracer;
    this.#sampler = sampler;
    this.#takesRoot = ratio === undefined ? undefined : ratioTakes(ratio);
    this.#ids = ids;
    this.startActiveSpan = tracer.startActiveSpan.bind(tracer);
  }

  startSpan(name: string, options: SpanOptions = {}, active: Context = context.active()): Span {
    if (isTracingSuppressed(active)) return this.#tracer.startSpan(name, options, active);
    const parent = options.root === true ? undefined : trace.getSpanContext(active);
    if (parent === undefined || !isSpanContextValid(parent)) return this.#startRoot(name, options, active);
    const { decision, traceState = parent.traceState } = this.#sampler.shouldSample(
      active,
      parent.traceId,
      name,
      options.kind ?? SpanKind.INTERNAL,
      options.attributes ?? {},
      options.links ?? [],
    );
    if (decision !== SamplingDecision.NOT_RECORD) return this.#tracer.startSpan(name, options, active);
    return trace.wrapSpanContext({
      traceId: parent.traceId,
      spanId: this.#ids.generateSpanId(),
      traceFlags: TraceFlags.NONE,
      ...(traceState === undefined ? {} : { traceState }),
    });
  }

  #startRoot(name: string, options: SpanOptions, active: Context): Span {
    if (this.#takesRoot === undefined) return this.#tracer.startSpan(name, options, active);
    const { digits, isTaken } = this.#ids.generateRoot(this.#takesRoot);
    if (!isTaken) return new UnrecordedRoot(digits);
    this.#ids.reserveTraceId(digits.slice(0, TRACE_DIGITS));
    return this.#tracer.startSpan(name, options, active);
  }
}
