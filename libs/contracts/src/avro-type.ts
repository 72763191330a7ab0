/**
 * How all of this repository reads a schema with avsc. `wrapUnions: 'never'` refuses ambiguous unions, so that the
 * shape of a value can never flip when a branch is added.
 */
import avsc from 'avsc';
import type { types } from 'avsc';
import { lazyRecordType, noBranchConstructor } from './lazy-record-type.ts';
import { LOGICAL_TYPE_CLASSES } from './logical-types.ts';
import { LONG } from './long-type.ts';
import { PRIMITIVE_TYPES } from './primitive-types.ts';
import type { Tap } from './tap.ts';

interface Readable {
  _read(tap: Tap): unknown;
}

/**
 * Entries of the next block of a map or an array. avsc believes any count, so that ten bytes of garbage would keep
 * it busy for hours: every entry takes at least one byte, more entries than bytes left is an error.
 */
function readBlockCount(tap: Tap): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.skipLong();
  }
  if (count > tap.buf.length - tap.pos)
    throw new RangeError(`block of ${count} entries is longer than the value`);
  return count;
}

/** An enum for which nothing is compiled. */
class EnumType extends avsc.types.EnumType {
  protected _createBranchConstructor(): unknown {
    return noBranchConstructor();
  }
}

/** A map that survives garbage and the key `__proto__`, which a plain assignment loses. */
class MapType extends avsc.types.MapType {
  protected _createBranchConstructor(): unknown {
    return noBranchConstructor();
  }

  _read(tap: Tap): Record<string, unknown> {
    const valuesType = this.valuesType as Readable;
    const map: Record<string, unknown> = {};
    for (let count = readBlockCount(tap); count > 0; count = readBlockCount(tap)) {
      while (count-- > 0) {
        const key = tap.readString();
        const value = valuesType._read(tap);
        if (key === '__proto__')
          Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
        else map[key] = value;
      }
    }
    return map;
  }

  _skip(tap: Tap): void {
    this._read(tap);
  }
}

/** An array that survives garbage. */
class ArrayType extends avsc.types.ArrayType {
  protected _createBranchConstructor(): unknown {
    return noBranchConstructor();
  }

  _read(tap: Tap): unknown[] {
    const itemsType = this.itemsType as unknown as Readable;
    const items: unknown[] = [];
    for (let count = readBlockCount(tap); count > 0; count = readBlockCount(tap)) {
      while (count-- > 0) items.push(itemsType._read(tap));
    }
    return items;
  }

  _skip(tap: Tap): void {
    this._read(tap);
  }
}

/** A record whose values are plain objects: equal to literals, no class of their own. */
function plainRecordType(schema: avsc.Schema, options: unknown): avsc.Type {
  const type: types.RecordType = new avsc.types.RecordType(schema, options);
  (type.recordConstructor as { prototype: unknown }).prototype = Object.prototype;
  return type;
}

/**
 * Returns the avsc type of a schema (parsed JSON, or JSON text).
 * Throws what avsc throws when the schema is wrong or has an ambiguous union; pass `registry` to share named types.
 */
export function avroType(schema: unknown, registry: Record<string, avsc.Type> = {}): avsc.Type {
  return readSchema(schema, registry, plainRecordType);
}

/**
 * Returns and throws the same as `avroType`, in a quarter of the time, but for a type that does not encode: for programs that look
 * at many schemas.
 */
export function lazyAvroType(schema: unknown): avsc.Type {
  return readSchema(schema, Object.fromEntries(PRIMITIVE_TYPES), lazyRecordType);
}

function readSchema(
  schema: unknown,
  registry: Record<string, avsc.Type>,
  recordType: (schema: avsc.Schema, options: unknown) => avsc.Type,
): avsc.Type {
  const parsed = (
    typeof schema === 'string' && /^\s*[[{"]/.test(schema) ? JSON.parse(schema) : schema
  ) as avsc.Schema;
  return avsc.Type.forSchema(parsed, {
    registry,
    wrapUnions: 'never',
    omitRecordMethods: true,
    logicalTypes: LOGICAL_TYPE_CLASSES as never,
    assertLogicalTypes: true,
    typeHook: (part, options) => {
      if (part === 'long') return LONG;
      if (typeof part !== 'object' || Array.isArray(part) || !('type' in part) || 'logicalType' in part) {
        return undefined;
      }
      if (part.type === 'long') return LONG;
      if (part.type === 'record') return recordType(part, options);
      if (part.type === 'enum') return new EnumType(part, options);
      if (part.type === 'map') return new MapType(part, options);
      if (part.type === 'array') return new ArrayType(part, options);
      return undefined;
    },
  });
}
