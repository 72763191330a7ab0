import type { Type, types } from 'avsc';
import { SerializationError } from './errors.ts';
import type { WrongValue } from './errors.ts';

const SHOWN = 80;

/** Returns the error that lists every place of `data` that does not fit `type`. */
export function describeWrongValues(type: Type, data: unknown, cause: unknown): SerializationError {
  const wrong = findWrongValues(type, data);
  const places = wrong.map(
    ({ path, expected, found }) =>
      `${path === '' ? 'the value' : path}: expected ${expected}, found ${found}`,
  );
  const reason =
    places.length > 0 ? places.join('; ') : cause instanceof Error ? cause.message : String(cause);
  return new SerializationError(`the data does not fit ${type.name ?? type.typeName}: ${reason}`, wrong, {
    cause,
  });
}

/**
 * Returns every place of `data` that does not fit `type`; none when it can be encoded. With `strict`, fields that the
 * schema does not have are wrong too; encoding leaves them out.
 */
export function findWrongValues(type: Type, data: unknown, { strict = false } = {}): WrongValue[] {
  const wrong: WrongValue[] = [];
  try {
    type.isValid(data, {
      noUndeclaredFields: strict,
      errorHook: (path, found: unknown, expected) => {
        wrong.push({ path: path.join('.'), expected: describeType(expected), found: describeValue(found) });
      },
    });
  } catch (error) {
    // A value that avsc chokes on instead of refusing it; what it says is all there is.
    wrong.push({ path: '', expected: describeType(type), found: (error as Error).message });
  }
  return wrong;
}

function describeType(type: Type): string {
  const [, logical] = /^logical:(.*)$/.exec(type.typeName) ?? [];
  if (logical !== undefined) return logical;
  if (isUnion(type)) return type.types.map(describeType).join(' or ');
  if (isEnum(type)) return `one of ${type.symbols.join(', ')}`;
  if (isRecord(type))
    return `${type.name ?? 'a record'} with the fields ${type.fields.map(({ name }) => name).join(', ')}`;
  return type.typeName;
}

function isUnion(type: Type): type is types.UnwrappedUnionType {
  return type.typeName.startsWith('union');
}

function isEnum(type: Type): type is types.EnumType {
  return type.typeName === 'enum';
}

function isRecord(type: Type): type is types.RecordType {
  return type.typeName === 'record';
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'an invalid date' : `date ${value.toISOString()}`;
  const text = Buffer.isBuffer(value) ? `${value.length} bytes` : toJson(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function toJson(value: unknown): string {
  try {
    // Undefined for functions and symbols, whatever the typings say.
    const json = JSON.stringify(value) as string | undefined;
    return json ?? typeof value;
  } catch {
    return typeof value;
  }
}
