/** Arbitrary values of an Avro type, for tests: made from the schema, so that every event there will ever be is tested. */
import type { Type } from 'avsc';
import fc from 'fast-check';

const DAY = 86_400_000;

/** What can be kept: longs on both sides of zero, and whether a map may have the key `__proto__`. */
export interface Limits {
  readonly maxLong: number;
  readonly protoKey: boolean;
}

/** Limits of our codec. */
export const OURS: Limits = { maxLong: 9_007_199_254_740_990, protoKey: true };

/** Limits of avsc, and with it of every client built on it: beyond them it keeps something else, silently. */
export const PLAIN_AVSC: Limits = { maxLong: 2 ** 52 - 1, protoKey: false };

/** What the avsc type of each kind is made of. */
interface Parts {
  readonly size: number;
  readonly symbols: readonly string[];
  readonly itemsType: Type;
  readonly valuesType: Type;
  readonly types: readonly Type[];
  readonly fields: readonly { readonly name: string; readonly type: Type }[];
}

/** What is nested grows no deeper than this where a null, or an empty list, ends it. */
const DEPTH = { maxDepth: 3, depthIdentifier: 'value' };

/** Returns values of `type` within `limits`. */
export function arbitraryValue(type: Type, limits = OURS): fc.Arbitrary<unknown> {
  return arbitraryWithin(type, limits, new Set());
}

/** `outer` are the records that it stands in: one that holds itself is made anew for each value. */
function arbitraryWithin(type: Type, limits: Limits, outer: ReadonlySet<Type>): fc.Arbitrary<unknown> {
  const parts = type as unknown as Parts;
  const inner = (part: Type) => arbitraryWithin(part, limits, outer);
  const [, logical] = /^logical:(.*)$/.exec(type.typeName) ?? [];
  if (logical !== undefined) return logicalArbitrary(logical, type);
  switch (type.typeName) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'int':
      return fc.integer();
    case 'long':
      return fc.integer({ min: -limits.maxLong, max: limits.maxLong });
    case 'float':
      return fc.float();
    case 'double':
      return fc.double();
    case 'string':
      return fc.string({ unit: 'grapheme' });
    case 'bytes':
      return fc.uint8Array().map((bytes) => Buffer.from(bytes));
    case 'fixed':
      return fc
        .uint8Array({ minLength: parts.size, maxLength: parts.size })
        .map((bytes) => Buffer.from(bytes));
    case 'enum':
      return fc.constantFrom(...parts.symbols);
    case 'array':
      return fc.array(inner(parts.itemsType), DEPTH);
    case 'map': {
      const keys = limits.protoKey
        ? fc.oneof(fc.string(), fc.constant('__proto__'))
        : fc.string().filter((key) => key !== '__proto__');
      return fc
        .array(fc.tuple(keys, inner(parts.valuesType)), DEPTH)
        .map((entries) => Object.fromEntries(entries));
    }
    case 'union:unwrapped':
      // The first is what ends the depth.
      return fc.oneof(
        DEPTH,
        ...parts.types
          .toSorted((a, b) => Number(b.typeName === 'null') - Number(a.typeName === 'null'))
          .map(inner),
      );
    case 'record': {
      if (outer.has(type)) return fc.constant(null).chain(() => arbitraryValue(type, limits));
      const within = new Set([...outer, type]);
      const fields = parts.fields.map(
        (field) => [field.name, arbitraryWithin(field.type, limits, within)] as const,
      );
      return fc.record(Object.fromEntries(fields), { noNullPrototype: true });
    }
    default:
      throw new TypeError(`no arbitrary for ${type.typeName}`);
  }
}

function logicalArbitrary(logical: string, type: Type): fc.Arbitrary<unknown> {
  switch (logical) {
    case 'timestamp-millis':
      return fc.date({ noInvalidDate: true });
    case 'date':
      return fc
        .integer({ min: -700_000, max: 2_900_000 })
        .map((days) => new Date(days * DAY).toISOString().slice(0, 10));
    case 'uuid':
      return fc.uuid();
    case 'decimal':
      return decimals(type.schema({ exportAttrs: true }) as { precision?: number; scale?: number });
    default:
      throw new TypeError(`no arbitrary for ${logical}`);
  }
}

/** In the form in which decimals are read: as many digits after the point as the scale says. */
function decimals({
  precision = 12,
  scale = 2,
}: {
  precision?: number;
  scale?: number;
}): fc.Arbitrary<string> {
  const limit = 10n ** BigInt(precision) - 1n;
  return fc.bigInt({ min: -limit, max: limit }).map((unscaled) => {
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
    const point = digits.length - scale;
    return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? '.' : ''}${digits.slice(point)}`;
  });
}
