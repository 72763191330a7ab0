import { expect, test } from 'vitest';
import { goldenScenario } from './golden-scenario.ts';

test('the expected stock of stores and items is the sum of the nine movements', () => {
  const { movements, items, stores } = goldenScenario('r1');
  const itemSums: Record<string, number> = {};
  const storeSums: Record<string, Record<string, number>> = {};
  for (const { storeId, sku, quantity, reason } of movements) {
    const change = reason === 'RESTOCK' ? quantity : -quantity;
    const store = (storeSums[storeId] ??= {});
    store[sku] = (store[sku] ?? 0) + change;
    itemSums[sku] = (itemSums[sku] ?? 0) + change;
  }
  expect(movements).toHaveLength(9);
  expect(itemSums).toEqual(items);
  expect(storeSums).toEqual(stores);
});

test('a run has store and item names of its own, no run has the plain ones', () => {
  expect(goldenScenario('r1').movements[0]).toMatchObject({ storeId: 'Store_1-r1', sku: 'Item_1-r1' });
  expect(goldenScenario().items).toEqual({ Item_1: 50, Item_2: 0, Item_3: 10 });
});
