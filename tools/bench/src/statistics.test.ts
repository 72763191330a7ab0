import { expect, test } from 'vitest';
import { median, rounded, spread } from './statistics.ts';

test('the median is the middle one by size, whatever the order', () => {
  expect(median([100, 9, 20])).toBe(20);
  expect(median([1000, 3, 20, 1])).toBe(11.5);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

test('the median leaves its argument as it was', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test('a spread has median, lowest and highest; of nothing there is none', () => {
  expect(spread([5, 1, 9])).toEqual({ median: 5, min: 1, max: 9 });
  expect(spread([])).toBeUndefined();
});

test('figures are rounded to what they are worth', () => {
  expect([123_456.7, 99.94, 9.994, 0.123, Number.NaN].map(rounded)).toEqual([
    '123,457',
    '99.9',
    '9.99',
    '0.12',
    '–',
  ]);
});
