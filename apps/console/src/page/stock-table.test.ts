import { describe, expect, it } from 'vitest';
import { stockTable } from './stock-table.ts';

const store = (storeId: string, stock: Record<string, number>) => ({ storeId, stock, asOf: 0 });
const item = (sku: string, stock: number) => ({ sku, stock, asOf: 0 });

const stores = [
  store('Store_2', { Item_10: 4, Item_2: 1 }),
  store('Store_1', { Item_1: 9 }),
  store('Corner', { Nut: 3 }),
];
const items = [item('Item_1', 9), item('Item_2', 1), item('Item_10', 4), item('Nut', 3)];

describe('the stock table', () => {
  it('shows the stores that changed last, in the order of their names as people count', () => {
    const table = stockTable(stores, items, { search: '', rows: 2, columns: 9 });
    expect(table.stores.map((row) => row.storeId)).toEqual(['Store_1', 'Store_2']);
    expect(table.skus).toEqual(['Item_1', 'Item_2', 'Item_10']);
    expect(table.totals.get('Item_1')).toBe(9);
    expect(table.largest).toBe(9);
    expect([table.moreStores, table.moreSkus]).toEqual([1, 0]);
  });

  it('gives the columns to the items that most of these stores have', () => {
    const many = [...stores, store('Store_3', { Nut: 1 })];
    const table = stockTable(many, items, { search: '', rows: 9, columns: 2 });
    expect(table.skus).toEqual(['Item_1', 'Nut']);
    expect(table.moreSkus).toBe(2);
  });

  it('finds stores by name, in any case', () => {
    expect(stockTable(stores, items, { search: ' corner', rows: 9, columns: 9 }).stores).toHaveLength(1);
  });

  it('finds the stores that have an item, and shows that item alone', () => {
    const table = stockTable(stores, items, { search: 'nut', rows: 9, columns: 9 });
    expect(table.stores.map((row) => row.storeId)).toEqual(['Corner']);
    expect(table.skus).toEqual(['Nut']);
  });

  it('finds nothing where nothing is called so', () => {
    const table = stockTable(stores, items, { search: 'nowhere', rows: 9, columns: 9 });
    expect([table.stores, table.skus]).toEqual([[], []]);
  });

  it('shows the items alone while no store is known', () => {
    expect(stockTable([], items, { search: '', rows: 9, columns: 9 }).skus).toHaveLength(4);
  });
});
