import { expect, it } from 'vitest';
import { schemaKey } from './same-schema.ts';

const field = (rest: object) =>
  JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'a', type: 'string', ...rest }] });

it.each<[string, string, string]>([
  ['spaces', '{ "type" : "string" }', '{"type":"string"}'],
  ['the order of attributes', '{"type":"fixed","name":"F","size":2}', '{"size":2,"name":"F","type":"fixed"}'],
  ['docs', field({ doc: 'One.' }), field({})],
  ['aliases', field({ aliases: ['b'] }), field({})],
])('does not look at %s', (_, one, other) => {
  expect(schemaKey(one)).toBe(schemaKey(other));
});

it.each<[string, string, string]>([
  [
    'the order of symbols',
    '{"type":"enum","name":"E","symbols":["A","B"]}',
    '{"type":"enum","name":"E","symbols":["B","A"]}',
  ],
  ['defaults', field({ default: '' }), field({ default: 'x' })],
  ['what is called doc in a default', field({ default: { doc: 'x' } }), field({ default: { doc: 'y' } })],
  ['logical types', field({ logicalType: 'uuid' }), field({})],
  ['what is no JSON', '{', '}'],
])('looks at %s', (_, one, other) => {
  expect(schemaKey(one)).not.toBe(schemaKey(other));
});
