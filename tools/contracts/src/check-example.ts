import { findWrongValues, LOGICAL_TYPES } from '@eda/contracts/avro';
import type { avroType } from '@eda/contracts/avro';
import type { Json } from './contract-model.ts';
import { isObject, textOf } from './read-files.ts';

/**
 * Returns what is wrong with an example written as JSON (timestamps as ISO 8601, decimals and bytes as strings): one line for
 * each wrong place, none when the example can be encoded.
 */
export function checkExample(type: ReturnType<typeof avroType>, schema: Json, example: Json): string[] {
  const wrong = findWrongValues(type, exampleValue(schema, example), { strict: true });
  return wrong.map(
    ({ path, expected, found }) => `${path === '' ? '' : `${path}: `}expected ${expected}, found ${found}`,
  );
}

/** Returns the value that the example stands for, as the codec takes it. */
export function exampleValue(schema: Json, example: Json): unknown {
  return revive(schema, example, new Map());
}

/** Turns JSON into the values the codec takes; what does not fit stays as it is, for the check to find. */
function revive(schema: Json, json: Json, named: Map<string, Json>): unknown {
  if (typeof schema === 'string') {
    if (schema === 'bytes') return toBytes(json);
    return named.has(schema) ? revive(named.get(schema) ?? null, json, named) : json;
  }
  if (Array.isArray(schema)) {
    const branches = schema as readonly Json[];
    const branch = branches.find((candidate) => candidate !== 'null');
    return json === null || branch === undefined ? json : revive(branch, json, named);
  }
  if (!isObject(schema)) return json;
  const name = schema['name'];
  if (typeof name === 'string') {
    named.set(typeof schema['namespace'] === 'string' ? `${schema['namespace']}.${name}` : name, schema);
    named.set(name, schema);
  }
  const logical = LOGICAL_TYPES.get(textOf(schema['logicalType']));
  if (logical) return logical.fromJson(json);
  if (schema['type'] === 'bytes' || schema['type'] === 'fixed') return toBytes(json);
  if (schema['type'] === 'array' && Array.isArray(json)) {
    return (json as readonly Json[]).map((item) => revive(schema['items'] ?? null, item, named));
  }
  if (schema['type'] === 'map' && isObject(json)) {
    return Object.fromEntries(
      Object.entries(json).map(([key, item]) => [key, revive(schema['values'] ?? null, item, named)]),
    );
  }
  if (schema['type'] === 'record' && isObject(json)) {
    const fields = schema['fields'] as readonly { readonly name: string; readonly type: Json }[];
    const types = new Map(fields.map((field) => [field.name, field.type]));
    return Object.fromEntries(
      Object.entries(json).map(([key, item]) => [key, revive(types.get(key) ?? 'null', item, named)]),
    );
  }
  return json;
}

/** Bytes are written as Avro writes them in JSON: one character for each. */
function toBytes(json: Json): unknown {
  return typeof json === 'string' ? Buffer.from(json, 'latin1') : json;
}
