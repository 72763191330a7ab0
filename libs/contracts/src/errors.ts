/** What a consumer is to do with an error: try again later, or set the record aside because no later try can succeed. */
export type Verdict = 'transient' | 'poison';

/** Codes of `DeserializationError`. */
export type DeserializationCode =
  | 'VALUE_MISSING'
  | 'VALUE_TOO_SHORT'
  | 'VALUE_NOT_FRAMED'
  | 'AVRO_INVALID'
  | 'AVRO_TRUNCATED'
  | 'AVRO_TRAILING_BYTES'
  | 'SCHEMA_MISMATCH'
  | 'SCHEMA_UNSUPPORTED'
  | 'HEADER_MISSING'
  | 'HEADER_INVALID';

/** The record is not an event of the expected contract and never will be. */
export class DeserializationError extends Error {
  override readonly name: string = 'DeserializationError';
  readonly verdict: Verdict = 'poison';
  readonly code: DeserializationCode;

  constructor(code: DeserializationCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The registry answered, and it has no schema of this id. Remembered for a while, see `SchemaCatalog`. */
export class UnknownSchemaError extends Error {
  override readonly name: string = 'UnknownSchemaError';
  readonly verdict: Verdict = 'poison';
  readonly code = 'SCHEMA_UNKNOWN';
  readonly schemaId: number;

  constructor(schemaId: number, options?: ErrorOptions) {
    super(`the schema registry has no schema with id ${schemaId}`, options);
    this.schemaId = schemaId;
  }
}

/** The registry did not answer, or not as a registry does. A later try can succeed. */
export class RegistryUnavailableError extends Error {
  override readonly name: string = 'RegistryUnavailableError';
  readonly verdict: Verdict = 'transient';
  readonly code = 'REGISTRY_UNAVAILABLE';
}

/** One place in a value that does not fit the schema. */
export interface WrongValue {
  /** The path from the root of the value, for example `lines.0.sku`; empty for the value itself. */
  readonly path: string;
  /** What the schema asks for. */
  readonly expected: string;
  /** What was found, shortened. */
  readonly found: string;
}

/** The event cannot be written: a value does not fit its schema, or an attribute is not allowed. The caller's mistake. */
export class SerializationError extends Error {
  override readonly name: string = 'SerializationError';
  readonly code = 'VALUE_INVALID';
  /** Every wrong place; empty when the mistake is not in the data. */
  readonly wrong: readonly WrongValue[];

  constructor(message: string, wrong: readonly WrongValue[] = [], options?: ErrorOptions) {
    super(message, options);
    this.wrong = wrong;
  }
}
