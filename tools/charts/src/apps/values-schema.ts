/** The values.schema.json of an app's chart: the shared groups it imports, its own values, and the variables of its code. */
import { chosenVariables, type AppConfig } from './app-config.ts';

/** A JSON Schema of an object. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly additionalProperties?: unknown;
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
}

export type Schema = ObjectSchema | Readonly<Record<string, unknown>>;

export type Values = Readonly<Record<string, unknown>>;

/**
 * Returns the schema. `groups` are the schemas of the imported groups of the library chart, `own` of what only this chart has. Every
 * value that has a default is required: who takes one away with `null` is told so.
 */
export function valuesSchema(parts: {
  readonly chart: string;
  readonly groups: readonly ObjectSchema[];
  readonly own?: ObjectSchema;
  readonly config: AppConfig;
  readonly defaults: Values;
}): object {
  const properties: Record<string, Schema> = {};
  for (const part of [...parts.groups, ...(parts.own === undefined ? [] : [parts.own])]) {
    Object.assign(properties, part.properties);
  }
  properties['config'] = configSchema(parts.config, parts.defaults['config'] as Values | undefined);
  const schema: ObjectSchema = { type: 'object', additionalProperties: false, properties };
  return {
    $schema: 'https://json-schema.org/draft-07/schema#',
    $comment:
      'Generated from charts/service/values.schema.json and the config.ts of the app by `npm run generate`. Do not edit.',
    title: parts.chart,
    ...withRequired(schema, parts.defaults, { global: { type: 'object' }, service: { type: 'object' } }),
  };
}

/** Only keywords that Helm's validator knows, so that a value is refused for the same reasons as the variable would be. */
const KEYWORDS = [
  'type',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'pattern',
  'items',
  'description',
] as const;

function configSchema(config: AppConfig, defaults: Values = {}): ObjectSchema {
  const properties = Object.fromEntries(
    chosenVariables(config).map(([name, variable]) => [
      name,
      Object.fromEntries(KEYWORDS.flatMap((word) => (word in variable ? [[word, variable[word]]] : []))),
    ]),
  );
  const unset = config.required.filter(
    (name) => name in properties && config.properties[name]?.default === undefined,
  );
  return {
    type: 'object',
    additionalProperties: false,
    required: [...new Set([...unset, ...Object.keys(defaults)])].sort(),
    properties,
  };
}

function withRequired(
  schema: ObjectSchema,
  defaults: Values,
  more: Record<string, Schema> = {},
): ObjectSchema {
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => {
      const value = defaults[name];
      return [name, isClosedObject(property) && isValues(value) ? withRequired(property, value) : property];
    }),
  );
  const required = [...new Set([...(schema.required ?? []), ...Object.keys(defaults)])]
    .filter((name) => name in schema.properties)
    .sort();
  return { ...schema, ...(required.length > 0 ? { required } : {}), properties: { ...more, ...properties } };
}

function isClosedObject(schema: Schema): schema is ObjectSchema {
  return schema['type'] === 'object' && 'properties' in schema;
}

/** Returns whether a value holds others by name. */
export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
