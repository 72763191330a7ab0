import { describe, expect, it } from 'vitest';
import { createStockView } from './stock-view.ts';

const asOf = new Date(0);

describe('the stock view', () => {
  it('keeps the newest stock of every store and item, the latest change first', () => {
    const view = createStockView();
    view.setStore('Store_1', { storeId: 'Store_1', stock: { Item_1: 10 }, asOf });
    view.setStore('Store_2', { storeId: 'Store_2', stock: { Item_1: 3 }, asOf });
    view.setStore('Store_1', { storeId: 'Store_1', stock: { Item_1: 7 }, asOf });
    view.setItem('Item_1', { sku: 'Item_1', stock: 10, asOf });

    const { stores, items, totalStores, totalItems } = view.page(10);
    expect(stores.map(({ storeId, stock }) => [storeId, stock['Item_1']])).toEqual([
      ['Store_1', 7],
      ['Store_2', 3],
    ]);
    expect(items).toEqual([{ sku: 'Item_1', stock: 10, asOf: 0 }]);
    expect([totalStores, totalItems]).toEqual([2, 1]);
  });

  it('forgets what a tombstone takes away, and says so in the change', () => {
    const view = createStockView();
    view.setStore('Store_1', { storeId: 'Store_1', stock: {}, asOf });
    view.takeChange();
    view.setStore('Store_1', null);

    expect(view.page(10).stores).toEqual([]);
    expect(view.takeChange()).toMatchObject({ stores: [], removedStores: ['Store_1'], totalStores: 0 });
  });

  it('tells each change once, with the last value of each key', () => {
    const view = createStockView();
    view.setItem('Item_1', { sku: 'Item_1', stock: 1, asOf });
    view.setItem('Item_1', { sku: 'Item_1', stock: 2, asOf });

    expect(view.takeChange()?.items).toEqual([{ sku: 'Item_1', stock: 2, asOf: 0 }]);
    expect(view.takeChange()).toBeUndefined();
  });

  it('leaves out stores beyond the limit but counts them, and finds them by name', () => {
    const view = createStockView();
    for (let n = 1; n <= 50; n += 1) view.setStore(`Store_${n}`, { storeId: `Store_${n}`, stock: {}, asOf });

    expect(view.page(3).stores.map((store) => store.storeId)).toEqual(['Store_50', 'Store_49', 'Store_48']);
    expect(view.page(3).totalStores).toBe(50);
    expect(view.page(3, 'store_7').stores.map((store) => store.storeId)).toEqual(['Store_7']);
  });
});
