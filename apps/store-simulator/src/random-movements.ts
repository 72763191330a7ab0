/** Random movements that a real chain of stores could have made: a store sells what it has and restocks what runs low. */
import type { Movement } from './store-client.ts';

export type StockOf = (storeId: string, sku: string) => number;

export interface RandomMovementsOptions {
  readonly stores: number;
  readonly items: number;
  /** The same seed gives the same movements. */
  readonly seed: number;
  /** What a store has of an item before the first movement; nothing when absent. */
  readonly stockOf?: StockOf;
}

/** A store that has fewer of an item than this restocks before it sells on. */
const LOW = 3;
const MAX_SALE = 4;
const RESTOCK = { min: 8, max: 24 };

/** Yields movements without end; the stock they lead to is never negative when `stockOf` is right. */
export function* randomMovements({
  stores,
  items,
  seed,
  stockOf,
}: RandomMovementsOptions): Generator<Movement, never> {
  const random = mulberry32(seed);
  const between = (min: number, max: number) => min + Math.floor(random() * (max - min + 1));
  const stock = new Map<string, number>();

  for (;;) {
    const storeId = `Store_${between(1, stores)}`;
    const item = between(1, items);
    const sku = `Item_${item}`;
    const place = `${storeId}/${sku}`;
    const has = stock.get(place) ?? stockOf?.(storeId, sku) ?? 0;
    if (has < LOW) {
      const quantity = between(RESTOCK.min, RESTOCK.max);
      stock.set(place, has + quantity);
      yield { storeId, sku, quantity, reason: 'RESTOCK' };
    } else {
      const quantity = between(1, Math.min(has, MAX_SALE));
      stock.set(place, has - quantity);
      yield { storeId, sku, quantity, reason: 'SALE', unitPrice: priceOf(item) };
    }
  }
}

/** From 1.99 to 90.99, always the same for one item. */
function priceOf(item: number): number {
  return ((item * 37) % 90) + 1.99;
}

/** A small generator of numbers in [0, 1) whose whole state is its seed. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
