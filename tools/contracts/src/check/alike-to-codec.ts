import type { AvroSchema, RecordSchema } from '../compat/avro-schema.ts';
import { logicalOf } from './compare-meaning.ts';

/**
 * True when our codec may see more in the schema than avsc does: a union with several branches besides null, which the two tell
 * apart in different ways, or a default of a logical type.
 */
export function isIntricate(schema: AvroSchema, seen = new Set<AvroSchema>()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (schema.type === 'union' && valueOf(schema) === undefined) return true;
  const hasDefault =
    schema.type === 'record' &&
    schema.fields.some(
      (field) =>
        field.default !== undefined && field.default !== null && hasLogicalType(field.schema, new Set()),
    );
  return hasDefault || partsOf(schema).some((part) => isIntricate(part, seen));
}

function hasLogicalType(schema: AvroSchema, seen: Set<AvroSchema>): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  return logicalOf(schema).name !== '' || partsOf(schema).some((part) => hasLogicalType(part, seen));
}

function partsOf(schema: AvroSchema): readonly AvroSchema[] {
  switch (schema.type) {
    case 'union':
      return schema.branches;
    case 'array':
      return [schema.items];
    case 'map':
      return [schema.values];
    case 'record':
      return schema.fields.map((field) => field.schema);
    default:
      return [];
  }
}

/**
 * True when what the reader takes of the writer has the same logical type in both: of schemas that are not intricate, our
 * codec then refuses nothing that avsc takes. False when it might.
 */
export function hasSameLogicalTypes(
  reader: AvroSchema,
  writer: AvroSchema,
  begun = new Map<RecordSchema, Set<RecordSchema>>(),
): boolean {
  const [own, other] = [valueOf(reader), valueOf(writer)];
  if (!own || !other) return false;
  const [logical, written] = [logicalOf(own), logicalOf(other)];
  if (logical.name !== written.name || logical.scale !== written.scale) return false;
  if (own.type === 'array')
    return other.type === 'array' && hasSameLogicalTypes(own.items, other.items, begun);
  if (own.type === 'map') return other.type === 'map' && hasSameLogicalTypes(own.values, other.values, begun);
  if (own.type !== 'record' || other.type !== 'record') return true;
  const known = begun.get(own) ?? new Set();
  if (known.has(other)) return true;
  begun.set(own, known.add(other));
  return own.fields.every(({ name, aliases, schema }) => {
    const isSame = (taken: string) => {
      const field = other.fieldsByName.get(taken);
      return !field || hasSameLogicalTypes(schema, field.schema, begun);
    };
    return isSame(name) && aliases.every(isSame);
  });
}

/** The type of the values that are not null; undefined when there is none, or a choice. */
function valueOf(schema: AvroSchema): AvroSchema | undefined {
  if (schema.type !== 'union') return schema;
  const branches = schema.branches.filter(({ type }) => type !== 'null');
  return branches.length === 1 ? branches[0] : undefined;
}
