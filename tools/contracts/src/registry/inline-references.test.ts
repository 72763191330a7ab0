import { expect, it } from 'vitest';
import { parseAvro } from '../compat/parse-avro.ts';
import type { Json } from '../contract-model.ts';
import { inlineReferences } from './inline-references.ts';

const record = (name: string, type: Json, more: object = {}): Json => ({
  type: 'record',
  name,
  ...more,
  fields: [{ name: 'field', type }],
});

const inlined = (schema: Json, types: Readonly<Record<string, Json>>): Json =>
  JSON.parse(
    inlineReferences(
      JSON.stringify(schema),
      new Map(Object.entries(types).map(([name, type]) => [name, JSON.stringify(type)])),
    ),
  ) as Json;

it('finds a type by the short name that its namespace allows', () => {
  const part = record('Part', 'int', { namespace: 'shop' });
  const whole = inlined(record('Whole', ['null', 'Part'], { namespace: 'shop' }), { 'shop.Part': part });
  expect(whole).toEqual(record('Whole', ['null', part], { namespace: 'shop' }));
});

it('takes the namespace of a name with dots, and does not look for short names outside', () => {
  const part = record('Part', 'int', { namespace: 'shop' });
  const types = { 'shop.Part': part };
  expect(inlined(record('shop.Whole', 'Part'), types)).toEqual(record('shop.Whole', part));
  expect(inlined(record('other.Whole', 'Part'), types)).toEqual(record('other.Whole', 'Part'));
});

it('leaves a type that has no namespace without one', () => {
  const types = { Part: record('Part', 'Inner'), Inner: record('Inner', 'int') };
  const whole = inlined(record('Whole', 'Part', { namespace: 'shop' }), types);
  const part = record('Part', record('Inner', 'int'), { namespace: '' });
  expect(whole).toEqual({
    ...(record('Whole', part, { namespace: 'shop' }) as object),
  });
  expect(() => parseAvro(whole)).not.toThrow();
});

it('writes a type out once', () => {
  const part = record('Part', 'int', { namespace: 'shop' });
  const whole = inlined(['shop.Part', record('Whole', 'Part', { namespace: 'shop' })], { 'shop.Part': part });
  expect(whole).toEqual([part, record('Whole', 'Part', { namespace: 'shop' })]);
});
