import { fromKafkaHeaders, toKafkaHeaders } from './cloudevents.ts';
import type { HeaderValues } from './cloudevents.ts';
import { DeserializationError } from './errors.ts';
import type { ContractReference } from './event-contract.ts';
import type { SchemaCatalog } from './schema-catalog.ts';
import { ValueCodec } from './value-codec.ts';

/** An event with its context, as a Kafka library hands it over. */
export interface EventEnvelope<Event> {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: Date;
  readonly subject?: string;
  readonly key: string;
  readonly data: Event;
  /** CloudEvents extension attributes, and `traceparent`. */
  readonly extensions: Readonly<Record<string, string>>;
}

/** A record to be sent. */
export interface EncodedEvent {
  readonly topic: string;
  readonly key: Buffer;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}

/** The parts of a received record that the codec reads. */
export interface EncodedRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: HeaderValues;
  readonly timestamp: Date;
}

/** Turns events into Kafka records and back. */
export interface EventCodec {
  /**
   * Returns the record of an event. Throws `SerializationError` with every wrong place when the data does not fit the
   * schema.
   */
  encode<Event>(contract: ContractReference<Event>, event: EventEnvelope<Event>): EncodedEvent;
  /**
   * Returns the event in a record, as plain objects; a promise only when the schema of the writer has to be fetched
   * first. Throws, or rejects with, `DeserializationError` or `UnknownSchemaError` (verdict `poison`), or
   * `RegistryUnavailableError` (verdict `transient`).
   */
  decode<Event>(
    contract: ContractReference<Event>,
    record: EncodedRecord,
  ): EventEnvelope<Event> | Promise<EventEnvelope<Event>>;
}

const CONTENT_TYPE = 'application/avro';

/** Returns a codec on the schemas of `catalog`. */
export function createCodec(catalog: SchemaCatalog): EventCodec {
  return new AvroCodec(catalog);
}

class AvroCodec implements EventCodec {
  readonly #values: ValueCodec;

  constructor(catalog: SchemaCatalog) {
    this.#values = new ValueCodec(catalog);
  }

  encode<Event>(contract: ContractReference<Event>, event: EventEnvelope<Event>): EncodedEvent {
    return {
      topic: contract.topic,
      key: Buffer.from(event.key),
      value: this.#values.encode(contract, event.data),
      headers: toKafkaHeaders({ ...event, contentType: CONTENT_TYPE }),
    };
  }

  decode<Event>(
    contract: ContractReference<Event>,
    record: EncodedRecord,
  ): EventEnvelope<Event> | Promise<EventEnvelope<Event>> {
    // The value first: for bytes that are no event at all, a missing header is not the reason worth telling.
    const data = this.#values.decode(contract, record.value);
    return data instanceof Promise
      ? data.then((loaded) => envelope(contract, record, loaded))
      : envelope(contract, record, data);
  }
}

function envelope<Event>(
  contract: ContractReference<Event>,
  record: EncodedRecord,
  data: Event,
): EventEnvelope<Event> {
  const {
    contentType = CONTENT_TYPE,
    time = record.timestamp,
    ...attributes
  } = fromKafkaHeaders(record.headers);
  if (!contentType.startsWith(CONTENT_TYPE)) {
    throw new DeserializationError(
      'HEADER_INVALID',
      `header content-type is "${contentType}", expected ${CONTENT_TYPE}`,
    );
  }
  if (attributes.type !== contract.type) {
    throw new DeserializationError(
      'HEADER_INVALID',
      `header ce_type is "${attributes.type}", expected ${contract.type}`,
    );
  }
  return { ...attributes, time, key: record.key?.toString() ?? contract.key(data), data };
}
