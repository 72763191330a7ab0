import type { AvroSchema, RecordSchema } from '../compat/avro-schema.ts';
import { logicalOf } from './compare-meaning.ts';

/** True when a union in the schema has several branches besides null, which avsc and our codec tell apart in different ways. */
export function hasChoices(schema: AvroSchema, seen = new Set<AvroSchema>()): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  switch (schema.type) {
    case 'union':
      return valueOf(schema) === undefined || schema.branches.some((branch) => hasChoices(branch, seen));
    case 'array':
      return hasChoices(schema.items, seen);
    case 'map':
      return hasChoices(schema.values, seen);
    case 'record':
      return schema.fields.some((field) => hasChoices(field.schema, seen));
    default:
      return false;
  }
}

/**
 * True when what the reader takes of the writer has the same logical type in both: of schemas without choices, our codec then
 * refuses nothing that avsc takes. False when it might.
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
  return own.fields.every((field) => {
    const taken = [field.name, ...field.aliases].flatMap((name) => other.fieldsByName.get(name) ?? []);
    return taken.every(({ schema }) => hasSameLogicalTypes(field.schema, schema, begun));
  });
}

/** The type of the values that are not null; undefined when there is none, or a choice. */
function valueOf(schema: AvroSchema): AvroSchema | undefined {
  if (schema.type !== 'union') return schema;
  const branches = schema.branches.filter(({ type }) => type !== 'null');
  return branches.length === 1 ? branches[0] : undefined;
}
