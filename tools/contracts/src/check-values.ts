import type { Json, NamedType } from './contract-model.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import type { Problem } from './problems.ts';
import type { Pending, TypeCollector } from './type-collector.ts';

type Types = ReadonlyMap<string, NamedType>;

const INT_LIMIT = 2 ** 31;

/** Checks what can be told only when every type is known: that defaults fit and that unions are unambiguous. */
export function checkValues({ types, unions, defaults }: TypeCollector, problems: Problem[]): void {
  for (const union of unions) checkUnion(union, types, problems);
  for (const pending of defaults) checkDefault(pending, types, problems);
}

function checkUnion({ place, schema }: Pending, types: Types, problems: Problem[]): void {
  const branches = schema as readonly Json[];
  const seen = new Map<string, Json>();
  for (const branch of branches) {
    const kind = javaScriptKind(branch, types);
    if (kind === undefined) continue;
    const other = seen.get(kind);
    if (other === undefined) {
      seen.set(kind, branch);
      continue;
    }
    const what =
      JSON.stringify(other) === JSON.stringify(branch)
        ? `ambiguous union: ${typeText(branch)} stands in it twice`
        : `ambiguous union: ${typeText(other)} and ${typeText(branch)} are both ${kind} in JavaScript`;
    problems.push({ code: 'C009', ...place, what });
  }
}

/** What avsc tells branches of a union apart by; undefined for logical types, which it tries one after the other. */
function javaScriptKind(schema: Json, types: Types): string | undefined {
  const definition = resolve(schema, types);
  if (isObject(definition) && definition['logicalType'] !== undefined) return undefined;
  switch (isObject(definition) ? definition['type'] : definition) {
    case 'null':
      return 'null';
    case 'boolean':
      return 'a boolean';
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'a number';
    case 'string':
    case 'enum':
      return 'a string';
    case 'bytes':
    case 'fixed':
      return 'a Buffer';
    case 'array':
      return 'an array';
    case 'map':
    case 'record':
      return 'an object';
    default:
      return undefined;
  }
}

function checkDefault({ place, schema, default: value }: Pending, types: Types, problems: Problem[]): void {
  const shown = JSON.stringify(value);
  const json = value ?? null;
  if (!Array.isArray(schema)) {
    if (fits(schema, json, types)) return;
    const type = typeText(schema);
    problems.push({ code: 'C005', ...place, what: `default ${shown} does not fit the type ${type}` });
    return;
  }
  const [first = null, ...others] = schema as readonly Json[];
  if (fits(first, json, types)) return;
  const fitting = others.find((branch) => fits(branch, json, types));
  problems.push({
    code: 'C005',
    ...place,
    what: `default ${shown} does not match the first union branch ${typeText(first)}`,
    fix: suggestUnion(first, others, fitting),
  });
}

function suggestUnion(first: Json, others: readonly Json[], fitting: Json | undefined): string | undefined {
  const orNull = first === 'null' ? ', or the default null' : '';
  if (fitting === undefined) return first === 'null' ? 'Write the default null.' : undefined;
  const branches = [fitting, first, ...others.filter((branch) => branch !== fitting)];
  return branches.every((branch) => typeof branch === 'string')
    ? `Write ${JSON.stringify(branches).replaceAll(',', ', ')}${orNull}.`
    : `Put the branch ${typeText(fitting)} first${orNull}.`;
}

/** True when `value` is a default of `schema`, in the JSON form that the Avro specification gives it. */
function fits(schema: Json, value: Json, types: Types): boolean {
  const definition = resolve(schema, types);
  if (Array.isArray(definition)) return fits((definition as readonly Json[])[0] ?? null, value, types);
  const parts: JsonObject = isObject(definition) ? definition : { type: definition };
  const { type, symbols, size, items, values, fields } = parts;
  switch (type) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value) && Number(value) >= -INT_LIMIT && Number(value) < INT_LIMIT;
    case 'long':
      return Number.isSafeInteger(value);
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'string':
    case 'bytes':
      return typeof value === 'string';
    case 'fixed':
      return typeof value === 'string' && value.length === size;
    case 'enum':
      return Array.isArray(symbols) && (symbols as readonly Json[]).includes(value);
    case 'array':
      return (
        Array.isArray(value) && (value as readonly Json[]).every((item) => fits(items ?? null, item, types))
      );
    case 'map':
      return isObject(value) && Object.values(value).every((item) => fits(values ?? null, item, types));
    case 'record':
      return isObject(value) && fitsRecord(fields, value, types);
    default:
      // Not a type at all, which is told elsewhere.
      return true;
  }
}

function fitsRecord(
  fields: Json | undefined,
  value: { readonly [key: string]: Json },
  types: Types,
): boolean {
  return (Array.isArray(fields) ? (fields as readonly Json[]) : []).every((field) => {
    if (!isObject(field) || typeof field['name'] !== 'string') return true;
    const inner = Object.hasOwn(value, field['name']) ? value[field['name']] : undefined;
    return inner === undefined ? 'default' in field : fits(field['type'] ?? null, inner, types);
  });
}

function resolve(schema: Json, types: Types): Json {
  return (typeof schema === 'string' ? types.get(schema)?.definition : undefined) ?? schema;
}

/** A type as people name it: the logical type, the name, or the kind. */
function typeText(schema: Json): string {
  if (!isObject(schema)) return typeof schema === 'string' ? schema : JSON.stringify(schema);
  const { logicalType, type } = schema;
  return [logicalType, type].find((text) => typeof text === 'string') ?? 'of this field';
}
