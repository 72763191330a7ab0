import type { Json } from '../contract-model.ts';
import { isStandIn } from './avro-schema.ts';
import type { AvroField, AvroSchema, RecordSchema } from './avro-schema.ts';
import { isObject } from '../json.ts';

const TWO_63 = 2 ** 63;
/** What Java's `Double.parseDouble` reads. */
const JAVA_DOUBLE =
  /^[\s\0-\x20]*[+-]?(NaN|Infinity|(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?[fFdD]?|0[xX]([\da-fA-F]+(?:\.[\da-fA-F]*)?|\.[\da-fA-F]+)[pP][+-]?\d+[fFdD]?)[\s\0-\x20]*$/;

/** True for a text that Java reads as a number: as the default of a float or a double it counts as one. */
export function isJavaNumber(text: string): boolean {
  return JAVA_DOUBLE.test(text);
}

/** How the types are seen at some point of the reading: see `checkDefaultsInOrder`. */
export interface SchemaView {
  /** The type that stands in the place of `schema`. */
  readonly typeOf: (schema: AvroSchema) => AvroSchema;
  /** Throws for a record that is not complete yet. */
  readonly fieldsOf: (record: RecordSchema) => RecordSchema['fields'];
  /** Answers that were given: defaults of nested records share their parts, and would be looked at again and again. */
  readonly known: KnownDefaults;
}

/** By the schema, then by the object or the list that is the default. */
export type KnownDefaults = WeakMap<AvroSchema, WeakMap<object, boolean>>;

const AS_WRITTEN: SchemaView = {
  typeOf: (schema) => schema,
  fieldsOf: ({ fields }) => fields,
  known: new WeakMap(),
};

/**
 * True when Java takes `value` as a default for the schema. It asks for any branch of a union, and neither for the symbols
 * of an enum nor for the size of a fixed.
 */
export function isValidDefault(written: AvroSchema, value: Json, view = AS_WRITTEN): boolean {
  const schema = view.typeOf(written);
  if (typeof value !== 'object' || value === null) return takes(schema, value, view);
  const answers = view.known.get(schema) ?? new WeakMap<object, boolean>();
  view.known.set(schema, answers);
  const known = answers.get(value);
  if (known !== undefined) return known;
  const answer = takes(schema, value, view);
  answers.set(value, answer);
  return answer;
}

function takes(schema: AvroSchema, value: Json, view: SchemaView): boolean {
  switch (schema.type) {
    case 'string':
    case 'bytes':
    case 'enum':
    case 'fixed':
      return typeof value === 'string';
    case 'int':
      return typeof value === 'number' && value === (value | 0);
    case 'long':
      return Number.isInteger(value) && (value as number) >= -TWO_63 && (value as number) <= TWO_63;
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'array':
      return (
        Array.isArray(value) &&
        (value as readonly Json[]).every((item) => isValidDefault(schema.items, item, view))
      );
    case 'map':
      return (
        isObject(value) && Object.values(value).every((item) => isValidDefault(schema.values, item, view))
      );
    case 'union':
      return schema.branches.some((branch) => isValidDefault(branch, value, view));
    case 'record':
      return (
        isObject(value) &&
        view.fieldsOf(schema).every((field) => {
          const item = Object.hasOwn(value, field.name) ? value[field.name] : field.default;
          return item !== undefined && isValidDefault(field.schema, item, view);
        })
      );
  }
}

/**
 * True when avsc certainly takes `value` as a default for `schema`; when not, only avsc knows. It takes the first
 * branch of a union only.
 */
export function isPlainDefault(schema: AvroSchema, value: Json): boolean {
  switch (schema.type) {
    case 'string':
    case 'bytes':
      return typeof value === 'string';
    case 'enum':
      return typeof value === 'string' && schema.symbols.includes(value);
    case 'fixed':
      return typeof value === 'string' && value.length === schema.size;
    case 'int':
      return typeof value === 'number' && value === (value | 0);
    case 'long':
      return Number.isSafeInteger(value) && Math.abs(value as number) < 2 ** 52;
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'array':
      return (
        Array.isArray(value) && (value as readonly Json[]).every((item) => isPlainDefault(schema.items, item))
      );
    case 'map':
      return (
        isObject(value) &&
        Object.entries(value).every(
          ([key, item]) => key !== '__proto__' && isPlainDefault(schema.values, item),
        )
      );
    case 'union':
      return schema.branches[0] !== undefined && isPlainDefault(schema.branches[0], value);
    case 'record':
      return (
        isObject(value) &&
        !isStandIn(schema) &&
        schema.fields.every((field) => {
          const item = value[field.name];
          return item === undefined ? hasReusableDefault(field) : isPlainDefault(field.schema, item);
        })
      );
  }
}

/**
 * True when avsc can take the default of a field where a default of its record leaves the field out: it reads it a
 * second time then, and what it has made of it, for example of bytes, is not what it reads.
 */
function hasReusableDefault({ schema, default: value }: AvroField): boolean {
  if (value === undefined || schema.type === 'bytes' || schema.type === 'fixed') return false;
  return (
    (value === null || typeof value !== 'object') &&
    (schema.type !== 'union' || value === null) &&
    isPlainDefault(schema, value)
  );
}
