import { expect, test } from 'vitest';
import { missingPieces, parseThresholds, thresholdOf } from './policy.ts';

const policy = {
  defaultThreshold: 5,
  thresholds: new Map([
    ['Item_9', 50],
    ['Item_0', 0],
  ]),
  targetStock: 20,
  maxOpenRequests: 10,
};

test('an item under its threshold is filled up to the target', () => {
  expect(missingPieces(policy, 'Item_1', 4)).toBe(16);
  expect(missingPieces(policy, 'Item_1', 0)).toBe(20);
  expect(missingPieces(policy, 'Item_1', -3)).toBe(23);
});

test('an item at its threshold has enough', () => {
  expect(missingPieces(policy, 'Item_1', 5)).toBe(0);
  expect(missingPieces(policy, 'Item_0', 0)).toBe(0);
});

test('an item with a threshold above the target is filled up to the threshold', () => {
  expect(thresholdOf(policy, 'Item_9')).toBe(50);
  expect(missingPieces(policy, 'Item_9', 49)).toBe(1);
});

test('thresholds are read from a list', () => {
  expect([...parseThresholds(['Item_1=20', 'a=b=3'])]).toEqual([
    ['Item_1', 20],
    ['a=b', 3],
  ]);
  expect(parseThresholds([]).size).toBe(0);
});

test('one item has one threshold', () => {
  expect(() => parseThresholds(['Item_1=1', 'Item_1=2'])).toThrow('Item_1 has two thresholds');
});
