import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceHeaders } from './trace-context.ts';
import { readTraceContext } from './trace-context.ts';
import type { EventEnvelope } from './types.ts';

interface Cause {
  readonly extensions: Readonly<Record<string, string>>;
  readonly trace: TraceHeaders;
}

const cause = new AsyncLocalStorage<Cause>();

/** The extensions of an event that happens because of `event`: its correlation id (its own id if it has none), and its id as `causationid`. */
export function causedBy(event: Pick<EventEnvelope<unknown>, 'id' | 'extensions'>): Record<string, string> {
  return { correlationid: event.extensions['correlationid'] ?? event.id, causationid: event.id };
}

/** Runs `work` so that events made inside it carry on `event`'s correlation and trace, without passing them along by hand. */
export function runCausedBy<R>(event: Pick<EventEnvelope<unknown>, 'id' | 'extensions'>, work: () => R): R {
  return cause.run({ extensions: causedBy(event), trace: traceOf(event.extensions) }, work);
}

/** The extensions that events made here and now inherit; empty outside of a handler. */
export function inheritedExtensions(): Readonly<Record<string, string>> {
  return cause.getStore()?.extensions ?? {};
}

/** The trace context of the event being handled, as it came; for a process that makes no spans. */
export function inheritedTrace(): TraceHeaders {
  return cause.getStore()?.trace ?? {};
}

function traceOf({ traceparent, tracestate }: EventEnvelope<unknown>['extensions']): TraceHeaders {
  if (traceparent === undefined || readTraceContext({ traceparent }) === undefined) return {};
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
}
