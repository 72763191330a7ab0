import type { Type } from 'avsc';
import { SerializationError } from './errors.ts';
import type { WrongValue } from './errors.ts';

const SHOWN = 80;

/** Returns the error that lists every place of `data` that does not fit `type`. */
export function describeWrongValues(type: Type, data: unknown, cause: unknown): SerializationError {
  const wrong = findWrongValues(type, data);
  const places = wrong.map(({ path, expected, found }) => `${path === '' ? 'the value' : path}: expected ${expected}, found ${found}`);
  const reason = places.length > 0 ? places.join('; ') : cause instanceof Error ? cause.message : String(cause);
  return new SerializationError(`the data does not fit ${type.name ?? type.typeName}: ${reason}`, wrong, { cause });
}

/** Returns every place of `data` that does not fit `type`; none when it can be encoded. */
export function findWrongValues(type: Type, data: unknown): WrongValue[] {
  const wrong: WrongValue[] = [];
  try {
    type.isValid(data, {
      errorHook: (path, found, expected) => {
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
  if (type.typeName.startsWith('union')) {
    return (type as unknown as { types: readonly Type[] }).types.map(describeType).join(' or ');
  }
  if (type.typeName === 'enum') {
    return `one of ${(type as unknown as { symbols: readonly string[] }).symbols.join(', ')}`;
  }
  return type.name === undefined || type.name === type.typeName ? type.typeName : `${type.typeName} ${type.name}`;
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return `${value}n`;
  const text = value instanceof Date ? `date ${value.getTime()}` : Buffer.isBuffer(value) ? `${value.length} bytes` : toJson(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
