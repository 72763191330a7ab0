import { lazyAvroType } from '@eda/contracts/avro';
import type { AvroSchema } from '../compat/avro-schema.ts';
import { checkRuntime } from '../compat/check-runtime.ts';
import { parseSchema } from '../compat/parse-avro.ts';
import type { Json } from '../contract-model.ts';
import { isIntricate, hasSameLogicalTypes } from './alike-to-codec.ts';

/** The schema of one version of an event. */
export interface SchemaVersion {
  /** For people, for example `StockMoved@1`. */
  readonly label: string;
  readonly text: string;
  readonly json: Json;
  readonly schema: AvroSchema;
  /** See `ParsedSchema`. */
  readonly plain: boolean;
  /** See `isIntricate`. */
  readonly isIntricate: boolean;
}

/** Returns the version with the schema in `text`. Throws `AvroRefused` when Avro would refuse it. */
export function schemaVersion(label: string, text: string): SchemaVersion {
  return versionOf(label, text, JSON.parse(text) as Json);
}

/** The same, when `text` was parsed already. */
export function versionOf(label: string, text: string, json: Json): SchemaVersion {
  const parsed = parseSchema(json);
  return { label, text, json, ...parsed, isIntricate: isIntricate(parsed.schema) };
}

/**
 * Returns why services in Node cannot read data of `writer` with `reader`, undefined when they can: what avsc says in general,
 * and what our codec says, whose logical types tell more apart. Of schemas with the same logical types in the same places it
 * says nothing else than avsc, so it is not made for them: that takes a thousand times as long.
 */
export function whyNodeCannotRead(reader: SchemaVersion, writer: SchemaVersion): string | undefined {
  const general = checkRuntime(reader, writer);
  if (!general.ok) return general.error;
  const isAlike =
    !reader.isIntricate && !writer.isIntricate && hasSameLogicalTypes(reader.schema, writer.schema);
  return isAlike ? undefined : whyCodecCannotRead(reader, writer);
}

/** Returns why our codec cannot read data of `writer` with `reader`, undefined when it can. */
export function whyCodecCannotRead(
  reader: Pick<SchemaVersion, 'json'>,
  writer: Pick<SchemaVersion, 'json'>,
): string | undefined {
  try {
    lazyAvroType(reader.json).createResolver(lazyAvroType(writer.json));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
