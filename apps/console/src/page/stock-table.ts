/** Chooses what of the stock is shown: the part of a big, sparse table that is worth looking at. Pure. */
import type { ItemStock, StoreStock } from '../messages.ts';
import { byName } from './format.ts';

export interface StockTable {
  /** The columns, in the order of their names. */
  readonly skus: readonly string[];
  /** The rows, the most recently changed first. */
  readonly stores: readonly StoreStock[];
  /** Stock over all stores, by sku. */
  readonly totals: ReadonlyMap<string, number>;
  /** The largest number of a single store, for the shades. */
  readonly largest: number;
  readonly moreStores: number;
  readonly moreSkus: number;
}

export interface StockTableOptions {
  readonly search: string;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Returns the newest rows that match the search (in the name of the store or of an item it has) and as many columns
 * as there is room for, preferring items of the newest rows.
 */
export function stockTable(
  stores: readonly StoreStock[],
  items: readonly ItemStock[],
  { search, rows, columns }: StockTableOptions,
): StockTable {
  const wanted = search.trim().toLowerCase();
  const isWanted = (name: string): boolean => name.toLowerCase().includes(wanted);
  const bySku = wanted !== '' && items.some((item) => isWanted(item.sku));
  const found = stores.filter(
    ({ storeId, stock }) =>
      wanted === '' || isWanted(storeId) || (bySku && Object.keys(stock).some(isWanted)),
  );
  const shown = found.slice(0, rows);

  const skus = new Set<string>();
  const storesMatch = shown.some((store) => isWanted(store.storeId));
  for (const { stock } of shown) {
    for (const sku of Object.keys(stock)) if (!bySku || storesMatch || isWanted(sku)) skus.add(sku);
  }
  if (shown.length === 0)
    for (const item of items) if (wanted === '' || isWanted(item.sku)) skus.add(item.sku);
  const columnsShown = [...skus].slice(0, columns).sort(byName);

  return {
    skus: columnsShown,
    stores: shown,
    totals: new Map(items.map((item) => [item.sku, item.stock])),
    largest: shown.reduce(
      (most, { stock }) => columnsShown.reduce((m, sku) => Math.max(m, stock[sku] ?? 0), most),
      1,
    ),
    moreStores: found.length - shown.length,
    moreSkus: skus.size - columnsShown.length,
  };
}
