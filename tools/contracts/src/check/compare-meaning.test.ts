import { expect, it } from 'vitest';
import { parseAvro } from '../compat/parse-avro.ts';
import type { Json } from '../contract-model.ts';
import { compareMeaning, movedTypes } from './compare-meaning.ts';
import { fieldLabel, followPointer, hasField } from './schema-path.ts';

const record = (name: string, ...fields: readonly (readonly [string, Json])[]): Json => ({
  type: 'record',
  name: `n.${name}`,
  fields: fields.map(([field, type]) => ({ name: field, type })),
});
const A = record('A', ['x', 'int']);
const B = record('B', ['y', 'int']);
const of = (type: Json): Json => record('Top', ['f', type]);

function differences(before: Json, after: Json): string[] {
  return compareMeaning(parseAvro(before), parseAvro(after)).map(
    ({ level, steps, attribute, what }) => `${level} ${fieldLabel(steps)} ${attribute}: ${what}`,
  );
}

it.each<[string, Json, Json, string[]]>([
  ['the same', of('int'), of('int'), []],
  ['int and long are both numbers', of('int'), of('long'), []],
  ['a narrower union', of(['null', 'string']), of(['string']), []],
  ['branches change places', of(['null', 'string']), of(['string', 'null']), []],
  [
    'a second record in a union, whose values would be wrapped',
    of(['null', A]),
    of(['null', A, B]),
    ['SOURCE fields.f type: is A | B | null in TypeScript and was an object | null'],
  ],
  [
    'a value becomes nullable',
    of('string'),
    of(['null', 'string']),
    ['SOURCE fields.f type: is string | null in TypeScript and was string'],
  ],
  [
    'deep inside lists, maps and records',
    of({ type: 'array', items: { type: 'map', values: record('In', ['x', ['null', 'string']]) } }),
    of({ type: 'array', items: { type: 'map', values: record('In', ['x', ['null', 'string', 'bytes']]) } }),
    ['SOURCE fields.f.fields.x type: is string | Buffer | null in TypeScript and was string | null'],
  ],
  [
    'a logical type in a union is told once for each level',
    of(['null', { type: 'long', logicalType: 'timestamp-millis' }]),
    of(['null', { type: 'long', logicalType: 'timestamp-micros' }]),
    [
      'SOURCE fields.f type: is number | null in TypeScript and was Date | null',
      'SEMANTIC fields.f logicalType: the logical type is "timestamp-micros" and was "timestamp-millis"',
    ],
  ],
  [
    'a fixed decimal',
    of({ type: 'fixed', name: 'D', size: 8, logicalType: 'decimal', precision: 9 }),
    of({ type: 'fixed', name: 'D', size: 8, logicalType: 'decimal', precision: 9, scale: 2 }),
    ['SEMANTIC fields.f scale: the scale is 2 and was 0'],
  ],
  [
    'the default of an enum',
    of({ type: 'enum', name: 'E', symbols: ['X', 'Y'], default: 'X' }),
    of({ type: 'enum', name: 'E', symbols: ['X', 'Y'], default: 'Y' }),
    ['SEMANTIC fields.f default: the default of E is Y and was X'],
  ],
  [
    'a type that contains itself ends',
    record('Node', ['next', ['null', 'n.Node']], ['v', 'string']),
    record('Node', ['next', ['null', 'n.Node']], ['v', 'bytes']),
    ['SOURCE fields.v type: is Buffer in TypeScript and was string'],
  ],
])('%s', (_, before, after, expected) => {
  expect(differences(before, after)).toEqual(expected);
});

it('a type that moved is named, one that is new or renamed is not', () => {
  const moved = (name: string) => parseAvro(of({ type: 'enum', name, symbols: ['X'] }));
  expect(movedTypes(moved('a.E'), moved('b.E'))).toEqual([{ before: 'a.E', after: 'b.E' }]);
  expect(movedTypes(moved('a.E'), moved('a.F'))).toEqual([]);
});

it('a reader looks at a field through lists, maps, unions and aliases', () => {
  const inner: Json = {
    type: 'record',
    name: 'n.In',
    fields: [{ name: 'x', aliases: ['old'], type: 'int' }],
  };
  const schema = parseAvro(of(['null', { type: 'array', items: { type: 'map', values: inner } }]));
  expect(hasField(schema, ['f', 'x'])).toBe(true);
  expect(hasField(schema, ['f', 'old'])).toBe(true);
  expect(hasField(schema, ['f', 'y'])).toBe(false);
  expect(hasField(schema, [])).toBe(true);
});

it.each<[string, string, string, string | undefined]>([
  ['/fields/0/type/items/fields/0', 'fields.f.fields.x', '', 'x'],
  ['/fields/0/type/items/fields/0/type/symbols', 'fields.f.fields.x', 'symbols', undefined],
  ['/fields/0/type/3', 'fields.f', '', undefined],
  ['/fields/7', '', '', undefined],
  ['/', '', '', undefined],
])('%s leads to %s', (pointer, label, attribute, field) => {
  const schema = parseAvro(of({ type: 'array', items: record('In', ['x', 'int']) }));
  const { steps, ...rest } = followPointer(schema, pointer);
  expect([fieldLabel(steps), rest.attribute, rest.field]).toEqual([label, attribute, field]);
});
