import type { Type, types } from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodec } from './codec.ts';
import { EVENTS } from './generated/index.ts';
import { createFixedCatalog } from './schema-catalog.ts';

const MAX_SAFE_LONG = 9_007_199_254_740_990;
const DAY = 86_400_000;

/** Values of a schema, from its avsc type, so that every event there will ever be is tested. */
function arbitrary(type: Type): fc.Arbitrary<unknown> {
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
      return fc.integer({ min: -MAX_SAFE_LONG, max: MAX_SAFE_LONG });
    case 'float':
      return fc.float();
    case 'double':
      return fc.double();
    case 'string':
      return fc.string({ unit: 'grapheme' });
    case 'bytes':
      return fc.uint8Array().map((bytes) => Buffer.from(bytes));
    case 'enum':
      return fc.constantFrom(...(type as types.EnumType).symbols);
    case 'array':
      return fc.array(arbitrary((type as types.ArrayType).itemsType));
    case 'map':
      return fc
        .array(
          fc.tuple(
            fc.oneof(fc.string(), fc.constant('__proto__')),
            arbitrary((type as types.MapType).valuesType as Type),
          ),
        )
        .map((entries) => Object.fromEntries(entries));
    case 'union:unwrapped':
      return fc.oneof(...(type as types.UnwrappedUnionType).types.map(arbitrary));
    case 'record': {
      const fields = (type as types.RecordType).fields.map(
        (field) => [field.name, arbitrary(field.type)] as const,
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

describe.each(EVENTS.map((contract) => [contract.type, contract] as const))('%s', (_, contract) => {
  const catalog = createFixedCatalog(EVENTS);
  const codec = createCodec(catalog);
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  const events = fc.record(
    {
      id: text,
      type: fc.constant(contract.type),
      source: text,
      time: fc.date({
        noInvalidDate: true,
        min: new Date('0001-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59Z'),
      }),
      subject: text,
      key: fc.string({ unit: 'grapheme' }),
      data: arbitrary(catalog.own(contract.subject).type),
      extensions: fc.dictionary(fc.stringMatching(/^x[a-z0-9]{1,8}$/), text, { noNullPrototype: true }),
    },
    { noNullPrototype: true },
  );

  it('comes back equal, whatever is in it', () => {
    fc.assert(
      fc.property(events, (event) => {
        const record = codec.encode(contract, event);
        expect(codec.decode(contract, { ...record, timestamp: new Date(0) })).toStrictEqual(event);
      }),
    );
  });

  it('is never anything but an event or poison when its bytes are changed', () => {
    fc.assert(
      fc.property(events, fc.nat(), fc.nat(255), (event, position, byte) => {
        const record = codec.encode(contract, event);
        const at = 5 + (position % (record.value.length - 5));
        record.value[at] = byte;
        try {
          codec.decode(contract, { ...record, timestamp: new Date(0) });
        } catch (error) {
          expect(error).toMatchObject({ name: 'DeserializationError', verdict: 'poison' });
        }
      }),
    );
  });
});
