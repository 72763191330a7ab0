import { avroType } from '@eda/contracts/avro';
import type { AvroSchema } from '../compat/avro-schema.ts';
import { checkRuntime } from '../compat/check-runtime.ts';
import { parseSchema } from '../compat/parse-avro.ts';
import type { Json } from '../contract-model.ts';

/** The schema of one version of an event. */
export interface SchemaVersion {
  /** For people, for example `StockMoved@1`. */
  readonly label: string;
  readonly text: string;
  readonly json: Json;
  readonly schema: AvroSchema;
  /** See `ParsedSchema`. */
  readonly plain: boolean;
}

/** Returns the version with the schema in `text`. Throws `AvroRefused` when Avro would refuse it. */
export function schemaVersion(label: string, text: string): SchemaVersion {
  const json = JSON.parse(text) as Json;
  return { label, text, json, ...parseSchema(json) };
}

/**
 * Returns why services in Node cannot read data of `writer` with `reader`, undefined when they can: what avsc says in general,
 * and what our codec says, whose logical types tell more apart.
 */
export function whyNodeCannotRead(reader: SchemaVersion, writer: SchemaVersion): string | undefined {
  const general = checkRuntime(reader, writer);
  if (!general.ok) return general.error;
  try {
    avroType(reader.text).createResolver(avroType(writer.text));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
