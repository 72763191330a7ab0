import { describe, expect, it } from 'vitest';
import { comparePair } from './compare-line.ts';
import { fixturePairs } from './fixture-pairs.ts';
import type { FixturePair } from './fixture-pairs.ts';

/** The pair of the 4,000 for which avsc makes a resolver that cannot read. */
const HALF_MADE = 'p1-03667';

/** What Java and avsc say, in the form of a result; no errors of avsc, whose words are not ours everywhere. */
function expected({ id, java, avsc }: FixturePair): object {
  if (!('compatible' in java)) return { id, error: true };
  return { id, ...java, runtime: avsc?.ok === true && avsc.reading === undefined && id !== HALF_MADE };
}

function actual(pair: FixturePair): object {
  const result = comparePair(JSON.stringify(pair));
  return 'error' in result ? { id: result.id, error: true } : { ...result, runtime: result.runtime.ok };
}

describe.each(['pairs', 'strange'] as const)('%s', (name) => {
  const pairs = fixturePairs(name);

  it('has verdicts of every kind', () => {
    const compatible = pairs.filter(({ java }) => 'compatible' in java && java.compatible);
    expect(compatible.length).toBeGreaterThan(pairs.length / 5);
    expect(compatible.length).toBeLessThan(pairs.length / 2 + 1);
    expect(
      new Set(
        pairs
          .flatMap(({ java }) => ('compatible' in java ? java.incompatibilities : []))
          .map(({ type }) => type),
      ).size,
    ).toBe(6);
  });

  it('gets the verdict of Java, with type, place and order of every incompatibility, and that of avsc', () => {
    expect(pairs.map(actual)).toEqual(pairs.map(expected));
  });
});

it('says in the words of avsc why it cannot read, where those say something', () => {
  const own = fixturePairs('pairs').flatMap((pair) => {
    const result = comparePair(JSON.stringify(pair));
    if ('error' in result || result.runtime.ok || result.runtime.error === pair.avsc?.error) return [];
    return [
      [
        pair.avsc?.error ?? 'none',
        result.runtime.error.replace(/cannot read .* as [^:]*/, 'cannot read … as …'),
      ],
    ];
  });
  expect(new Set(own.map(([theirs, ours]) => `${theirs} → ${ours}`))).toEqual(
    new Set([
      "Cannot read properties of undefined (reading 'length') → cannot read … as …",
      'none → avsc makes a resolver that cannot read … as …: it takes one for these that it could not make before, inside a union',
    ]),
  );
});
