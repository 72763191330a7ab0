import { inheritedExtensions } from './correlation.ts';
import { newEventId } from './event-id.ts';
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

/** Makes the envelope of an event and encodes it; inside a handler it carries on the handled event's correlation. */
export function encodeEventWithId<T>({
  codec,
  source,
  contract,
  data,
  options = {},
}: EncodeEventArguments<T>): EncodedEvent {
  const id = options.id ?? newEventId();
  const envelope: EventEnvelope<T> = {
    id,
    type: contract.type,
    source,
    time: options.time ?? new Date(),
    ...(options.subject === undefined ? {} : { subject: options.subject }),
    key: contract.key(data),
    data,
    extensions: { ...inheritedExtensions(), ...options.extensions },
  };
  return { id, record: codec.encode(contract, envelope) };
}

/** The record of an event, ready to be sent; see `encodeEventWithId`. */
export function encodeEvent<T>(event: EncodeEventArguments<T>): OutgoingRecord {
  return encodeEventWithId(event).record;
}
