import type { Attributes, Context, Link, Span, SpanContext } from '@opentelemetry/api';
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { inheritedTrace } from './correlation.ts';
import type { TraceHeaders } from './trace-context.ts';
import {
  isUnsampled,
  readTraceContext,
  traceHeadersOf,
  writeOwnContext,
  writeTraceContext,
} from './trace-context.ts';
import type { OutgoingRecord, RawRecord, RecordMetadata } from './types.ts';

/**
 * The library's own spans (docs/decisions/0035): `create` where an event is written to the outbox, `send` until the brokers
 * acknowledge, `process` until a record is decided. Keys, values and texts of errors never stand in them.
 */
const tracer = trace.getTracer('@eda/kafka');
const ROOT_SPAN = { root: true };
const NO_HEADERS: TraceHeaders = {};
let on = false;
let leavesUnsampled = false;

type Operation = 'create' | 'send' | 'process';

/** Whether the process has a tracer provider; without one this question is all that a span costs. */
export function tracingIsOn(): boolean {
  if (on) return true;
  // Only a provider gives a root span an id; once there is one it stays.
  on = isSpanContextValid(tracer.startSpan('probe', ROOT_SPAN).spanContext());
  leavesUnsampled = on && PROBES.every((parent) => !isRecorded(parent));
  return on;
}

/**
 * Places in traces that are not recorded. Ratio samplers, which look at nothing but the trace id, take the first ones at any
 * ratio, so that only those are left that follow the caller's decision.
 */
const PROBES: readonly SpanContext[] = [
  'f'.repeat(32),
  '00000001'.repeat(4),
  '4bf92f3577b34da6a3ce929d0e0e4736',
].flatMap((traceId) =>
  [true, false].map((isRemote) => ({
    traceId,
    spanId: '00f067aa0ba902b7',
    traceFlags: TraceFlags.NONE,
    isRemote,
  })),
);

function isRecorded(parent: SpanContext): boolean {
  // Never ended, and so never sent.
  return tracer.startSpan('probe', {}, trace.setSpanContext(ROOT_CONTEXT, parent)).isRecording();
}

interface Description {
  readonly name: string;
  readonly attributes: Attributes;
}

const descriptions: Readonly<Record<Operation, Map<string, Description>>> = {
  create: new Map(),
  send: new Map(),
  process: new Map(),
};

/** Name and constant attributes of a span, made once per topic. */
function describe(operation: Operation, topic: string): Description {
  let description = descriptions[operation].get(topic);
  if (description === undefined) {
    description = {
      name: `${operation} ${topic}`,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': operation,
        'messaging.operation.type': operation,
        'messaging.destination.name': topic,
      },
    };
    descriptions[operation].set(topic, description);
  }
  return description;
}

/**
 * The place in its trace of a span that would not be recorded, because its parent is not: undefined when the sampler has to be
 * asked. There is no span then, and what is made here is as much the parent's as the span's.
 */
function unrecorded(parent: Span | undefined): SpanContext | undefined {
  if (!leavesUnsampled || parent === undefined || parent.isRecording()) return undefined;
  const place = parent.spanContext();
  return (place.traceFlags & TraceFlags.SAMPLED) === 0 && isSpanContextValid(place) ? place : undefined;
}

/** A context that is worked out only when somebody asks for it: what most handlers do does not. */
class LazyContext implements Context {
  readonly #make: () => Context;
  #made: Context | undefined;

  constructor(make: () => Context) {
    this.#make = make;
  }

  getValue(key: symbol): unknown {
    return this.#context().getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#context().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#context().deleteValue(key);
  }

  #context(): Context {
    return (this.#made ??= this.#make());
  }
}

/** The place that the headers name. Holds on to texts only: headers are parts of all the bytes that were fetched. */
function contextOf(headers: TraceHeaders): Context {
  return new LazyContext(() => {
    const carried = readTraceContext(headers);
    return carried === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, carried);
  });
}

/** The code of an error, or its class: few values, and nothing of what the record holds. */
function errorType(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  if (typeof code === 'string' && code !== '') return code;
  return error instanceof Error ? error.name : '_OTHER';
}

