import { lazyAvroType } from '@eda/contracts/avro';
import type { AvroSchema } from '../compat/avro-schema.ts';
import { checkRuntime } from '../compat/check-runtime.ts';
import { parseSchema } from '../compat/parse-avro.ts';
import type { Json } from '../contract-model.ts';
import { compareMeaning } from './compare-meaning.ts';

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
 * and what our codec says, whose logical types tell more apart. Of schemas with the same logical types in the same places it
 * says nothing else than avsc, so it is not made for them: that takes a thousand times as long.
 */
export function whyNodeCannotRead(reader: SchemaVersion, writer: SchemaVersion): string | undefined {
  const general = checkRuntime(reader, writer);
  if (!general.ok) return general.error;
  return isAlikeToCodec(reader.schema, writer.schema) ? undefined : whyCodecCannotRead(reader, writer);
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

/** True when the codec cannot refuse what avsc takes: no branches to mix up, and no logical type that differs. */
export function isAlikeToCodec(reader: AvroSchema, writer: AvroSchema): boolean {
  return (
    hasNullableUnionsOnly(reader) &&
    hasNullableUnionsOnly(writer) &&
    !compareMeaning(writer, reader).some(
      ({ attribute }) => attribute === 'logicalType' || attribute === 'scale',
    )
  );
}

function hasNullableUnionsOnly(schema: AvroSchema, seen = new Set<AvroSchema>()): boolean {
  if (seen.has(schema)) return true;
  seen.add(schema);
  switch (schema.type) {
    case 'union':
      return (
        schema.branches.filter(({ type }) => type !== 'null').length < 2 &&
        schema.branches.every((branch) => hasNullableUnionsOnly(branch, seen))
      );
    case 'array':
      return hasNullableUnionsOnly(schema.items, seen);
    case 'map':
      return hasNullableUnionsOnly(schema.values, seen);
    case 'record':
      return schema.fields.every((field) => hasNullableUnionsOnly(field.schema, seen));
    default:
      return true;
  }
}
