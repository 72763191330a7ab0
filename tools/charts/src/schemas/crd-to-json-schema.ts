/** Kinds of others: from a CustomResourceDefinition to a JSON Schema for each version it serves. */
import { apiVersionOf, type JsonSchema, type Kind, schemaFile } from './json-schema.ts';

interface StructuralSchema {
  readonly type?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: boolean | StructuralSchema;
  readonly required?: readonly string[];
  readonly items?: StructuralSchema;
  readonly enum?: readonly unknown[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly [keyword: string]: unknown;
}

export interface CustomResourceDefinition {
  readonly kind: 'CustomResourceDefinition';
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema?: { readonly openAPIV3Schema?: StructuralSchema };
    }[];
  };
}

const STRINGS: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };

/** What a manifest may say in `metadata`; a definition leaves it open, the API server does not. */
const METADATA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string' },
    namespace: { type: 'string' },
    labels: STRINGS,
    annotations: STRINGS,
    finalizers: { type: 'array', items: { type: 'string' } },
  },
};

/**
 * Returns the schemas of the served versions by their files. Objects are closed unless the definition says that unknown fields are kept,
 * and `status` is left out. Rules in CEL (`x-kubernetes-validations`) are no part of JSON Schema and are lost.
 */
export function customSchemas({ spec }: CustomResourceDefinition): Map<string, JsonSchema> {
  const files = new Map<string, JsonSchema>();
  for (const { name, served, schema } of spec.versions) {
    if (!served) continue;
    const kind = { group: spec.group, version: name, kind: spec.names.kind };
    files.set(schemaFile(kind), rooted(convert(schema?.openAPIV3Schema ?? {}), kind));
  }
  return files;
}

/** Says nothing about the structure, so it stays as it is; objects inside of it must not be closed. */
const VALIDATIONS = [
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'enum',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
] as const;

function convert(schema: StructuralSchema): JsonSchema {
  const { properties = {}, items, additionalProperties } = schema;
  const required = (schema.required ?? []).filter((name) => properties[name]?.default === undefined);
  const isObject = schema.type === 'object';
  const closed =
    isObject && schema['x-kubernetes-preserve-unknown-fields'] !== true && additionalProperties === undefined;
  return {
    ...validationsOf(schema),
    ...typeOf(schema),
    ...(required.length > 0 ? { required } : {}),
    ...(items === undefined ? {} : { items: convert(items) }),
    ...(schema.properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, convert(property)]),
          ),
        }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: convert(additionalProperties) }
      : closed
        ? { additionalProperties: false }
        : {}),
  };
}

function validationsOf(schema: StructuralSchema): Record<string, unknown> {
  const found = Object.fromEntries(
    VALIDATIONS.flatMap((keyword) => (keyword in schema ? [[keyword, schema[keyword]]] : [])),
  );
  if (schema.nullable === true && schema.enum !== undefined) found['enum'] = [...schema.enum, null];
  return found;
}

function typeOf(schema: StructuralSchema): { readonly type?: string | readonly string[] } {
  if (schema['x-kubernetes-int-or-string'] === true) return { type: ['integer', 'string'] };
  if (schema.type === undefined) return {};
  return { type: schema.nullable === true ? [schema.type, 'null'] : schema.type };
}

function rooted(schema: JsonSchema, kind: Kind): JsonSchema {
  const properties: Record<string, JsonSchema> = { ...schema.properties };
  delete properties['status'];
  properties['apiVersion'] = { enum: [apiVersionOf(kind)] };
  properties['kind'] = { enum: [kind.kind] };
  properties['metadata'] = METADATA;
  const required = new Set(['apiVersion', 'kind', 'metadata', ...(schema.required ?? [])]);
  required.delete('status');
  return { ...schema, type: 'object', properties, required: [...required], additionalProperties: false };
}
