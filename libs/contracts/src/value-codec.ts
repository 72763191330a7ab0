/** The value of a record: an Avro value behind the registry's frame, read as the reader wants it whoever wrote it. */
import type { Type } from 'avsc';
import { DeserializationError } from './errors.ts';
import type { ContractReference } from './event-contract.ts';
import { FRAME_LENGTH, readFrame, writeFrame } from './frame.ts';
import type { SchemaCatalog } from './schema-catalog.ts';
import { describeWrongValues } from './wrong-values.ts';

/** Room for most values; a larger one makes it grow. */
const SCRATCH_BYTES = 4_096;

/** Reads what one writer wrote, as one reader wants it. */
type Reader = (value: Buffer) => { readonly value: unknown; readonly offset: number };

/** Turns the data of events into framed bytes and back; the codec of events adds the CloudEvents headers. */
export class ValueCodec {
  readonly #catalog: SchemaCatalog;
  /** Subject of the reader -> id of the writer -> how to read; making a resolver takes longer than reading with it. */
  readonly #readers = new Map<string, Map<number, Reader>>();
  /** Most records of a topic have one writer: the reader that was used last saves two look-ups. */
  #latest: { readonly subject: string; readonly writerId: number; readonly reader: Reader } | undefined;
  #scratch = Buffer.allocUnsafe(SCRATCH_BYTES);

  constructor(catalog: SchemaCatalog) {
    this.#catalog = catalog;
  }

  /** Returns the framed bytes. Throws `SerializationError` with every wrong place when the data does not fit the schema. */
  encode<Event>(contract: ContractReference<Event>, data: Event): Buffer {
    const { id, type } = this.#catalog.own(contract.subject);
    return this.#encode(id, type, data);
  }

  /**
   * Returns the data in framed bytes; a promise only when the schema of the writer has to be fetched first. Throws, or
   * rejects with, the errors that `EventCodec.decode` names.
   */
  decode<Event>(contract: ContractReference<Event>, value: Buffer | null): Event | Promise<Event> {
    const writerId = readFrame(value);
    const framed = value as Buffer;
    const latest = this.#latest;
    if (latest?.writerId === writerId && latest.subject === contract.subject)
      return read(latest.reader, framed) as Event;
    const { subject } = contract;
    const reader = this.#readers.get(subject)?.get(writerId);
    if (reader) {
      this.#latest = { subject, writerId, reader };
      return read(reader, framed) as Event;
    }
    // A contract that was forgotten is the service's mistake and must not look like a wrong record.
    this.#catalog.own(subject);
    const writer = this.#catalog.known(writerId);
    if (writer) return read(this.#makeReader(contract, writerId, writer), framed) as Event;
    return this.#catalog
      .load(writerId)
      .then((loaded) => read(this.#makeReader(contract, writerId, loaded), framed) as Event);
  }

  #encode(id: number, type: Type, data: unknown): Buffer {
    let end;
    try {
      end = type.encode(data, this.#scratch, FRAME_LENGTH);
    } catch (error) {
      throw describeWrongValues(type, data, error);
    }
    if (end < 0) {
      this.#scratch = Buffer.allocUnsafe((this.#scratch.length - end) * 2);
      return this.#encode(id, type, data);
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

function read(reader: Reader, value: Buffer): unknown {
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
