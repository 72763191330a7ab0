/** Records for programs that look at many schemas: nothing is compiled before it is used. */
import avsc from 'avsc';
import type { types } from 'avsc';

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
  override _createBranchConstructor(): unknown {
    return noBranchConstructor();
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

  /** Compiling one encodes the defaults, with the one buffer that avsc has, and that would be in use by then. */
  override _createWriter(): Compiled {
    return () => {
      throw new TypeError('a lazy type does not encode, avroType does');
    };
  }

  /** Does what avsc writes a function for. */
  override _createChecker(): Compiled {
    return function (this: unknown, value, flags, hook, path) {
      return checkRecord(this as CheckedRecord, value, flags as Flags, hook as Hook, path as string[]);
    };
  }
}

type Flags = number | undefined;
type Hook = ((value: unknown, type: unknown) => void) | undefined;

interface CheckedRecord {
  readonly fields: readonly {
    readonly name: string;
    readonly type: { _check(value: unknown, flags: Flags, hook: Hook, path: string[]): boolean };
    defaultValue(): unknown;
  }[];
  _checkFields(value: unknown): boolean;
}

function checkRecord(
  record: CheckedRecord,
  value: unknown,
  flags: Flags,
  hook: Hook,
  path: string[],
): boolean {
  if (typeof value !== 'object' || value === null || (flags && !record._checkFields(value))) {
    hook?.(value, record);
    return false;
  }
  let isValid = true;
  const depth = hook ? path.length : 0;
  for (const field of record.fields) {
    const { name, type } = field;
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (hook) path[depth] = name;
    if (inner === undefined && field.defaultValue() !== undefined) continue;
    isValid = type._check(inner, flags, hook, path) && isValid;
    if (!isValid && !hook) return false;
  }
  if (hook) path.length = depth;
  return isValid;
}

function whenCalled(make: () => Compiled): Compiled {
  let made: Compiled | undefined;
  return function (this: unknown, ...args) {
    made ??= make();
    return made.apply(this, args);
  };
}

/** Returns the record type of a schema. */
export function lazyRecordType(schema: avsc.Schema, options: unknown): types.RecordType {
  const type: unknown = new LazyRecordType(schema, options);
  return type as types.RecordType;
}

/** For what avsc compiles two functions each: types that a wrapped union may hold, of which there are none. */
export function noBranchConstructor(): null {
  return null;
}
