/** Stock per store and per item, folded from the two compacted state topics. */
import type { ItemStock, StockChange, StockPage, StoreStock } from './messages.ts';

/** What the fold needs of a `StoreStockChanged`; `asOf` is when the stock was so. */
export interface StoreStockState {
  readonly storeId: string;
  readonly stock: Readonly<Record<string, number>>;
  readonly asOf: Date;
}

/** What the fold needs of an `ItemStockChanged`. */
export interface ItemStockState {
  readonly sku: string;
  readonly stock: number;
  readonly asOf: Date;
}

export interface StockView {
  /** Takes the newest stock of a store; `null` (a tombstone) forgets the store. */
  setStore(storeId: string, state: StoreStockState | null): void;
  /** Takes the newest stock of an item; `null` (a tombstone) forgets the item. */
  setItem(sku: string, state: ItemStockState | null): void;
  /** Returns at most `limit` stores and items, the most recently changed first, with names that contain `search`. */
  page(limit: number, search?: string): StockPage;
  /** Returns what changed since the last call, or `undefined` when nothing did. */
  takeChange(): StockChange | undefined;
}

/** Returns an empty view. A map keeps insertion order, so re-inserting on every change keeps it sorted by recency. */
export function createStockView(): StockView {
  const stores = new Map<string, StoreStock>();
  const items = new Map<string, ItemStock>();
  const changedStores = new Set<string>();
  const changedItems = new Set<string>();

  const set = <T>(all: Map<string, T>, changed: Set<string>, key: string, value: T | null): void => {
    all.delete(key);
    if (value !== null) all.set(key, value);
    changed.add(key);
  };
  const totals = (): { totalStores: number; totalItems: number } => ({
    totalStores: stores.size,
    totalItems: items.size,
  });

  return {
    setStore: (storeId, state) =>
      set(
        stores,
        changedStores,
        storeId,
        state && { storeId, stock: state.stock, asOf: state.asOf.getTime() },
      ),
    setItem: (sku, state) =>
      set(items, changedItems, sku, state && { sku, stock: state.stock, asOf: state.asOf.getTime() }),

    page(limit, search = '') {
      return {
        stores: newest(stores, limit, (store) => contains(store.storeId, search)),
        items: newest(items, limit, (item) => search === '' || contains(item.sku, search)),
        ...totals(),
      };
    },

    takeChange() {
      if (changedStores.size + changedItems.size === 0) return undefined;
      const change: StockChange = {
        ...present(stores, changedStores, 'stores'),
        ...present(items, changedItems, 'items'),
        removedStores: [...changedStores].filter((key) => !stores.has(key)),
        removedItems: [...changedItems].filter((key) => !items.has(key)),
        ...totals(),
      };
      changedStores.clear();
      changedItems.clear();
      return change;
    },
  };
}

function contains(name: string, search: string): boolean {
  return name.toLowerCase().includes(search.toLowerCase());
}

function newest<T>(all: Map<string, T>, limit: number, accept: (value: T) => boolean): T[] {
  const found: T[] = [];
  for (const value of [...all.values()].reverse()) {
    if (found.length === limit) break;
    if (accept(value)) found.push(value);
  }
  return found;
}

/** The changed values that still exist, in order of change, under the name `name`. */
function present<T, N extends string>(all: Map<string, T>, changed: Set<string>, name: N): Record<N, T[]> {
  const values = [...changed].flatMap((key) => all.get(key) ?? []);
  return { [name]: values } as Record<N, T[]>;
}
