import { AsyncLocalStorage } from 'node:async_hooks';
import { context, createContextKey, type Context } from '@opentelemetry/api';
import type { TraceHeaders } from './trace-context.ts';
import { readTraceContext } from './trace-context.ts';
import type { EventEnvelope } from './types.ts';

type CausingEvent = Pick<EventEnvelope<unknown>, 'id' | 'extensions'>;

/** What of an event its effects need, worked out for who asks: most handlers publish nothing. Without the event's data, which what a handler leaves behind would keep in memory. */
class Cause {
  readonly #id: string;
  readonly #extensions: CausingEvent['extensions'];

  constructor({ id, extensions }: CausingEvent) {
    this.#id = id;
    this.#extensions = extensions;
  }

  inherited(): Record<string, string> {
    return causedBy({ id: this.#id, extensions: this.#extensions });
  }

  trace(): TraceHeaders {
    const { traceparent, tracestate } = this.#extensions;
    if (traceparent === undefined || readTraceContext({ traceparent }) === undefined) return {};
    return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
  }
}

const NOTHING = {};
const CAUSE = createContextKey('@eda/kafka: what causes events');
/** Where contexts of OpenTelemetry go nowhere. */
const causes = new AsyncLocalStorage<Cause>();

/** `base` with a cause: made for each record, so nothing is copied. */
class CausedContext implements Context {
  readonly #base: Context;
  readonly #cause: Cause;

  constructor(base: Context, cause: Cause) {
    this.#base = base;
    this.#cause = cause;
  }

  getValue(key: symbol): unknown {
    return key === CAUSE ? this.#cause : this.#base.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#base.setValue(CAUSE, this.#cause).setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#base.setValue(CAUSE, this.#cause).deleteValue(key);
  }
}

function causeHere(): Cause | undefined {
  return (context.active().getValue(CAUSE) as Cause | undefined) ?? causes.getStore();
}

/** The extensions of an event that happens because of `event`: its correlation id (its own id if it has none), and its id as `causationid`. */
export function causedBy(event: CausingEvent): Record<string, string> {
  return { correlationid: event.extensions['correlationid'] ?? event.id, causationid: event.id };
}

/**
 * Runs `work` so that events made inside it carry on `event`'s correlation and trace, without passing them along by hand; within
 * the context of OpenTelemetry that is given, or else the one that is active.
 */
export function runCausedBy<R>(event: CausingEvent, work: () => R, within = context.active()): R {
  const cause = new Cause(event);
  const own = new CausedContext(within, cause);
  // Two stores for each record cost more than one, so the cause is in the context wherever that reaches what runs in it.
  return context.with(own, () => (context.active() === own ? work() : causes.run(cause, work)));
}

/** The extensions that events made here and now inherit; empty outside of a handler. */
export function inheritedExtensions(): Readonly<Record<string, string>> {
  return causeHere()?.inherited() ?? NOTHING;
}

/** The trace context of the event being handled, as it came; for a process that makes no spans. */
export function inheritedTrace(): TraceHeaders {
  return causeHere()?.trace() ?? NOTHING;
}
