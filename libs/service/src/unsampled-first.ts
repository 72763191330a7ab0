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

const TRACE_WORDS = 4;
const SPAN_WORDS = 2;
const WORD_BYTES = 4;
const TRACE_DIGITS = 32;

/** Ids from a stock of random numbers, which become texts only for who reads them. */
export class SpanIds implements IdGenerator {
  readonly #stock = new Uint32Array(1_024);
  readonly #bytes = Buffer.alloc((TRACE_WORDS + SPAN_WORDS) * WORD_BYTES);
  #used = this.#stock.length;
  #reserved: string | undefined;

  /** The next `generateTraceId` gives this one. */
  reserveTraceId(id: string): void {
    this.#reserved = id;
  }

  generateTraceId(): string {
    const id = this.#reserved ?? this.digits([this.word(), this.word(), this.word(), this.word()]);
    this.#reserved = undefined;
    return id;
  }

  generateSpanId(): string {
    return this.digits([this.word(), this.word()]);
  }

  /** 32 random bits. */
  word(): number {
    if (this.#used === this.#stock.length) {
      randomFillSync(this.#stock);
      this.#used = 0;
    }
    this.#used += 1;
    return this.#stock[this.#used - 1] as number;
  }

  digits(words: readonly number[]): string {
    let end = 0;
    for (const word of words) end = this.#bytes.writeUInt32BE(word, end);
    return this.#bytes.toString('hex', 0, end);
  }
}

/** Whether a ratio sampler of the SDK takes the trace whose id consists of these words: it looks at nothing else. */
export function ratioTakes(
  ratio: number,
): (one: number, two: number, three: number, four: number) => boolean {
  const bound = ratio >= 1 ? 2 ** 32 : Math.floor(ratio * (2 ** 32 - 1));
  return (one, two, three, four) => (one ^ two ^ three ^ four) >>> 0 < bound;
}

/** The beginning of a trace that nobody records; it has ids as soon as somebody asks. */
class UnrecordedRoot implements Span {
  readonly #ids: SpanIds;
  readonly #words: readonly [number, number, number, number];
  #context: SpanContext | undefined;

  constructor(ids: SpanIds) {
    this.#ids = ids;
    this.#words = [ids.word(), ids.word(), ids.word(), ids.word()];
  }

  isTakenBy(takes: ReturnType<typeof ratioTakes>): boolean {
    return takes(...this.#words);
  }

  spanContext(): SpanContext {
    if (this.#context === undefined) {
      const digits = this.#ids.digits([...this.#words, this.#ids.word(), this.#ids.word()]);
      const [traceId, spanId] = [digits.slice(0, TRACE_DIGITS), digits.slice(TRACE_DIGITS)];
      this.#context = { traceId, spanId, traceFlags: TraceFlags.NONE };
    }
    return this.#context;
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
    const root = new UnrecordedRoot(this.#ids);
    if (!root.isTakenBy(this.#takesRoot)) return root;
    this.#ids.reserveTraceId(root.spanContext().traceId);
    return this.#tracer.startSpan(name, options, active);
  }
}
