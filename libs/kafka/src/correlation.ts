import { AsyncLocalStorage } from 'node:async_hooks';
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
const cause = new AsyncLocalStorage<Cause>();

/** The extensions of an event that happens because of `event`: its correlation id (its own id if it has none), and its id as `causationid`. */
export function causedBy(event: CausingEvent): Record<string, string> {
  return { correlationid: event.extensions['correlationid'] ?? event.id, causationid: event.id };
}

/** Runs `work` so that events made inside it carry on `event`'s correlation and trace, without passing them along by hand. */
export function runCausedBy<R>(event: CausingEvent, work: () => R): R {
  return cause.run(new Cause(event), work);
}

/** The extensions that events made here and now inherit; empty outside of a handler. */
export function inheritedExtensions(): Readonly<Record<string, string>> {
  return cause.getStore()?.inherited() ?? NOTHING;
}

/** The trace context of the event being handled, as it came; for a process that makes no spans. */
export function inheritedTrace(): TraceHeaders {
  return cause.getStore()?.trace() ?? NOTHING;
}
