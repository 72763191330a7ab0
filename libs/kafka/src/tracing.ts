import type { Attributes, Context, Link, Span } from '@opentelemetry/api';
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { inheritedTrace } from './correlation.ts';
import type { TraceHeaders } from './trace-context.ts';
import { readTraceContext, traceHeadersOf, writeTraceContext } from './trace-context.ts';
import type { OutgoingRecord, RawRecord, RecordMetadata } from './types.ts';

/**
 * The library's own spans (docs/decisions/0035): `create` where an event is written to the outbox, `send` until the brokers
 * acknowledge, `process` until a record is decided. Keys, values and texts of errors never stand in them.
 */
const tracer = trace.getTracer('@eda/kafka');
const ROOT_SPAN = { root: true };
let on = false;

type Operation = 'create' | 'send' | 'process';

/** Whether the process has a tracer provider; without one this question is all that a span costs. */
export function tracingIsOn(): boolean {
  // Only a provider gives a root span an id; once there is one it stays.
  on ||= isSpanContextValid(tracer.startSpan('probe', ROOT_SPAN).spanContext());
  return on;
}

interface Description {
  readonly name: string;
  readonly attributes: Attributes;
}

const descriptions = new Map<string, Description>();

/** Name and constant attributes of a span, made once per topic. */
function describe(operation: Operation, topic: string): Description {
  const name = `${operation} ${topic}`;
  let description = descriptions.get(name);
  if (description === undefined) {
    description = {
      name,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': operation,
        'messaging.operation.type': operation,
        'messaging.destination.name': topic,
      },
    };
    descriptions.set(name, description);
  }
  return description;
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
  if (tracingIsOn()) return {};
  const active = writeTraceContext(trace.getSpanContext(context.active()));
  return active.traceparent === undefined ? inheritedTrace() : active;
}

/**
 * Runs `make`, which makes an event for `topic`, in a span of its own whose context is the event's; without tracing the event
 * gets the context it is made in.
 */
export function inCreateSpan<R>(topic: string, id: string, make: (headers: TraceHeaders) => R): R {
  if (!tracingIsOn()) return make(passedOnTrace());
  const { name, attributes } = describe('create', topic);
  const span = tracer.startSpan(name, {
    kind: SpanKind.PRODUCER,
    attributes: { ...attributes, 'messaging.message.id': id },
  });
  try {
    const made = make(writeTraceContext(span.spanContext()));
    span.end();
    return made;
  } catch (error) {
    failSpan(span, error);
    throw error;
  }
}

/** A record on its way, with the span that ends when it has arrived; none where the trace is not recorded. */
export interface TracedRecord {
  readonly span: Span | undefined;
  readonly record: OutgoingRecord;
}

/**
 * Begins the span of sending a record, and gives the record the span's context if it carries none: a context that is there is
 * the record's own and stays. The span is a child of what runs now, or of the record's context when nothing does (the relay).
 * Undefined without tracing.
 */
export function startSend(record: OutgoingRecord): TracedRecord | undefined {
  if (!tracingIsOn()) return undefined;
  const carried = readTraceContext(traceHeadersOf(record.headers));
  const active = context.active();
  const parent = trace.getSpanContext(active) ?? carried;
  const { name, attributes } = describe('send', record.topic);
  const span = tracer.startSpan(
    name,
    {
      kind: carried === undefined ? SpanKind.PRODUCER : SpanKind.CLIENT,
      attributes,
      links: carried === undefined || carried === parent ? [] : [{ context: carried }],
    },
    parent === undefined ? active : trace.setSpanContext(active, parent),
  );
  const recording = span.isRecording() ? span : undefined;
  if (carried !== undefined) return { span: recording, record };
  const headers = { ...record.headers, ...writeTraceContext(span.spanContext()) };
  return { span: recording, record: { ...record, headers } };
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

class RecordingProcessSpan implements ProcessSpan {
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

function inSpan<R>(span: Span, parent: Context, work: (span: ProcessSpan) => Promise<R>): Promise<R> {
  const current = trace.setSpan(parent, span);
  // Most traces are not recorded: they cost no more than being passed on.
  if (!span.isRecording()) return context.with(current, () => work(NO_SPAN));
  return recorded(new RecordingProcessSpan(span), current, work);
}

async function recorded<R>(
  span: RecordingProcessSpan,
  current: Context,
  work: (span: ProcessSpan) => Promise<R>,
): Promise<R> {
  try {
    return await context.with(current, () => work(span));
  } catch (error) {
    span.failed(error, 0);
    throw error;
  } finally {
    span.end();
  }
}

/** Without tracing: runs `work` in the record's context, so that logs and events still name the trace. */
export function inRecordContext<R>(record: RawRecord, work: () => R): R {
  if (record.headers['traceparent'] === undefined) return work();
  const carried = readTraceContext(traceHeadersOf(record.headers));
  return context.with(
    carried === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, carried),
    work,
  );
}

/**
 * Runs `work` on one record in a span that is the child of the record's context; what is made inside carries on the trace.
 * Without tracing `work` runs in the record's context, so that logs and events still name the trace.
 */
export function inProcessSpan<R>(
  record: RawRecord,
  groupId: string,
  work: (span: ProcessSpan) => Promise<R>,
): Promise<R> {
  if (!tracingIsOn()) return inRecordContext(record, () => work(NO_SPAN));
  const carried = readTraceContext(traceHeadersOf(record.headers));
  const parent = carried === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, carried);
  const { name, attributes } = describe('process', record.topic);
  const span = tracer.startSpan(
    name,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        ...attributes,
        'messaging.consumer.group.name': groupId,
        'messaging.destination.partition.id': String(record.partition),
        'messaging.kafka.offset': Number(record.offset),
        ...(record.value === null ? { 'messaging.kafka.message.tombstone': true } : {}),
      },
    },
    parent,
  );
  return inSpan(span, parent, work);
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
  return inSpan(span, ROOT_CONTEXT, work);
}

function linkTo({ record }: { readonly record: RawRecord }): Link[] {
  const carried = readTraceContext(traceHeadersOf(record.headers));
  if (carried === undefined) return [];
  return [{ context: carried, attributes: { 'messaging.kafka.offset': Number(record.offset) } }];
}
