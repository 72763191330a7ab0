import { findWrongValues, LOGICAL_TYPES } from '@eda/contracts/avro';
import type { avroType } from '@eda/contracts/avro';
import type { EventMeta, Json, NamedType } from './contract-model.ts';
import { isObject, textOf } from './json.ts';
import { closestOf, didYouMean } from './problems.ts';
import type { Problem } from './problems.ts';

/**
 * Adds to `problems` every place where the example of an event, written as JSON (timestamps as ISO 8601, decimals and bytes as
 * strings), does not fit the schema; none when it can be encoded.
 */
export function checkExample(
  type: ReturnType<typeof avroType>,
  schema: Json,
  { record, meta: { file, example } }: { readonly record: NamedType; readonly meta: EventMeta },
  problems: Problem[],
): void {
  const unknown: Unknown[] = [];
  const value = exampleValue(schema, example, unknown);
  for (const { path, known } of unknown) {
    const name = path.at(-1) ?? '';
    problems.push({
      code: 'C023',
      file,
      field: ['example', ...path].join('.'),
      path: ['example', ...path],
      part: 'key',
      what: `the example of ${record.name} has the field "${name}", which the schema does not have`,
      fix: didYouMean(name, known) ?? `Remove it; the schema has ${known.join(', ')}.`,
    });
  }
  // One that is misspelt is not missing as well.
  const meant = new Set(
    unknown.map(({ path, known }) => join(path.slice(0, -1), closestOf(path.at(-1) ?? '', known))),
  );
  for (const { path, expected, found } of findWrongValues(type, value)) {
    if (found === 'nothing' && meant.has(path)) continue;
    problems.push({
      code: 'C023',
      file,
      field: path === '' ? 'example' : `example.${path}`,
      what: `the example of ${record.name} cannot be encoded: expected ${expected}, found ${found}`,
    });
  }
}

function join(path: readonly string[], name = ''): string {
  return [...path, name].join('.');
}

/** A field of the example that its record does not have. */
interface Unknown {
  readonly path: readonly string[];
  readonly known: readonly string[];
}

/** Returns the value that the example stands for, as the codec takes it; fields it has too many are added to `unknown`. */
export function exampleValue(schema: Json, example: Json, unknown: Unknown[] = []): unknown {
  return revive(schema, example, { named: new Map(), path: [], unknown });
}

interface Reviving {
  readonly named: Map<string, Json>;
  readonly path: readonly string[];
  readonly unknown: Unknown[];
}

/** Turns JSON into the values the codec takes; what does not fit stays as it is, for the check to find. */
function revive(schema: Json, json: Json, context: Reviving): unknown {
  const { named, path, unknown } = context;
  const inside = (step: string): Reviving => ({ ...context, path: [...path, step] });
  if (typeof schema === 'string') {
    if (schema === 'bytes') return toBytes(json);
    return named.has(schema) ? revive(named.get(schema) ?? null, json, context) : json;
  }
  if (Array.isArray(schema)) {
    const branches = schema as readonly Json[];
    const branch = branches.find((candidate) => candidate !== 'null');
    return json === null || branch === undefined ? json : revive(branch, json, context);
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
    return (json as readonly Json[]).map((item, index) =>
      revive(schema['items'] ?? null, item, inside(String(index))),
    );
  }
  if (schema['type'] === 'map' && isObject(json)) {
    return Object.fromEntries(
      Object.entries(json).map(([key, item]) => [key, revive(schema['values'] ?? null, item, inside(key))]),
    );
  }
  if (schema['type'] === 'record' && isObject(json)) {
    const fields = schema['fields'] as readonly { readonly name: string; readonly type: Json }[];
    const types = new Map(fields.map((field) => [field.name, field.type]));
    const known = [...types.keys()];
    unknown.push(
      ...Object.keys(json)
        .filter((key) => !types.has(key))
        .map((key) => ({ path: [...path, key], known })),
    );
    return Object.fromEntries(
      Object.entries(json).map(([key, item]) => [key, revive(types.get(key) ?? 'null', item, inside(key))]),
    );
  }
  return json;
}

/** Bytes are written as Avro writes them in JSON: one character for each. */
function toBytes(json: Json): unknown {
  return typeof json === 'string' ? Buffer.from(json, 'latin1') : json;
}
