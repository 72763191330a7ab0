/** Chooses what of the stock is shown: the part of a big, sparse table that is worth looking at. Pure. */
import type { ItemStock, StoreStock } from '../messages.ts';
import { byName } from './format.ts';

export interface StockTable {
  /** The columns, in the order of their names. */
  readonly skus: readonly string[];
  /** The rows, in the order of their names: what flashes should not jump as well. */
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
 * Returns the most recently changed stores that match the search (in their name or in an item they have) and as many
 * columns as there is room for, preferring the items that most of these stores have.
 */
export function stockTable(
  stores: readonly StoreStock[],
  items: readonly ItemStock[],
  { search, rows, columns }: StockTableOptions,
): StockTable {
  const wanted = search.trim().toLowerCase();
  const isWanted = (name: string): boolean => name.toLowerCase().includes(wanted);
  const byItem = wanted !== '' && items.some((item) => isWanted(item.sku));
  const found = stores.filter(
    ({ storeId, stock }) => isWanted(storeId) || (byItem && Object.keys(stock).some(isWanted)),
  );
  const shown = found.slice(0, rows).sort((a, b) => byName(a.storeId, b.storeId));

  const byItemAlone = !shown.some((store) => isWanted(store.storeId));
  const candidates =
    shown.length > 0 ? shown.flatMap(({ stock }) => Object.keys(stock)) : items.map(({ sku }) => sku);
  const holders = new Map<string, number>();
  for (const sku of candidates)
    if (!byItemAlone || isWanted(sku)) holders.set(sku, (holders.get(sku) ?? 0) + 1);
  const skus = [...holders]
    .sort(([a, inA], [b, inB]) => inB - inA || byName(a, b))
    .slice(0, columns)
    .map(([sku]) => sku)
    .sort(byName);

  return {
    skus,
    stores: shown,
    totals: new Map(items.map((item) => [item.sku, item.stock])),
    largest: Math.max(1, ...shown.flatMap(({ stock }) => skus.map((sku) => stock[sku] ?? 0))),
    moreStores: found.length - shown.length,
    moreSkus: holders.size - skus.length,
  };
}
