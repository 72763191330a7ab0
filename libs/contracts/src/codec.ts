import type { Type } from 'avsc';
import { fromKafkaHeaders, toKafkaHeaders } from './cloudevents.ts';
import type { HeaderValues } from './cloudevents.ts';
import { DeserializationError } from './errors.ts';
import type { ContractReference } from './event-contract.ts';
import { FRAME_LENGTH, readFrame, writeFrame } from './frame.ts';
import type { SchemaCatalog } from './schema-catalog.ts';
import { describeWrongValues } from './wrong-values.ts';

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
/** Room for most events; a larger one makes it grow. */
const SCRATCH_BYTES = 4_096;

/** Reads what one writer wrote, as one reader wants it. */
type Reader = (value: Buffer) => { readonly value: unknown; readonly offset: number };

/** Returns a codec on the schemas of `catalog`. */
export function createCodec(catalog: SchemaCatalog): EventCodec {
  return new AvroCodec(catalog);
}

class AvroCodec implements EventCodec {
  readonly #catalog: SchemaCatalog;
  /** Subject of the reader -> id of the writer -> how to read; making a resolver takes longer than reading with it. */
  readonly #readers = new Map<string, Map<number, Reader>>();
  #scratch = Buffer.allocUnsafe(SCRATCH_BYTES);

  constructor(catalog: SchemaCatalog) {
    this.#catalog = catalog;
  }

  encode<Event>(contract: ContractReference<Event>, event: EventEnvelope<Event>): EncodedEvent {
    const { id, type } = this.#catalog.own(contract.subject);
    return {
      topic: contract.topic,
      key: Buffer.from(event.key),
      value: this.#encodeValue(id, type, event.data),
      headers: toKafkaHeaders({ ...event, contentType: CONTENT_TYPE }),
    };
  }

  decode<Event>(
    contract: ContractReference<Event>,
    record: EncodedRecord,
  ): EventEnvelope<Event> | Promise<EventEnvelope<Event>> {
    // The value first: for bytes that are no event at all, a missing header is not the reason worth telling.
    const writerId = readFrame(record.value);
    const value = record.value as Buffer;
    const reader = this.#readers.get(contract.subject)?.get(writerId);
    if (reader) return envelope(contract, record, readValue(reader, value));
    // A contract that was forgotten is the service's mistake and must not look like a wrong record.
    this.#catalog.own(contract.subject);
    const writer = this.#catalog.known(writerId);
    if (writer)
      return envelope(contract, record, readValue(this.#makeReader(contract, writerId, writer), value));
    return this.#catalog
      .load(writerId)
      .then((loaded) =>
        envelope(contract, record, readValue(this.#makeReader(contract, writerId, loaded), value)),
      );
  }

  #encodeValue(id: number, type: Type, data: unknown): Buffer {
    let end;
    try {
      end = type.encode(data, this.#scratch, FRAME_LENGTH);
    } catch (error) {
      throw describeWrongValues(type, data, error);
    }
    if (end < 0) {
      this.#scratch = Buffer.allocUnsafe((this.#scratch.length - end) * 2);
      return this.#encodeValue(id, type, data);
    }
    writeFrame(this.#scratch, id);
    return Buffer.from(this.#scratch.subarray(0, end));
  }

  #makeReader(
    { subject, type: eventType }: ContractReference<never>,
    writerId: number,
    writer: Type,
  ): Reader {
    const { type } = this.#catalog.own(subject);
    let reader: Reader;
    if (writer === type) {
      reader = (value) => type.decode(value, FRAME_LENGTH);
    } else {
      let resolver: ReturnType<Type['createResolver']>;
      try {
        resolver = type.createResolver(writer);
      } catch (error) {
        const written = writer.name ?? writer.typeName;
        const message = `the value is a ${written} (schema ${writerId}), which cannot be read as ${eventType}: ${(error as Error).message}`;
        throw new DeserializationError('SCHEMA_MISMATCH', message, { cause: error });
      }
      reader = (value) => type.decode(value, FRAME_LENGTH, resolver);
    }
    const readers = this.#readers.get(subject) ?? new Map<number, Reader>();
    this.#readers.set(subject, readers.set(writerId, reader));
    return reader;
  }
}

function readValue(reader: Reader, value: Buffer): unknown {
  let result;
  try {
    result = reader(value);
  } catch (error) {
    throw new DeserializationError(
      'AVRO_INVALID',
      `the value is not valid Avro: ${(error as Error).message}`,
      { cause: error },
    );
  }
  if (result.offset < 0) throw new DeserializationError('AVRO_TRUNCATED', 'the Avro value ends too early');
  if (result.offset < value.length) {
    const message = `${value.length - result.offset} bytes are left after the Avro value`;
    throw new DeserializationError('AVRO_TRAILING_BYTES', message);
  }
  return result.value;
}

function envelope<Event>(
  contract: ContractReference<Event>,
  record: EncodedRecord,
  value: unknown,
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
  const data = value as Event;
  return { ...attributes, time, key: record.key?.toString() ?? contract.key(data), data };
}
