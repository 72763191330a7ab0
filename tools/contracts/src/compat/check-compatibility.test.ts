import { describe, expect, it } from 'vitest';
import type { Json } from '../contract-model.ts';
import { checkCompatibility } from './check-compatibility.ts';
import { AmbiguousField } from './incompatibility.ts';
import { parseAvro } from './parse-avro.ts';

function check(writer: Json, reader: Json): string[] {
  return checkCompatibility(parseAvro(reader), parseAvro(writer)).map(
    ({ type, location }) => `${type} ${location}`,
  );
}

const record = (fields: Record<string, Json>, more: { readonly [key: string]: Json } = {}): Json => ({
  type: 'record',
  name: 'A',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  ...more,
});
const field = (name: string, type: Json, more: { readonly [key: string]: Json } = {}): Json => ({
  type: 'record',
  name: 'A',
  fields: [{ name, type, ...more }],
});
const enumOf = (symbols: string[], more: { readonly [key: string]: Json } = {}): Json => ({
  type: 'enum',
  name: 'E',
  symbols,
  ...more,
});
const fixed = (size: number, more: { readonly [key: string]: Json } = {}): Json => ({
  type: 'fixed',
  name: 'F',
  size,
  ...more,
});
const withDefault = enumOf(['X'], { default: 'X' });

describe.each<[string, [what: string, writer: Json, reader: Json, ...incompatibilities: string[]][]]>([
  [
    'primitives',
    [
      ['int to long', 'int', 'long'],
      ['int to float', 'int', 'float'],
      ['long to float', 'long', 'float'],
      ['float to double', 'float', 'double'],
      ['string to bytes', 'string', 'bytes'],
      ['bytes to string', 'bytes', 'string'],
      ['long to int', 'long', 'int', 'TYPE_MISMATCH /'],
      ['double to float', 'double', 'float', 'TYPE_MISMATCH /'],
      ['another logical type', { type: 'long', logicalType: 'timestamp-millis' }, 'long'],
      ['fixed to bytes', fixed(1), 'bytes', 'TYPE_MISMATCH /'],
    ],
  ],
  [
    'names',
    [
      ['another namespace', record({}), record({}, { namespace: 'n' })],
      ['another name', record({}), record({}, { name: 'B' }), 'NAME_MISMATCH /name'],
      ['an alias', record({}), record({}, { name: 'B', aliases: ['A'] })],
      [
        'an alias in the own namespace',
        record({}, { name: 'n.A' }),
        record({}, { name: 'n.B', aliases: ['A'] }),
      ],
      [
        'an alias in another namespace',
        record({}, { name: 'm.A' }),
        record({}, { name: 'n.B', aliases: ['A'] }),
        'NAME_MISMATCH /name',
      ],
      [
        'an alias in no namespace, which Java does not find',
        record({}),
        record({}, { name: 'n.B', aliases: ['.A'] }),
        'NAME_MISMATCH /name',
      ],
      [
        'an alias of the writer',
        record({}, { aliases: ['B'] }),
        record({}, { name: 'B' }),
        'NAME_MISMATCH /name',
      ],
      ['an error for a record', record({}, { type: 'error' }), record({})],
    ],
  ],
  [
    'enum and fixed',
    [
      ['more symbols in the reader', enumOf(['X']), enumOf(['Y', 'X'])],
      ['more symbols in the writer', enumOf(['X', 'Y']), enumOf(['X']), 'MISSING_ENUM_SYMBOLS /symbols'],
      ['… and a default', enumOf(['X', 'Y']), withDefault],
      [
        'name and symbols',
        enumOf(['X'], { name: 'G' }),
        enumOf(['Y']),
        'NAME_MISMATCH /name',
        'MISSING_ENUM_SYMBOLS /symbols',
      ],
      ['size', fixed(1), fixed(0), 'FIXED_SIZE_MISMATCH /size'],
      [
        'name and size',
        fixed(1, { name: 'G' }),
        fixed(2),
        'NAME_MISMATCH /name',
        'FIXED_SIZE_MISMATCH /size',
      ],
    ],
  ],
  [
    'fields',
    [
      ['removed', record({ a: 'int' }), record({})],
      ['added with a default', record({}), field('a', 'int', { default: 1 })],
      ['added with the default null', record({}), field('a', ['null', 'int'], { default: null })],
      ['added without one', record({}), record({ a: 'int' }), 'READER_FIELD_MISSING_DEFAULT_VALUE /fields/0'],
      [
        'added, nullable, without one',
        record({}),
        record({ a: ['null', 'int'] }),
        'READER_FIELD_MISSING_DEFAULT_VALUE /fields/0',
      ],
      [
        'added, an enum with a default of its own',
        record({}),
        record({ a: withDefault }),
        'TYPE_MISMATCH /fields/0/type',
      ],
      ['renamed with an alias', record({ a: 'int' }), field('b', 'long', { aliases: ['a'] })],
      ['reordered', record({ a: 'int', b: 'string' }), record({ b: 'string', a: 'int' })],
      [
        'changed deep inside',
        record({
          a: { type: 'map', values: { type: 'array', items: record({ x: 'long' }, { name: 'B' }) } },
        }),
        record({ a: { type: 'map', values: { type: 'array', items: record({ x: 'int' }, { name: 'B' }) } } }),
        'TYPE_MISMATCH /fields/0/type/values/items/fields/0/type',
      ],
    ],
  ],
  [
    'unions',
    [
      ['into a union', 'int', ['null', 'long']],
      ['into a union without it', 'string', ['null', 'long'], 'MISSING_UNION_BRANCH /'],
      ['out of a union, all fit', ['int', 'float'], 'double'],
      [
        'out of a union, one does not fit',
        ['int', 'string', 'null'],
        'long',
        'TYPE_MISMATCH /1',
        'TYPE_MISMATCH /2',
      ],
      ['a branch less', ['null', 'int', 'string'], ['null', 'int'], 'MISSING_UNION_BRANCH /2'],
      ['in another order', ['null', 'int'], ['long', 'null']],
      ['empty ones', [], []],
      [
        'what is wrong inside a branch is not told',
        ['null', record({ x: 'string' })],
        ['null', record({ x: 'int' })],
        'MISSING_UNION_BRANCH /1',
      ],
    ],
  ],
  [
    'shared and recursive types',
    [
      [
        'a shared type that does not fit is told again, at its first place',
        record({ a: record({ x: 'string' }, { name: 'B' }), b: 'B' }),
        record({ a: record({ x: 'int' }, { name: 'B' }), b: 'B' }),
        'TYPE_MISMATCH /fields/0/type/fields/0/type',
        'TYPE_MISMATCH /fields/0/type/fields/0/type',
      ],
      [
        'relative to the branch when that was inside a union',
        record({ a: ['null', record({ x: 'string' }, { name: 'B' })], b: 'B' }),
        record({ a: ['null', record({ x: 'int' }, { name: 'B' })], b: 'B' }),
        'MISSING_UNION_BRANCH /fields/0/type/1',
        'TYPE_MISMATCH /fields/0/type',
      ],
      ['a list', record({ next: ['null', 'A'], v: 'int' }), record({ next: ['null', 'A'], v: 'long' })],
      [
        'a list that does not fit',
        record({ next: ['null', 'A'], v: 'long' }),
        record({ next: ['null', 'A'], v: 'int' }),
        'TYPE_MISMATCH /fields/1/type',
      ],
    ],
  ],
])('%s', (_title, rules) => {
  it.each(rules)('%s', (_what, writer, reader, ...incompatibilities) => {
    expect(check(writer, reader)).toEqual(incompatibilities);
  });
});

