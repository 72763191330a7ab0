import { inheritedExtensions } from './correlation.ts';
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
    key: contract.key(data),
    data,
    extensions: { ...inheritedExtensions(), ...trace, ...options.extensions },
  };
  return codec.encode(contract, envelope);
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
      ? inCreateSpan(contract.topic, id, (trace) => encode(event, id, trace))
      : encode(event, id, {});
  return { id, record };
}

/** The record of an event, ready to be sent; inside a handler it carries on the handled event's correlation. */
export function encodeEvent<T>(event: EncodeEventArguments<T>): OutgoingRecord {
  return encode(event, event.options?.id ?? newEventId(), passedOnTrace());
}
