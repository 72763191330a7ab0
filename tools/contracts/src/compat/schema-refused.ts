/** The schema is none by the rules of Avro's Java parser. */
export class SchemaRefused extends Error {
  override readonly name = 'SchemaRefused';
  /** JSON pointer to what is wrong; empty for the schema as a whole. */
  readonly location: string;
  readonly reason: string;

  constructor(location: string, reason: string) {
    super(location === '' ? reason : `${location}: ${reason}`);
    this.location = location;
    this.reason = reason;
  }
}
