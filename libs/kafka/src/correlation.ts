import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { EventEnvelope } from './types.ts';

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;
const ZERO_TRACE = '0'.repeat(32);

const cause = new AsyncLocalStorage<Readonly<Record<string, string>>>();

/** A `traceparent` in the same trace with a span id of its own; undefined when `parent` is not a valid one. */
export function childTraceparent(parent: string | undefined): string | undefined {
  const [, version, trace, flags] = TRACEPARENT.exec(parent ?? '') ?? [];
  if (version === undefined || trace === undefined || flags === undefined) return undefined;
  if (version === 'ff' || trace === ZERO_TRACE) return undefined;
  return `00-${trace}-${randomBytes(8).toString('hex')}-${flags}`;
}

/**
 * The extensions of an event that happens because of `event`: its correlation id (its own id if it has none), its id as
 * `causationid`, and its trace continued.
 */
export function causedBy(event: Pick<EventEnvelope<unknown>, 'id' | 'extensions'>): Record<string, string> {
  const traceparent = childTraceparent(event.extensions['traceparent']);
  const tracestate = event.extensions['tracestate'];
  return {
    correlationid: event.extensions['correlationid'] ?? event.id,
    causationid: event.id,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(traceparent === undefined || tracestate === undefined ? {} : { tracestate }),
  };
}

/** Runs `work` so that events made inside it carry on `event`'s correlation, without passing it along by hand. */
export function runCausedBy<R>(event: Pick<EventEnvelope<unknown>, 'id' | 'extensions'>, work: () => R): R {
  return cause.run(causedBy(event), work);
}

/** The extensions that events made here and now inherit; empty outside of a handler. */
export function inheritedExtensions(): Readonly<Record<string, string>> {
  return cause.getStore() ?? {};
}
