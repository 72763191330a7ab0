/** Kubernetes' own kinds: from the OpenAPI document of a release to a JSON Schema for each kind. */
import { apiVersionOf, type JsonSchema, type Kind, schemaFile } from './json-schema.ts';

interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly additionalProperties?: Definition;
  readonly required?: readonly string[];
  readonly items?: Definition;
  readonly 'x-kubernetes-group-version-kind'?: readonly Kind[];
}

export interface OpenApi {
  readonly definitions: Readonly<Record<string, Definition>>;
}

const PREFIX = '#/definitions/';
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

/** The grammar of a quantity, which the document has in words only. */
const QUANTITY_SCHEMA: JsonSchema = {
  type: ['string', 'number'],
  pattern: '^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(([KMGTPE]i)|[numkMGTPE]|[eE][+-]?[0-9]+)?$',
};

/**
 * Returns the schemas by their files. Objects are closed; `status`, lists and kinds without an address of their own are left out, since
 * nobody writes them into a manifest. Each schema stands for itself: what it refers to is in it.
 */
export function kubernetesSchemas({ definitions }: OpenApi): Map<string, JsonSchema> {
  const converted = new Map(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      name === QUANTITY ? QUANTITY_SCHEMA : convert(definition),
    ]),
  );
  const files = new Map<string, JsonSchema>();
  for (const [name, definition] of Object.entries(definitions)) {
    const kinds = definition['x-kubernetes-group-version-kind'] ?? [];
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1 || kind.kind.endsWith('List')) continue;
    const schema = rooted(converted.get(name) as JsonSchema, kind);
    files.set(schemaFile(kind), { ...schema, definitions: closure(schema, converted) });
  }
  return files;
}

function convert(definition: Definition): JsonSchema {
  if (definition.$ref !== undefined) return { $ref: definition.$ref };
  if (definition.format === 'int-or-string') return { type: ['string', 'integer'] };
  const { type, format, properties, additionalProperties, required, items } = definition;
  return {
    ...(type === undefined ? {} : { type }),
    ...(format === 'date-time' ? { format } : {}),
    ...(required === undefined ? {} : { required }),
    ...(items === undefined ? {} : { items: convert(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: convert(additionalProperties) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, convert(property)]),
          ),
          additionalProperties: false,
        }),
  };
}

function rooted(schema: JsonSchema, kind: Kind): JsonSchema {
  const properties: Record<string, JsonSchema> = { ...schema.properties };
  delete properties['status'];
  properties['apiVersion'] = { enum: [apiVersionOf(kind)] };
  properties['kind'] = { enum: [kind.kind] };
  const named = 'metadata' in properties ? ['metadata'] : [];
  const required = [...new Set(['apiVersion', 'kind', ...named, ...(schema.required ?? [])])];
  return { ...schema, properties, required };
}

function closure(schema: JsonSchema, all: ReadonlyMap<string, JsonSchema>): Record<string, JsonSchema> {
  const found: Record<string, JsonSchema> = {};
  const open = referredTo(schema);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const definition = all.get(name);
    if (name in found || definition === undefined) continue;
    found[name] = definition;
    open.push(...referredTo(definition));
  }
  return found;
}

function referredTo(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('$ref' in value && typeof value.$ref === 'string') return [value.$ref.slice(PREFIX.length)];
  return Object.values(value).flatMap(referredTo);
}
