import { describe, expect, it } from 'vitest';
import { objectsOf } from '../policies/policy.setup.ts';
import { firstDifference, firstDifferentLine } from './difference.ts';

const SERVICE =
  'kind: Service\napiVersion: v1\nmetadata: { name: a }\nspec: { ports: [{ port: 80 }, { port: 81, name: b }] }';
const OTHER = 'kind: Pod\napiVersion: v1\nmetadata: { name: a }';
const names = ['Helm 4', 'Helm 3'] as const;
const compare = (one: string[], other: string[]) =>
  firstDifference(objectsOf(...one), objectsOf(...other), names);

describe('Two renders', () => {
  it('with the same objects in another order, fields in another order, do not differ', () => {
    expect(
      compare([SERVICE, OTHER], [OTHER, SERVICE.replace('port: 81, name: b', 'name: b, port: 81')]),
    ).toBeUndefined();
  });

  it.each([
    [SERVICE.replace('81', '82'), 'spec.ports[1].port', 'is 81 by Helm 4, 82 by Helm 3'],
    [SERVICE.replace('81', "'81'"), 'spec.ports[1].port', 'is 81 by Helm 4, "81" by Helm 3'],
    [SERVICE.replace(', name: b', ''), 'spec.ports[1].name', 'is "b" by Helm 4, absent by Helm 3'],
    [SERVICE.replace('{ port: 80 }, ', ''), 'spec.ports[0].port', 'is 80 by Helm 4, 81 by Helm 3'],
  ])('differ at a place that is named', (other, path, reason) => {
    expect(compare([SERVICE], [other])).toEqual({ object: 'Service/a', path, reason });
  });

  it('differ when one has an object more', () => {
    expect(compare([SERVICE, OTHER], [SERVICE])).toEqual({
      object: 'Pod/a',
      reason: 'Helm 4 renders it, Helm 3 does not',
    });
    expect(compare([SERVICE], [SERVICE, OTHER])).toEqual({
      object: 'Pod/a',
      reason: 'Helm 3 renders it, Helm 4 does not',
    });
  });

  it('differ by a key that has points in it', () => {
    const labelled = (value: string) =>
      OTHER.replace('name: a', `name: a, labels: { app.kubernetes.io/name: ${value} }`);
    expect(compare([labelled('a')], [labelled('b')])?.path).toBe('metadata.labels["app.kubernetes.io/name"]');
  });

  it('show long values cut', () => {
    const difference = compare([`${OTHER}\ndata: ${'x'.repeat(200)}`], [OTHER]);
    expect(difference?.reason).toBe(`is "${'x'.repeat(78)}… by Helm 4, absent by Helm 3`);
  });
});

describe('Two texts', () => {
  it('that are the same do not differ', () => {
    expect(firstDifferentLine('a\nb', 'a\nb')).toBeUndefined();
  });

  it('differ in the first line that is not the same', () => {
    expect(firstDifferentLine('a\n b\nc', 'a\n x\nc')).toEqual({ line: 2, texts: ['b', 'x'] });
    expect(firstDifferentLine('a', 'a\nb')).toEqual({ line: 2, texts: ['', 'b'] });
  });
});
