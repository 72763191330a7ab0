/** What a lazy type says of schemas and values is what the compiled one says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryValue } from './arbitrary-value.setup.ts';
import { avroType, lazyAvroType } from './avro-type.ts';
import { findWrongValues } from './wrong-values.ts';

const LINE = {
  type: 'record',
  name: 'Line',
  fields: [
    { name: 'sku', type: 'string', default: 'none' },
    { name: 'more', type: ['null', 'double'], default: null },
  ],
};
const ORDER = {
  type: 'record',
  name: 'Order',
  namespace: 'shop.v1',
  fields: [
    { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 }, default: '' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'], default: 'A' } },
    { name: 'lines', type: { type: 'array', items: LINE } },
    { name: 'first', type: 'Line', default: { sku: 'x', more: null } },
    { name: 'stock', type: { type: 'map', values: ['null', 'long'] } },
    { name: 'mark', type: ['null', 'bytes'], default: null },
  ],
};
const compiled = avroType(ORDER);
const lazy = lazyAvroType(ORDER);

/** Puts something else in the place of one value. */
function damaged(value: unknown, steps: readonly number[], other: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return other;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  copy[key] = damaged(copy[key], rest, other);
  return copy;
}

describe('a lazy type', () => {
  it('finds the same wrong values, in the same places', () => {
    const steps = fc.array(fc.nat(7), { minLength: 1, maxLength: 4 });
    const others = fc.oneof(fc.constant(undefined), fc.anything());
    fc.assert(
      fc.property(arbitraryValue(compiled), steps, others, fc.boolean(), (value, path, other, strict) => {
        const wrong = damaged(value, path, other);
        expect(findWrongValues(lazy, wrong, { strict })).toEqual(
          findWrongValues(compiled, wrong, { strict }),
        );
        expect(lazy.isValid(wrong)).toBe(compiled.isValid(wrong));
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads the same, also what another version wrote', () => {
    const newer = {
      ...ORDER,
      fields: [...ORDER.fields.slice(1), { name: 'note', type: 'string', default: '' }],
    };
    const reader = avroType(newer);
    const lazyReader = lazyAvroType(newer);
    const resolver = reader.createResolver(compiled);
    const lazyResolver = lazyReader.createResolver(lazy);
    fc.assert(
      fc.property(arbitraryValue(compiled), (value) => {
        const bytes = compiled.toBuffer(value);
        expect(lazy.fromBuffer(bytes)).toEqual(compiled.fromBuffer(bytes));
        expect(lazyReader.fromBuffer(bytes, lazyResolver)).toEqual(reader.fromBuffer(bytes, resolver));
      }),
      { numRuns: 20 },
    );
  });

  it('has the same fingerprint', () => {
    expect(lazy.fingerprint('sha256')).toEqual(compiled.fingerprint('sha256'));
  });

  it.each([
    ['an ambiguous union', ['int', 'long']],
    ['a type that is none', { type: 'record', name: 'A', fields: [{ name: 'b', type: 'strin' }] }],
    ['a default of another type', { ...LINE, fields: [{ name: 'sku', type: 'int', default: 'x' }] }],
    ['two fields of one name', { ...LINE, fields: [LINE.fields[0], LINE.fields[0]] }],
    [
      'a decimal without precision',
      {
        ...LINE,
        fields: [{ name: 'p', type: { type: 'long', logicalType: 'timestamp-millis' }, default: 'x' }],
      },
    ],
  ])('refuses %s with the same words', (_, schema) => {
    const messageOf = (make: (schema: unknown) => unknown) => {
      try {
        make(schema);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    };
    const message = messageOf((one) => avroType(one));
    expect(message).toBeDefined();
    expect(messageOf((one) => lazyAvroType(one))).toBe(message);
  });

  it('says that it does not encode', () => {
    expect(() => lazyAvroType(LINE).toBuffer({ sku: 'a', more: null })).toThrow(
      'a lazy type does not encode, avroType does',
    );
  });
});
