import type { Json, NamedType } from './contract-model.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';

/**
 * Returns the schema of `fullName` with every type it refers to written out where it is first used, so that it can be
 * registered without references.
 */
export function inlineSchema(fullName: string, types: ReadonlyMap<string, NamedType>): Json {
  const written = new Set<string>();
  const inline = (schema: Json, namespace: string): Json => {
    if (typeof schema === 'string') {
      const type = types.get(schema);
      if (!type || written.has(schema)) return schema;
      written.add(schema);
      const { type: kind = null, name = null, ...rest } = withoutNamespace(type.definition);
      const fields = rest['fields'] as readonly Json[] | undefined;
      return {
        type: kind,
        name,
        // Avro takes the namespace from the enclosing type when none is given.
        ...(type.namespace !== namespace && { namespace: type.namespace }),
        ...rest,
        ...(fields && {
          fields: fields.map((field) =>
            isObject(field) ? { ...field, type: inline(field['type'] ?? null, type.namespace) } : field,
          ),
        }),
      };
    }
    if (Array.isArray(schema)) return (schema as readonly Json[]).map((branch) => inline(branch, namespace));
    if (!isObject(schema)) return schema;
    if (schema['type'] === 'array') return { ...schema, items: inline(schema['items'] ?? null, namespace) };
    if (schema['type'] === 'map') return { ...schema, values: inline(schema['values'] ?? null, namespace) };
    return schema;
  };
  return inline(fullName, '');
}

function withoutNamespace(definition: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(definition).filter(([attribute]) => attribute !== 'namespace'));
}
