import type { Json } from '../contract-model.ts';
import type { AvroSchema } from './avro-schema.ts';
import { isObject } from '../json.ts';

/** More than any person writes; avsc needs about a second for as many. */
const MAX_VALUES = 100_000;

/**
 * Returns why avsc must not be asked for a type of `top`, undefined when it may. It writes out the default of every field,
 * with the defaults of the fields that it leaves out: `{}` for a record of two records of two records … doubles at each level,
 * and a few lines of schema would take all time and memory there is.
 */
export function defaultsTooLarge(top: AvroSchema): string | undefined {
  const sizes = new Map<AvroSchema, Map<Json, number>>();
  const sizeOf = (schema: AvroSchema, value: Json): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(schema) ?? new Map<Json, number>();
    sizes.set(schema, known);
    const size = known.get(value);
    if (size !== undefined) return size;
    // For one that holds itself.
    known.set(value, Infinity);
    const total = 1 + sizeInside(schema, value);
    known.set(value, total);
    return total;
  };
  const sizeInside = (schema: AvroSchema, value: Json): number => {
    if (schema.type === 'union')
      return Math.max(0, ...schema.branches.map((branch) => sizeOf(branch, value)));
    if (schema.type === 'array' && Array.isArray(value))
      return sum((value as readonly Json[]).map((item) => sizeOf(schema.items, item)));
    if (!isObject(value)) return 0;
    if (schema.type === 'map') return sum(Object.values(value).map((item) => sizeOf(schema.values, item)));
    if (schema.type !== 'record') return 0;
    return sum(
      schema.fields.map((field) => {
        const item = Object.hasOwn(value, field.name) ? value[field.name] : field.default;
        return item === undefined ? 0 : sizeOf(field.schema, item);
      }),
    );
  };

  let total = 0;
  const seen = new Set<AvroSchema>();
  const left = [top];
  for (let schema = left.pop(); schema; schema = left.pop()) {
    if (seen.has(schema)) continue;
    seen.add(schema);
    if (schema.type === 'array') left.push(schema.items);
    else if (schema.type === 'map') left.push(schema.values);
    else if (schema.type === 'union') left.push(...schema.branches);
    else if (schema.type === 'record')
      for (const field of schema.fields) {
        left.push(field.schema);
        if (field.default !== undefined) total += sizeOf(field.schema, field.default);
      }
    if (total > MAX_VALUES) return `its defaults stand for more than ${MAX_VALUES} values`;
  }
  return undefined;
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
