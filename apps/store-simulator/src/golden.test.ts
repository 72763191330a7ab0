import { goldenScenario } from '@eda/contracts';
import { expect, test } from 'vitest';
import { playGolden } from './golden.ts';
import type { InventoryClient } from './inventory-client.ts';
import type { Movement, StoreClient } from './store-client.ts';

/** A whole system in a map; `lose` says which movement (from 1) never has an effect. */
function system({ lose }: { lose?: number } = {}) {
  const recorded: Movement[] = [];
  const changes = () =>
    recorded
      .filter((_, index) => index + 1 !== lose)
      .map(({ storeId, sku, quantity, reason }) => ({
        storeId,
        sku,
        change: reason === 'SALE' ? -quantity : quantity,
      }));
  const sum = (of: { change: number }[]) =>
    of.length === 0 ? undefined : of.reduce((total, { change }) => total + change, 0);
  const store: StoreClient = { record: (movement) => Promise.resolve(void recorded.push(movement)) };
  const inventory: InventoryClient = {
    itemStock: (sku) => Promise.resolve(sum(changes().filter((entry) => entry.sku === sku))),
    storeStock: (storeId) => {
      const here = changes().filter((entry) => entry.storeId === storeId);
      if (here.length === 0) return Promise.resolve(undefined);
      const skus = [...new Set(here.map(({ sku }) => sku))];
      return Promise.resolve(
        Object.fromEntries(skus.map((sku) => [sku, sum(here.filter((entry) => entry.sku === sku)) ?? 0])),
      );
    },
  };
  return { store, inventory, recorded };
}

test('the nine movements are sent in order under the names of the run, and the result is right', async () => {
  const { store, inventory, recorded } = system();
  const result = await playGolden({ store, inventory, run: 'r1', timeoutMs: 5_000 });
  expect(recorded).toEqual(goldenScenario('r1').movements);
  expect(result.right).toBe(true);
  expect(result.rows).toHaveLength(8);
});

test('a lost movement makes the run wrong, and says where', async () => {
  const { store, inventory } = system({ lose: 8 });
  const result = await playGolden({ store, inventory, run: 'r1', timeoutMs: 100 });
  expect(result.right).toBe(false);
  expect(result.rows.filter((row) => !row.right)).toEqual([
    { name: 'Item_2-r1', expected: 0, seen: 5, right: false },
    expect.objectContaining({
      name: 'Store_1-r1',
      seen: { 'Item_1-r1': 10, 'Item_2-r1': 5, 'Item_3-r1': 10 },
    }),
  ]);
});

test('inventory may be away for a while', async () => {
  const { store, inventory } = system();
  const told: string[] = [];
  let calls = 0;
  const flaky: InventoryClient = {
    ...inventory,
    itemStock: (sku) => (++calls <= 3 ? Promise.reject(new Error('away')) : inventory.itemStock(sku)),
  };
  const result = await playGolden({
    store,
    inventory: flaky,
    run: 'r1',
    timeoutMs: 5_000,
    onTrouble: (t) => told.push(t),
  });
  expect(result.right).toBe(true);
  expect(told).toEqual(['inventory does not answer: away']);
});

test('a store that never answers ends at the deadline with the number of movements it took', async () => {
  const { inventory } = system();
  let calls = 0;
  const store: StoreClient = {
    record: (_, { signal, onRetry }) =>
      ++calls <= 2
        ? Promise.resolve()
        : new Promise((_resolve, reject) => {
            onRetry?.({ reason: 'the store does not answer: ECONNREFUSED', attempt: 1, waitMs: 1 });
            signal?.addEventListener('abort', () => reject(signal.reason as Error));
          }),
  };
  const result = await playGolden({ store, inventory, run: 'r1', timeoutMs: 50 });
  expect(result.right).toBe(false);
  expect(result.trouble).toBe('2 of 9 movements were accepted; the store does not answer: ECONNREFUSED');
});
