import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avroType } from './avro-type.ts';

const MAX = 9_007_199_254_740_990;

/** Zigzag and base 128, as the Avro specification describes them, without any arithmetic on doubles. */
function specification(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

describe.each([['long'], ['{"type":"long"}'], ['{"type":"long","logicalType":"timestamp-micros"}']])(
  '%s',
  (schema) => {
    const type = avroType(schema);

    it.each([
      [0],
      [-1],
      [2 ** 31],
      [2 ** 52 - 1],
      [2 ** 52],
      [2 ** 52 + 1],
      [-(2 ** 52) + 1],
      [-(2 ** 52)],
      [-(2 ** 52) - 1],
      [MAX],
      [-MAX],
    ])('keeps %d', (value) => {
      expect(type.toBuffer(value)).toEqual(specification(BigInt(value)));
      expect(type.fromBuffer(type.toBuffer(value))).toBe(value);
    });

    it('keeps all others that a number can hold exactly', () => {
      fc.assert(
        fc.property(fc.integer({ min: -MAX, max: MAX }), (value) => {
          expect(type.toBuffer(value)).toEqual(specification(BigInt(value)));
          expect(type.fromBuffer(type.toBuffer(value))).toBe(value);
        }),
      );
    });

    it.each([[2n ** 53n], [-(2n ** 53n)], [2n ** 63n - 1n], [-(2n ** 63n)]])(
      'refuses to read %d',
      (value) => {
        expect(() => type.fromBuffer(specification(value)) as unknown).toThrow('cannot be kept exactly');
      },
    );

    it.each([[2 ** 53], [1.5], [NaN], [Infinity], ['1'], [1n], [null]])('refuses to write %s', (value) => {
      expect(() => type.toBuffer(value)).toThrow('invalid "long"');
    });

    it('does not read on for ever', () => {
      expect(() => type.fromBuffer(Buffer.alloc(50, 0xff)) as unknown).toThrow();
    });
  },
);

describe('a long', () => {
  it('is read from an int, in a union, an array, a map and through a resolver', () => {
    const value = -(2 ** 52) - 1;
    const nested = avroType({
      type: 'record',
      name: 'Nested',
      fields: [
        { name: 'union', type: ['null', 'long'] },
        { name: 'array', type: { type: 'array', items: 'long' } },
        { name: 'map', type: { type: 'map', values: 'long' } },
      ],
    });
    const data = { union: value, array: [value], map: { a: value } };
    const again = avroType(nested.schema());
    expect(nested.fromBuffer(again.toBuffer(data), nested.createResolver(again))).toStrictEqual(data);
    const int = avroType('int');
    const long = avroType('long');
    expect(long.fromBuffer(int.toBuffer(-7), long.createResolver(int))).toBe(-7);
  });
});
