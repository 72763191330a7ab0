import { expect, it } from 'vitest';
import type { Json } from '../contract-model.ts';
import { describeChanges } from './changes.ts';

const reason = (symbols: string[]) => ({ type: 'enum', name: 'Reason', symbols });
const line = {
  type: 'record',
  name: 'Line',
  namespace: 'eda.other.v1',
  fields: [{ name: 'sku', type: 'string' }],
};
const event = (fields: Json, doc = 'An event.'): Json => ({
  type: 'record',
  name: 'Sold',
  namespace: 'eda.retail.v1',
  doc,
  fields,
});

it('tells what is new, gone and another, also within lists of records', () => {
  const before = event([
    { name: 'id', type: 'string', doc: 'Which.' },
    { name: 'count', type: 'int', default: 0 },
    { name: 'old', type: ['null', 'string'], default: null },
    { name: 'why', type: reason(['UNKNOWN', 'SALE']) },
    { name: 'lines', type: { type: 'array', items: line } },
  ]);
  const after = event(
    [
      { name: 'id', type: 'string', doc: 'Which one.' },
      { name: 'count', type: 'long', default: 1 },
      { name: 'why', type: reason(['UNKNOWN', 'LOSS']) },
      {
        name: 'lines',
        type: {
          type: 'array',
          items: { ...line, fields: [...line.fields, { name: 'price', type: 'double', default: 0.5 }] },
        },
      },
      { name: 'again', type: 'Reason' },
    ],
    'Something was sold.',
  );
  expect(describeChanges(before, after)).toEqual([
    'The description of the event is another.',
    'lines.price is new: double, 0.5 where it is missing.',
    'again is new: enum Reason.',
    'old is gone; it was string or null.',
    'id is described in other words.',
    'count is long and was int.',
    'count is 1 where it is missing, and was 0.',
    'why may also be LOSS.',
    'why is never SALE any more.',
  ]);
  expect(describeChanges(after, after)).toEqual([]);
});

it('tells of a default that comes or goes, and ends where a record holds itself', () => {
  const tree = event([
    { name: 'id', type: 'string', default: '' },
    { name: 'next', type: ['null', 'eda.retail.v1.Sold'], default: null },
  ]);
  const bare = event([
    { name: 'id', type: 'string' },
    { name: 'next', type: ['null', 'Sold'], default: null },
  ]);
  expect(describeChanges(tree, bare)).toEqual(['id has no default any more; it was "".']);
  expect(describeChanges(bare, tree)).toEqual(['id is "" where it is missing.']);
});

it('tells of other names and of another symbol for those that are not known', () => {
  const moved = (namespace: string, rest: object): Json => ({
    ...(event([{ name: 'why', type: { ...reason(['UNKNOWN', 'SALE']), ...rest } }]) as object),
    namespace,
  });
  expect(describeChanges(moved('eda.a', {}), moved('eda.b', { default: 'UNKNOWN' }))).toEqual([
    'The event is eda.b.Sold and was eda.a.Sold.',
    'why holds eda.b.Reason and held eda.a.Reason.',
    'why reads symbols that are not known as UNKNOWN, and did as an error.',
  ]);
});
