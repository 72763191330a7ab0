import { expect, it } from 'vitest';
import { generateLoad, isPoison } from './load.ts';

const options = { run: 'r', seed: 7, events: 1000, keys: 20 };

it('The same seed makes the same load, another seed another one', () => {
  expect(generateLoad(options)).toEqual(generateLoad(options));
  expect(generateLoad(options)).not.toEqual(generateLoad({ ...options, seed: 8 }));
});

it('Each key counts its events from 1 without gaps', () => {
  const last = new Map<string, number>();
  for (const { key, sequence } of generateLoad(options)) {
    expect(sequence).toBe((last.get(key) ?? 0) + 1);
    last.set(key, sequence);
  }
  expect(last.size).toBe(20);
});

it('Special events come at their distance, in turn', () => {
  const load = generateLoad({ ...options, special: { every: 100, kinds: ['garbage', 'type-error'] } });
  const special = load.filter(({ kind }) => kind !== 'plain');
  expect(special.map(({ n }) => n)).toEqual([50, 150, 250, 350, 450, 550, 650, 750, 850, 950]);
  expect(special.slice(0, 3).map(({ kind }) => kind)).toEqual(['garbage', 'type-error', 'garbage']);
  expect(special.every(({ kind }) => isPoison(kind))).toBe(true);
});
