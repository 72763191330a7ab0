import { describe, expect, test } from 'vitest';
import { linearScale, logScale } from './svg-scale.ts';

describe('the linear scale', () => {
  test.each([
    [100, [0, 20, 40, 60, 80, 100]],
    [101, [0, 50, 100, 150]],
    [142_000, [0, 50_000, 100_000, 150_000]],
    [0.9, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, [0]],
  ])('for at most %d has even ticks that reach it', (most, expected) => {
    const { ticks } = linearScale(most, 0, 100);
    if (most > 0) expect(ticks).toEqual(expected);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
  });

  test('places values in proportion, also upside down', () => {
    const { at } = linearScale(100, 300, 100);
    expect([at(0), at(50), at(100)]).toEqual([300, 200, 100]);
  });
});

describe('the logarithmic scale', () => {
  test('gives equal factors equal distances and a tick to each value, once, in order', () => {
    const { at, ticks } = logScale([100, 1, 10, 10], 0, 200);
    expect(ticks).toEqual([1, 10, 100]);
    expect([at(1), at(10), at(100)].map((place) => Math.round(place))).toEqual([0, 100, 200]);
  });

  test('puts a single value into the middle', () => {
    expect(logScale([12], 0, 200).at(12)).toBe(100);
  });
});
