import { ConfigError } from '@eda/service';
import { expect, test } from 'vitest';
import { loadReplenishmentConfig } from './config.ts';

const DATABASE_URL = 'postgres://localhost/replenishment';

test('the defaults request an item that falls under 5 pieces up to 20', () => {
  expect(loadReplenishmentConfig({ DATABASE_URL }).policy).toEqual({
    defaultThreshold: 5,
    thresholds: new Map(),
    targetStock: 20,
    maxOpenRequests: 10_000,
  });
});

test('thresholds of single items are read', () => {
  const { policy } = loadReplenishmentConfig({
    DATABASE_URL,
    REPLENISHMENT_THRESHOLDS: 'Item_1=20, Item_2=0',
  });
  expect([...policy.thresholds]).toEqual([
    ['Item_1', 20],
    ['Item_2', 0],
  ]);
});

test('every bad variable is named', () => {
  const load = () =>
    loadReplenishmentConfig({ REPLENISHMENT_THRESHOLD: '-1', REPLENISHMENT_THRESHOLDS: 'Item_1' });
  expect(load).toThrow(ConfigError);
  for (const name of ['DATABASE_URL', 'REPLENISHMENT_THRESHOLD ', 'REPLENISHMENT_THRESHOLDS ']) {
    expect(load).toThrow(name);
  }
});

test('two thresholds of one item are refused', () => {
  const load = () => loadReplenishmentConfig({ DATABASE_URL, REPLENISHMENT_THRESHOLDS: 'Item_1=1,Item_1=2' });
  expect(load).toThrow('REPLENISHMENT_THRESHOLDS: Item_1 has two thresholds');
});