/** Ends a span as failed; `error.type` says why. */
export function failSpan(span: Span, error: unknown): void {
  const type = errorType(error);
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** The trace context for an event made here and now without a span of its own: what runs, or the event being handled. */
export function passedOnTrace(): TraceHeaders {
  if (tracingIsOn()) return NO_HEADERS;
  const active = writeTraceContext(trace.getSpanContext(context.active()));
  return active.traceparent === undefined ? inheritedTrace() : active;
}

/**
 * Runs `make`, which makes an event for `topic`, in a span of its own whose context is the event's; without tracing the event
 * gets the context it is made in.
 */
export function inCreateSpan<R>(topic: string, id: string, make: (headers: TraceHeaders) => R): R {
  if (!tracingIsOn()) return make(passedOnTrace());
  const place = unrecorded(trace.getActiveSpan());
  if (place !== undefined) return make(writeOwnContext(place));
  const { name, attributes } = describe('create', topic);
  const span = tracer.startSpan(name, {
    kind: SpanKind.PRODUCER,
    attributes: { ...attributes, 'messaging.message.id': id },
  });
  try {
    const made = make(writeOwnContext(span.spanContext()));
    span.end();
    return made;
  } catch (error) {
    failSpan(span, error);
    throw error;
  }
}

/** How a record is sent. */
export interface StartedSend {
  /** Ends when the record has arrived; none where the trace is not recorded. */
  readonly span: Span | undefined;
  /** What the record is to carry besides its own headers. */
  readonly headers: TraceHeaders;
}

const AS_IT_IS: StartedSend = { span: undefined, headers: NO_HEADERS };

/**
 * Begins the span of sending a record, and gives the record the span's context if it carries none: a context that is there is
 * the record's own and stays. The span is a child of what runs now, or of the record's context when nothing does (the relay).
 */
export function startSend(record: OutgoingRecord): StartedSend {
  if (!tracingIsOn()) return AS_IT_IS;
  const active = context.active();
  const running = trace.getSpan(active);
  const own = traceHeadersOf(record.headers);
  if (leavesUnsampled && running === undefined && isUnsampled(own)) return AS_IT_IS;
  const carried = own.traceparent === undefined ? undefined : readTraceContext(own);
  const place = unrecorded(running);
  if (place !== undefined)
    return carried === undefined ? { span: undefined, headers: writeOwnContext(place) } : AS_IT_IS;
  const parent = running?.spanContext() ?? carried;
  const { name, attributes } = describe('send', record.topic);
  const span = tracer.startSpan(
    name,
    {
      kind: carried === undefined ? SpanKind.PRODUCER : SpanKind.CLIENT,
      attributes,
      ...(carried === undefined || carried === parent ? {} : { links: [{ context: carried }] }),
    },
    parent === undefined ? active : trace.setSpanContext(active, parent),
  );
  return {
    span: span.isRecording() ? span : undefined,
    headers: carried === undefined ? writeOwnContext(span.spanContext()) : NO_HEADERS,
  };
}

/** Ends the span of a record when it is in the log, or when its caller is told that it is not or may not be. */
export async function endWith(span: Span, sent: Promise<RecordMetadata>): Promise<RecordMetadata> {
  try {
    const metadata = await sent;
    span.setAttribute('messaging.destination.partition.id', String(metadata.partition));
    span.setAttribute('messaging.kafka.offset', Number(metadata.offset));
    span.end();
    return metadata;
  } catch (error) {
    failSpan(span, error);
    throw error;
  }
}

/** What became of the record or records of a process span. */
export interface ProcessSpan {
  /** The event id of the one record, once it is known. */
  identify(eventId: string, correlationId: string | undefined): void;
  /** A try that failed; the span goes on. */
  failed(error: unknown, attempt: number): void;
  /** How it ended; `undecided` when nobody says so: it comes again. */
  decided(outcome: string): void;
}

/** Where nothing is recorded. */
export const NO_SPAN: ProcessSpan = { identify() {}, failed() {}, decided() {} };

/** Of a trace that is recorded. */
export class RecordingProcessSpan implements ProcessSpan {
  readonly #span: Span;
  #lastError: unknown;
  #outcome = 'undecided';

  constructor(span: Span) {
    this.#span = span;
  }

  identify(eventId: string, correlationId: string | undefined): void {
    this.#span.setAttribute('messaging.message.id', eventId);
    if (correlationId !== undefined)
      this.#span.setAttribute('messaging.message.conversation_id', correlationId);
  }

  failed(error: unknown, attempt: number): void {
    this.#lastError = error;
    this.#span.addEvent('try failed', { 'error.type': errorType(error), attempt });
  }

  decided(outcome: string): void {
    this.#outcome = outcome;
  }

  end(): void {
    this.#span.setAttribute('outcome', this.#outcome);
    if (this.#lastError !== undefined && !SUCCESSES.has(this.#outcome)) failSpan(this.#span, this.#lastError);
    else this.#span.end();
  }
}

const SUCCESSES: ReadonlySet<string> = new Set(['applied', 'duplicate', 'fenced']);

/** How the way of a record begins: whether its trace is recorded is decided, once for all its tries. */
export interface ProcessStart {
  /** What all of it runs in; undefined where it needs none of its own. */
  readonly context: Context | undefined;
  /** Undefined where nothing is recorded; who gets it ends it. */
  readonly span: RecordingProcessSpan | undefined;
}

/** Without tracing, and of a record that carries no context. */
export const NO_START: ProcessStart = { context: undefined, span: undefined };

/**
 * Begins the span of a record, a child of the record's context; what is made inside carries on the trace. Where no span is
 * recorded, that costs next to nothing and logs and events still name the trace.
 */
export function startProcess(record: RawRecord, groupId: string): ProcessStart {
  if (record.headers['traceparent'] === undefined)
    return tracingIsOn() ? startRoot(record, groupId) : NO_START;
  const headers = traceHeadersOf(record.headers);
  if (!tracingIsOn() || (leavesUnsampled && isUnsampled(headers)))
    return { context: contextOf(headers), span: undefined };
  const carried = readTraceContext(headers);
  if (carried === undefined) return startRoot(record, groupId);
  return startIn(trace.setSpanContext(ROOT_CONTEXT, carried), record, groupId);
}

function startRoot(record: RawRecord, groupId: string): ProcessStart {
  return startIn(ROOT_CONTEXT, record, groupId);
}

function startIn(parent: Context, record: RawRecord, groupId: string): ProcessStart {
  const { name, attributes } = describe('process', record.topic);
  const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes }, parent);
  if (!span.isRecording()) return { context: contextIn(parent, span), span: undefined };
  span.setAttributes({
    'messaging.consumer.group.name': groupId,
    'messaging.destination.partition.id': String(record.partition),
    'messaging.kafka.offset': Number(record.offset),
    ...(record.value === null ? { 'messaging.kafka.message.tombstone': true } : {}),
  });
  return { context: trace.setSpan(parent, span), span: new RecordingProcessSpan(span) };
}

