/** The names are those of Avro's Java `SchemaIncompatibilityType`. */
export type IncompatibilityType =
  | 'NAME_MISMATCH'
  | 'FIXED_SIZE_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'
  | 'TYPE_MISMATCH'
  | 'MISSING_UNION_BRANCH';

/** One reason why a reader cannot read all that a writer can write. */
export interface Incompatibility {
  readonly type: IncompatibilityType;
  /**
   * JSON pointer into the reader's schema as Java gives it: to where the pair of types was first compared, and relative
   * to the branch when that was inside a union.
   */
  readonly location: string;
  /** For people. */
  readonly message: string;
}

/** A field of the reader takes several fields of the writer, by its name and its aliases: Java gives no verdict then. */
export class AmbiguousField extends Error {
  override readonly name = 'AmbiguousField';
}
