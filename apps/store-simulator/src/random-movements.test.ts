import { expect, test } from 'vitest';
import { randomMovements } from './random-movements.ts';
import type { Movement } from './store-client.ts';

function take(count: number, options: Parameters<typeof randomMovements>[0]): Movement[] {
  const movements = randomMovements(options);
  return Array.from({ length: count }, () => movements.next().value);
}

test('the same seed gives the same movements, another seed others', () => {
  const options = { stores: 3, items: 3 };
  expect(take(50, { ...options, seed: 7 })).toEqual(take(50, { ...options, seed: 7 }));
  expect(take(50, { ...options, seed: 7 })).not.toEqual(take(50, { ...options, seed: 8 }));
});

test('no store ever sells what it does not have, and there is more selling than restocking', () => {
  const stock = new Map<string, number>();
  const movements = take(5_000, { stores: 4, items: 5, seed: 1 });
  for (const { storeId, sku, quantity, reason } of movements) {
    const place = `${storeId}/${sku}`;
    expect(quantity).toBeGreaterThan(0);
    const after = (stock.get(place) ?? 0) + (reason === 'SALE' ? -quantity : quantity);
    expect(after).toBeGreaterThanOrEqual(0);
    stock.set(place, after);
  }
  expect(stock.size).toBe(20);
  expect(movements.filter(({ reason }) => reason === 'SALE').length).toBeGreaterThan(2_500);
});

test('what stores already have is sold before it is restocked', () => {
  const movements = take(20, { stores: 2, items: 2, seed: 3, stockOf: () => 1_000 });
  expect(new Set(movements.map(({ reason }) => reason))).toEqual(new Set(['SALE']));
});

test('sales have a price with two decimals, the same for every sale of an item', () => {
  const prices = new Map<string, number>();
  for (const { sku, reason, unitPrice } of take(500, { stores: 2, items: 100, seed: 5 })) {
    if (reason === 'RESTOCK') expect(unitPrice).toBeUndefined();
    else {
      expect(String(unitPrice)).toMatch(/^\d{1,2}\.99$/);
      expect(prices.get(sku) ?? unitPrice).toBe(unitPrice);
      prices.set(sku, unitPrice ?? 0);
    }
  }
  expect(prices.size).toBeGreaterThan(10);
});
