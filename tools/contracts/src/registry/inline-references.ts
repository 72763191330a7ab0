import type { Json } from '../contract-model.ts';
import { isObject } from '../json.ts';

/**
 * Returns `schema` with each type of `types` (by full name, as Avro JSON) written out where it is used first, so that the
 * result says everything itself. Types may use each other.
 */
export function inlineReferences(schema: string, types: ReadonlyMap<string, string>): string {
  if (types.size === 0) return schema;
  const written = new Set<string>();
  const inline = (part: Json): Json => {
    if (typeof part === 'string') {
      const definition = types.get(part);
      if (definition === undefined || written.has(part)) return part;
      written.add(part);
      return inline(JSON.parse(definition) as Json);
    }
    if (Array.isArray(part)) return (part as readonly Json[]).map(inline);
    if (!isObject(part)) return part;
    // Only these hold types; a name in a doc, a default or a symbol stays what it is.
    const { type, items, values, fields } = part;
    return {
      ...part,
      ...(type !== undefined && { type: inline(type) }),
      ...(items !== undefined && { items: inline(items) }),
      ...(values !== undefined && { values: inline(values) }),
      ...(Array.isArray(fields) && { fields: (fields as readonly Json[]).map(inline) }),
    };
  };
  return JSON.stringify(inline(JSON.parse(schema) as Json));
}
