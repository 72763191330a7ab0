import { NAMED_TYPES } from '../compat/avro-schema.ts';
import { toFullName } from '../compat/names.ts';
import type { Json } from '../contract-model.ts';
import { isObject, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';

const NAMED = [...NAMED_TYPES, 'error'];

/**
 * Returns `schema` with each type of `types` (by full name, as Avro JSON) written out where it is used first, so that the
 * result says everything itself. Types may use each other.
 */
export function inlineReferences(schema: string, types: ReadonlyMap<string, string>): string {
  if (types.size === 0) return schema;
  const written = new Set<string>();
  const inline = (part: Json, enclosing: string): Json => {
    if (typeof part === 'string') {
      const fullName = [toFullName(part, enclosing), part].find((name) => types.has(name));
      const definition = fullName === undefined ? undefined : types.get(fullName);
      if (fullName === undefined || definition === undefined || written.has(fullName)) return part;
      written.add(fullName);
      return inline(withOwnNamespace(JSON.parse(definition) as Json, enclosing), enclosing);
    }
    if (Array.isArray(part)) return (part as readonly Json[]).map((branch) => inline(branch, enclosing));
    if (!isObject(part)) return part;
    const namespace = isNamed(part) ? namespaceOf(part, enclosing) : enclosing;
    // Only these hold types; a name in a doc, a default or a symbol stays what it is.
    const { type, items, values, fields } = part;
    return {
      ...part,
      ...(type !== undefined && { type: inline(type, namespace) }),
      ...(items !== undefined && { items: inline(items, namespace) }),
      ...(values !== undefined && { values: inline(values, namespace) }),
      ...(Array.isArray(fields) && {
        fields: (fields as readonly Json[]).map((field) => inline(field, namespace)),
      }),
    };
  };
  return JSON.stringify(inline(JSON.parse(schema) as Json, ''));
}

function isNamed({ type }: JsonObject): boolean {
  return NAMED.includes(textOf(type));
}

function namespaceOf({ name, namespace }: JsonObject, enclosing: string): string {
  const dot = textOf(name).lastIndexOf('.');
  if (dot >= 0) return textOf(name).slice(0, dot);
  return typeof namespace === 'string' ? namespace : enclosing;
}

/** One that has no namespace would take that of the type it is written into. */
function withOwnNamespace(definition: Json, enclosing: string): Json {
  if (enclosing === '' || !isObject(definition) || !isNamed(definition)) return definition;
  const says = typeof definition['namespace'] === 'string' || textOf(definition['name']).includes('.');
  return says ? definition : { ...definition, namespace: '' };
}
