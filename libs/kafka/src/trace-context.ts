import type { SpanContext, TraceState } from '@opentelemetry/api';
import { INVALID_TRACEID, isSpanContextValid } from '@opentelemetry/api';
import type { OutgoingRecord } from './types.ts';

const TRACEPARENT =
  /^(?<version>(?!ff)[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?$/;

/** What most records carry: a place in a trace that nobody records. */
const UNSAMPLED = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f][02468ace]$/;

/** W3C Trace Context as it stands in record headers and in the extensions of an event. */
export interface TraceHeaders {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** `tracestate`: what tracing systems tell each other, newest first. */
class VendorState implements TraceState {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get(key: string): string | undefined {
    return this.#members()
      .find((member) => member.startsWith(`${key}=`))
      ?.slice(key.length + 1);
  }

  set(key: string, value: string): TraceState {
    return new VendorState([`${key}=${value}`, ...this.#without(key)].join(','));
  }

  unset(key: string): TraceState {
    return new VendorState(this.#without(key).join(','));
  }

  serialize(): string {
    return this.#text;
  }

  #members(): string[] {
    return this.#text.split(',').map((member) => member.trim());
  }

  #without(key: string): string[] {
    return this.#members().filter((member) => member !== '' && !member.startsWith(`${key}=`));
  }
}

/** The place in a trace that the headers name; undefined when they name none, or not a valid one. */
export function readTraceContext({ traceparent, tracestate }: TraceHeaders): SpanContext | undefined {
  const {
    traceId = '',
    spanId = '',
    flags = '',
    rest = '',
    version,
  } = TRACEPARENT.exec(traceparent ?? '')?.groups ?? {};
  // Later versions may have more fields behind these.
  if (version === undefined || (version === '00' && rest !== '')) return undefined;
  const context: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: new VendorState(tracestate) }),
  };
  return isSpanContextValid(context) ? context : undefined;
}

/** Whether the headers name a valid place in a trace that is not recorded; false also where only `readTraceContext` can tell. */
export function isUnsampled({ traceparent }: TraceHeaders): boolean {
  return traceparent !== undefined && UNSAMPLED.test(traceparent);
}

/** The headers that name a place in a trace; none for a place that is not valid. */
export function writeTraceContext(context: SpanContext | undefined): TraceHeaders {
  return context === undefined || !isSpanContextValid(context) ? NONE : writeOwnContext(context);
}

/** As `writeTraceContext` for a span that was made here: its ids are well-formed, or it is none at all. */
export function writeOwnContext({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceHeaders {
  if (traceId === INVALID_TRACEID) return NONE;
  const traceparent = `00-${traceId}-${spanId}-${flagsOf(traceFlags)}`;
  const tracestate = traceState?.serialize() ?? '';
  return tracestate === '' ? { traceparent } : { traceparent, tracestate };
}

function flagsOf(flags: number): string {
  return flags === 0 ? '00' : (flags & 0xff).toString(16).padStart(2, '0');
}

const NONE: TraceHeaders = {};

function text(headers: OutgoingRecord['headers'], name: string): string | undefined {
  const value = headers[name];
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('latin1') : undefined;
}

/** The trace context that a record carries; a header that stands twice is not one. */
export function traceHeadersOf(headers: OutgoingRecord['headers']): TraceHeaders {
  const traceparent = text(headers, 'traceparent');
  if (traceparent === undefined) return NONE;
  const tracestate = text(headers, 'tracestate');
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}
