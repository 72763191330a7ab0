import { expect, it } from 'vitest';
import type { Problem } from './problems.ts';
import { checkValues } from './check-values.ts';
import { TypeCollector } from './type-collector.ts';

/** What is wrong with a field of this type and default, in a record that has an enum, a fixed and a record besides. */
function problemsOf(type: unknown, value: unknown): string[] {
  const problems: Problem[] = [];
  const collector = new TypeCollector(problems);
  const doc = 'Something.';
  const named = [
    { type: 'enum', name: 'Colour', doc, symbols: ['UNKNOWN', 'RED'], default: 'UNKNOWN' },
    { type: 'fixed', name: 'Hash', doc, size: 2 },
    {
      type: 'record',
      name: 'Point',
      doc,
      fields: [
        { name: 'x', type: 'int', doc },
        { name: 'y', type: 'int', doc, default: 0 },
      ],
    },
  ];
  const fields = named.map((schema) => ({ name: schema.name.toLowerCase(), type: schema, doc }));
  const field = { name: 'it', type, doc, default: value };
  const record = { type: 'record', name: 'R', namespace: 'eda.a.v1', doc, fields: [...fields, field] };
  collector.collect('R.avsc', JSON.parse(JSON.stringify(record)) as never);
  checkValues(collector, problems);
  return problems.map(({ code, what }) => `${code} ${what}`);
}

it.each<[type: unknown, right: readonly unknown[], wrong: readonly unknown[]]>([
  ['null', [null], [0, '', false]],
  ['boolean', [true, false], [null, 0, 'true']],
  ['int', [0, -2_147_483_648, 2_147_483_647], [1.5, 2_147_483_648, -2_147_483_649, '1', null]],
  ['long', [0, 2 ** 53 - 1], [1.5, 2 ** 53, '1']],
  ['float', [0, 1.5], ['1', null]],
  ['double', [0, 1.5], ['1', null]],
  ['string', ['', 'a'], [0, null, ['a']]],
  ['bytes', ['', '\u00ff'], [0, null]],
  ['Colour', ['RED'], ['BLUE', 0, null]],
  ['Hash', ['ab'], ['a', 'abc', null]],
  ['Point', [{ x: 1 }, { x: 1, y: 2 }], [{}, { y: 1 }, { x: '1' }, [], null]],
  [{ type: 'array', items: 'int' }, [[], [1]], [['a'], {}, null]],
  [{ type: 'map', values: 'int' }, [{}, { a: 1 }], [{ a: 'b' }, [], null]],
  [{ type: 'array', items: ['null', 'int'] }, [[null]], [[1]]],
  [{ type: 'long', logicalType: 'timestamp-millis' }, [0], ['2026-01-15']],
  [['null', 'int'], [null], [1, 'a']],
  [['int', 'null'], [1], [null, 'a']],
])('defaults of %j', (type, right, wrong) => {
  expect(right.map((value) => problemsOf(type, value))).toEqual(right.map(() => []));
  expect(wrong.map((value) => problemsOf(type, value))).toEqual(
    wrong.map((): unknown[] => [expect.stringMatching(/^C005 default /)]),
  );
});

it.each<[union: readonly unknown[], kind: string]>([
  [['int', 'double'], 'a number'],
  [['string', 'Colour'], 'a string'],
  [['bytes', 'Hash'], 'a Buffer'],
  [['Point', { type: 'map', values: 'int' }], 'an object'],
  [['null', { type: 'array', items: 'int' }, { type: 'array', items: 'string' }], 'an array'],
])('the union %j is ambiguous', (union, kind) => {
  expect(problemsOf({ type: 'array', items: union }, [])).toEqual([
    expect.stringMatching(new RegExp(`^C009 ambiguous union: .* are both ${kind} in JavaScript$`)),
  ]);
});

it('a union of one of each is not ambiguous', () => {
  const union = ['null', 'boolean', 'long', 'string', 'bytes', 'Point', { type: 'array', items: 'int' }];
  expect(problemsOf({ type: 'array', items: union }, [])).toEqual([]);
});

it('a logical type is told apart from what it stands on, as the codec does', () => {
  const decimal = { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 };
  expect(problemsOf({ type: 'array', items: ['null', decimal, 'bytes'] }, [])).toEqual([]);
});
