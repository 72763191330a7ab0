import { describe, expect, it } from 'vitest';
import { inlineReferences } from './inline-references.ts';
import { inOrderOfReference, withPrefix } from './wanted-subject.ts';
import type { WantedSubject } from './wanted-subject.ts';

const subject = (name: string, ...targets: string[]): WantedSubject => ({
  subject: name,
  schema: '"string"',
  compatibility: 'FULL',
  references: targets.map((target) => ({ name: `test.${target}`, subject: target })),
});
const order = (...subjects: WantedSubject[]) =>
  inOrderOfReference(subjects).map((group) => group.map(({ subject: name }) => name));

describe('the order of registration', () => {
  it('has what is referred to first', () => {
    expect(order(subject('a', 'b', 'c'), subject('b', 'c'), subject('c'), subject('d'))).toEqual([
      ['c', 'd'],
      ['b'],
      ['a'],
    ]);
  });

  it('does not exist for a circle, or without what is referred to', () => {
    expect(() => order(subject('x', 'a'), subject('a', 'b'), subject('b', 'a'))).toThrow(
      'circular reference: a → b → a; a registry cannot hold this',
    );
    expect(() => order(subject('a', 'b'))).toThrow('a takes test.b from b, which is not to be registered');
  });
});

it('a prefix is for references too', () => {
  expect(withPrefix([subject('a', 'b')], 'my-')).toMatchObject([
    { subject: 'my-a', references: [{ name: 'test.b', subject: 'my-b' }] },
  ]);
});

it('references are written out where they are used first, and only where types stand', () => {
  const types = new Map([
    ['t.A', '{"type":"fixed","name":"A","namespace":"t","size":2}'],
    ['t.B', '{"type":"array","items":"t.A"}'],
  ]);
  const fields = [
    { name: 'x', type: ['null', 't.B'], default: null, doc: 't.A' },
    { name: 'y', type: { type: 'map', values: 't.A' }, default: { y: 't.A' } },
  ];
  expect(JSON.parse(inlineReferences(JSON.stringify({ type: 'record', name: 'R', fields }), types))).toEqual({
    type: 'record',
    name: 'R',
    fields: [
      {
        ...fields[0],
        type: ['null', { type: 'array', items: { type: 'fixed', name: 'A', namespace: 't', size: 2 } }],
      },
      fields[1],
    ],
  });
});