it('gives no verdict where a field takes several fields', () => {
  const writer = record({ a: 'int', b: 'int' });
  expect(() => check(writer, field('c', 'int', { aliases: ['a', 'b'] }))).toThrow(AmbiguousField);
});

it.each<[Json, Json, string]>([
  ['long', 'int', "the reader's int cannot take the writer's long"],
  [
    record({}),
    record({ channel: 'int' }),
    'reader field "channel" has no default, and the writer\'s A has no such field',
  ],
  [enumOf(['X', 'Y', 'Z']), enumOf(['X']), "the reader's enum E has no default and lacks Y, Z"],
  [fixed(1), fixed(2), "the reader's F has 2 bytes, the writer's 1"],
  [
    record({}),
    record({}, { name: 'n.B' }),
    "the reader's record n.B has neither the name nor an alias of the writer's A",
  ],
  ['string', ['null', 'int'], "no branch of the reader's union can take the writer's string"],
])('explains why %j cannot be read with %j', (writer, reader, message) => {
  expect(checkCompatibility(parseAvro(reader), parseAvro(writer)).map((found) => found.message)).toEqual([
    message,
  ]);
});

it('keeps a verdict finite when shared types double it at every level', () => {
  const levels = (type: Json): Json =>
    Array.from({ length: 64 }, (_, level) => {
      const inner = level === 0 ? type : `L${level - 1}`;
      return record({ a: inner, b: inner }, { name: `L${level}` });
    });
  const top = (type: Json) => record({ all: levels(type), last: 'L63' });
  const found = check(top('string'), top('int'));
  expect(new Set(found)).toEqual(
    new Set([
      ...Array.from({ length: 64 }, (_, level) => `MISSING_UNION_BRANCH /fields/0/type/${level}`),
      'TYPE_MISMATCH /fields/0/type',
      'TYPE_MISMATCH /fields/1/type',
    ]),
  );
  expect(found.length).toBeLessThan(3_000);
});
