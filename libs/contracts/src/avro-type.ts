/**
 * How all of this repository reads a schema with avsc. `wrapUnions: 'never'` refuses ambiguous unions, so that the
 * shape of a value can never flip when a branch is added.
 */
import avsc from 'avsc';
import type { types } from 'avsc';
import { LOGICAL_TYPE_CLASSES } from './logical-types.ts';
import { LONG } from './long-type.ts';
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

/** A map that survives garbage and the key `__proto__`, which a plain assignment loses. */
class MapType extends avsc.types.MapType {
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

/** What avsc compiles for a record, which its typings do not tell. */
interface Compiler {
  _createBranchConstructor(): unknown;
  _createConstructor(...options: unknown[]): new (...values: unknown[]) => object;
  _createReader(): Compiled;
  _createSkipper(): Compiled;
  _createWriter(): Compiled;
  _createChecker(): Compiled;
}
type Compiled = (this: unknown, ...args: unknown[]) => unknown;

const CompilingRecordType = avsc.types.RecordType as unknown as new (
  schema: avsc.Schema,
  options: unknown,
) => types.RecordType & Compiler;

/** A record whose functions are compiled when they are first called. */
class LazyRecordType extends CompilingRecordType {
  /** Only for branches of wrapped unions, which there are none of. */
  override _createBranchConstructor(): unknown {
    return null;
  }

  override _createConstructor(...options: unknown[]) {
    let made: ReturnType<Compiler['_createConstructor']> | undefined;
    const make = () => super._createConstructor(...options);
    return function LazyRecord(...values: unknown[]): object {
      return Object.assign({}, new (made ??= make())(...values));
    } as unknown as ReturnType<Compiler['_createConstructor']>;
  }

  override _createReader(): Compiled {
    return whenCalled(() => super._createReader());
  }

  override _createSkipper(): Compiled {
    return whenCalled(() => super._createSkipper());
  }

  override _createWriter(): Compiled {
    return whenCalled(() => super._createWriter());
  }

  override _createChecker(): Compiled {
    return whenCalled(() => super._createChecker());
  }
}

function whenCalled(make: () => Compiled): Compiled {
  let made: Compiled | undefined;
  return function (this: unknown, ...args) {
    made ??= make();
    return made.apply(this, args);
  };
}

/**
 * Returns the avsc type of a schema (parsed JSON, or JSON text).
 * Throws what avsc throws when the schema is wrong or has an ambiguous union; pass `registry` to share named types.
 */
export function avroType(schema: unknown, registry: Record<string, avsc.Type> = {}): avsc.Type {
  return readSchema(schema, registry, plainRecordType);
}

/**
 * Returns and throws the same as `avroType`, in a quarter of the time. Encodes and decodes more slowly: for programs that look
 * at many schemas and use few.
 */
export function lazyAvroType(schema: unknown): avsc.Type {
  return readSchema(schema, { ...PRIMITIVES }, (part, options) => new LazyRecordType(part, options));
}

/** As avsc makes them for each schema anew. */
const PRIMITIVES = Object.fromEntries(
  ['null', 'boolean', 'int', 'float', 'double', 'bytes', 'string'].map((name) => [
    name,
    avsc.Type.forSchema(name as avsc.Schema, { registry: {} }),
  ]),
);

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
      if (part.type === 'map') return new MapType(part, options);
      if (part.type === 'array') return new ArrayType(part, options);
      return undefined;
    },
  });
}
