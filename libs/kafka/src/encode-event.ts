import { inheritedExtensions } from './correlation.ts';
import { describeError, InvalidRecord } from './errors.ts';
import { newEventId } from './event-id.ts';
import { inCreateSpan, passedOnTrace } from './tracing.ts';
import type { TraceHeaders } from './trace-context.ts';
import type { EventCodec, EventContract, EventEnvelope, OutgoingRecord, PublishOptions } from './types.ts';

export interface EncodeEventArguments<T> {
  readonly codec: EventCodec;
  /** CloudEvents source, for example `/eda/store`. */
  readonly source: string;
  readonly contract: EventContract<T>;
  readonly data: T;
  readonly options?: PublishOptions;
}

export interface EncodedEvent {
  readonly id: string;
  readonly record: OutgoingRecord;
}

function encode<T>(
  { codec, source, contract, data, options = {} }: EncodeEventArguments<T>,
  id: string,
  trace: TraceHeaders,
): OutgoingRecord {
  const envelope: EventEnvelope<T> = {
    id,
    type: contract.type,
    source,
    time: options.time ?? new Date(),
    ...(options.subject === undefined ? {} : { subject: options.subject }),
    key: keyOf(contract, data),
    data,
    extensions: { ...inheritedExtensions(), ...trace, ...options.extensions },
  };
  return codec.encode(contract, envelope);
}

function keyOf<T>(contract: EventContract<T>, data: T): string {
  const key: unknown = contract.key(data);
  if (typeof key !== 'string')
    throw new InvalidRecord(`the key of ${contract.type} is not a string but ${typeof key}`);
  return key;
}

/** The event encoded, or an error with a code: what a codec or a contract throws without one becomes an `InvalidRecord`. */
function encodeOrRefuse<T>(event: EncodeEventArguments<T>, id: string, trace: TraceHeaders): OutgoingRecord {
  try {
    return encode(event, id, trace);
  } catch (error) {
    if (typeof (error as { code?: unknown } | null | undefined)?.code === 'string') throw error;
    throw new InvalidRecord(`the ${event.contract.type} cannot be encoded: ${describeError(error)}`, error);
  }
}

/**
 * Makes the envelope of an event and encodes it, in a span of its own: the event is sent later and elsewhere. Inside a handler
 * it carries on the handled event's correlation.
 */
export function createEvent<T>(event: EncodeEventArguments<T>): EncodedEvent {
  const { contract, options } = event;
  const id = options?.id ?? newEventId();
  // A trace context that the caller gives is the event's own.
  const record =
    options?.extensions?.['traceparent'] === undefined
      ? inCreateSpan(contract.topic, id, (trace) => encodeOrRefuse(event, id, trace))
      : encodeOrRefuse(event, id, {});
  return { id, record };
}

/** The record of an event, ready to be sent; inside a handler it carries on the handled event's correlation. */
export function encodeEvent<T>(event: EncodeEventArguments<T>): OutgoingRecord {
  return encodeOrRefuse(event, event.options?.id ?? newEventId(), passedOnTrace());
}
