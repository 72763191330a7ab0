import { describe, expect, it } from 'vitest';
import type { Json } from '../contract-model.ts';
import { parseAvro } from './parse-avro.ts';

const record = (fields: Json, more: { readonly [key: string]: Json } = {}): Json => ({
  type: 'record',
  name: 'A',
  fields,
  ...more,
});
const E: Json = { type: 'enum', name: 'E', symbols: ['X'] };
const nested = (depth: number): Json =>
  Array.from({ length: depth }).reduce<Json>((items) => ({ type: 'array', items }), 'int');

describe('takes what Java takes', () => {
  it.each<[string, Json]>([
    [
      'a type before its definition',
      [record([{ name: 'b', type: 'B' }]), { type: 'fixed', name: 'B', size: 0 }],
    ],
    ['a type that contains itself', record([{ name: 'next', type: ['null', 'A'], default: null }])],
    [
      'a definition that is repeated',
      record([
        { name: 'a', type: E },
        { name: 'b', type: E },
      ]),
    ],
    [
      'a short name of no namespace from within one',
      record([
        { name: 'a', type: E },
        { name: 'b', type: { type: 'record', name: 'n.B', fields: [{ name: 'c', type: 'E' }] } },
      ]),
    ],
    [
      'a namespace that ends',
      record(
        [
          { name: 'a', type: { ...(E as object), namespace: '' } },
          { name: 'b', type: 'E' },
        ],
        { namespace: 'n' },
      ),
    ],
    ['letters of other alphabets', record([{ name: 'größe', type: 'int' }], { name: '中文' })],
    ['an empty enum', { type: 'enum', name: 'E', symbols: [] }],
    ['an empty union', []],
    ['a default for any branch', record([{ name: 'a', type: ['null', 'int'], default: 1 }])],
    ['a text as the default of a double', record([{ name: 'a', type: 'double', default: 'NaN' }])],
    ['an order in capitals', record([{ name: 'a', type: 'int', order: 'IGNORE' }])],
    ['999 levels', nested(999)],
  ])('%s', (_what, json) => {
    expect(parseAvro(json).type).toBeTypeOf('string');
  });
});

describe('refuses what Java refuses, and says where', () => {
  it.each<[string, Json, string]>([
    ['no schema', null, 'null is not a schema'],
    ['no type', { name: 'A' }, 'a schema needs a type, not nothing'],
    [
      'an unknown type',
      record([{ name: 'a', type: ['null', 'strin'] }]),
      '/fields/0/type/1: there is no type strin',
    ],
    [
      'an unknown type in a namespace',
      record([{ name: 'a', type: 'B' }], { namespace: 'n' }),
      '/fields/0/type: there is no type n.B',
    ],
    ['a name alone', 'A', 'there is no type A'],
    ['a record without fields', { type: 'record', name: 'A' }, 'a record needs a list of fields'],
    ['a record without name', { type: 'record', fields: [] }, 'a record needs a name'],
    ['a wrong name', record([], { name: 'a-b' }), '"a-b" is not a name'],
    ['a wrong namespace', record([], { namespace: 'a..b' }), '"a..b" is not a namespace'],
    [
      'the name of a primitive',
      record([], { name: 'int' }),
      'a type cannot have the name of the primitive int',
    ],
    ['a wrong alias', record([], { aliases: ['a b'] }), 'the alias "a b" is not a name'],
    [
      'two fields of one name',
      record([
        { name: 'a', type: 'int' },
        { name: 'a', type: 'int' },
      ]),
      '/fields/1: the record has two fields "a"',
    ],
    ['a field without name', record([{ type: 'int' }]), '/fields/0: a field needs a name'],
    ['a field without type', record([{ name: 'a' }]), '/fields/0: field "a" needs a type'],
    [
      'a wrong order',
      record([{ name: 'a', type: 'int', order: 'up' }]),
      '/fields/0: order "up" is none of ascending, descending, ignore',
    ],
    [
      'a wrong default',
      record([{ name: 'a', type: 'int', default: 1.5 }]),
      '/fields/0: default 1.5 of field "a" is not a int',
    ],
    [
      'a default too large for an int',
      record([{ name: 'a', type: 'int', default: 2 ** 31 }]),
      '/fields/0: default 2147483648 of field "a" is not a int',
    ],
    [
      'null as a default of a union without null',
      record([{ name: 'a', type: ['int', 'string'], default: null }]),
      '/fields/0: default null of field "a" is not a union',
    ],
    [
      'a default of a record that lacks a field',
      record([
        { name: 'a', type: { type: 'record', name: 'B', fields: [{ name: 'x', type: 'int' }] }, default: {} },
      ]),
      '/fields/0: default {} of field "a" is not a B',
    ],
    [
      'a default of the record around it',
      record([{ name: 'a', type: ['A', 'null'], default: {} }]),
      'a default holds a A, which is not complete at that point',
    ],
    [
      'two symbols of one name',
      { type: 'enum', name: 'E', symbols: ['X', 'X'] },
      'the enum has two symbols "X"',
    ],
    ['a wrong symbol', { type: 'enum', name: 'E', symbols: ['a b'] }, '"a b" is not a symbol'],
    [
      'a default that is no symbol',
      { type: 'enum', name: 'E', symbols: ['X'], default: 'Y' },
      'the default "Y" is not a symbol of the enum',
    ],
    ['a negative size', { type: 'fixed', name: 'F', size: -1 }, '-1 is not a size'],
    ['a union in a union', [['int'], 'null'], 'a union cannot be a branch of a union'],
    ['two branches of one type', ['int', 'int'], 'the union has two branches int'],
    [
      'two branches of one name, before its definition',
      [{ type: 'array', items: ['B', 'B'] }, record([], { name: 'B' })],
      'the union has two branches B',
    ],
    [
      'two definitions of one name',
      record([
        { name: 'a', type: E },
        { name: 'b', type: { ...(E as object), symbols: ['Y'] } },
      ]),
      '/fields/1/type: E is defined a second time',
    ],
    [
      'a self-containing definition that is repeated',
      record([{ name: 'a', type: record([], { name: 'A' }) }]),
      'A is defined a second time',
    ],
  ])('%s', (_what, json, message) => {
    expect(() => parseAvro(json)).toThrow(
      expect.objectContaining({ name: 'SchemaRefused', message }) as Error,
    );
  });

  it('1,001 levels', () => {
    expect(() => parseAvro(nested(1_001))).toThrow('is nested deeper than 1000 levels');
  });
});