function contextIn(parent: Context, span: Span): Context {
  return new LazyContext(() => trace.setSpan(parent, span));
}

/** Runs `work` where the way of the record has begun. */
function inContextOf<R>({ context: own }: ProcessStart, work: () => R): R {
  return own === undefined ? work() : context.with(own, work);
}

/** Runs `work` on one record in its span, and ends the span; what is made inside carries on the trace. */
export function inProcessSpan<R>(start: ProcessStart, work: (span: ProcessSpan) => Promise<R>): Promise<R> {
  const { span } = start;
  if (span === undefined) return inContextOf(start, () => work(NO_SPAN));
  return recorded(span, () => inContextOf(start, () => work(span)));
}

async function recorded<R>(span: RecordingProcessSpan, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    span.failed(error, 0);
    throw error;
  } finally {
    span.end();
  }
}

/** Runs `work` on several records of one partition in a span of its own trace, with a link to the context of each record. */
export function inBatchSpan<R>(
  records: readonly { readonly record: RawRecord }[],
  groupId: string,
  work: (span: ProcessSpan) => Promise<R>,
): Promise<R> {
  const [first] = records;
  if (first === undefined || !tracingIsOn()) return work(NO_SPAN);
  const { topic, partition } = first.record;
  const { name, attributes } = describe('process', topic);
  const span = tracer.startSpan(
    name,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        ...attributes,
        'messaging.consumer.group.name': groupId,
        'messaging.destination.partition.id': String(partition),
        'messaging.batch.message_count': records.length,
      },
      links: records.flatMap(linkTo),
    },
    ROOT_CONTEXT,
  );
  return inProcessSpan(
    span.isRecording()
      ? { context: trace.setSpan(ROOT_CONTEXT, span), span: new RecordingProcessSpan(span) }
      : { context: contextIn(ROOT_CONTEXT, span), span: undefined },
    work,
  );
}

function linkTo({ record }: { readonly record: RawRecord }): Link[] {
  const carried = readTraceContext(traceHeadersOf(record.headers));
  if (carried === undefined) return [];
  return [{ context: carried, attributes: { 'messaging.kafka.offset': Number(record.offset) } }];
}
