/** Stock per store and per item in PostgreSQL. */
import type { ItemStockChanged, StockMoved, StoreStockChanged } from '@eda/contracts';
import { PermanentError } from '@eda/kafka';
import type { Pool, PoolClient } from 'pg';

type Database = Pool | PoolClient;

/** In milliseconds, as events carry it: a finer time would not survive the way through Kafka. */
const NOW = `date_trunc('milliseconds', clock_timestamp())`;

/**
 * A late movement does not turn back what the stock is as of. `changed_at` rises with every change, also when two
 * fall into one millisecond or the clock was set back.
 */
const LATER = `
  as_of = greatest(known.as_of, excluded.as_of),
  changed_at = greatest(${NOW}, known.changed_at + interval '1 millisecond')`;

/**
 * Returns what a movement adds to the stock. Throws `PermanentError` when nobody can know it: a reason of a later
 * version of the contract, or a quantity that is not above 0.
 */
export function stockChange({ reason, quantity }: Pick<StockMoved, 'reason' | 'quantity'>): number {
  if (quantity <= 0) {
    throw new PermanentError(`the quantity of a movement is above 0, not ${quantity}`, {
      code: 'QUANTITY_NOT_POSITIVE',
    });
  }
  switch (reason) {
    case 'SALE':
      return -quantity;
    case 'RESTOCK':
      return quantity;
    case 'UNKNOWN':
      throw new PermanentError('the reason of the movement is none that is known here', {
        code: 'REASON_UNKNOWN',
      });
  }
}

/** What a movement does to the stock. */
export interface StockChange {
  /** Pieces, below zero when they leave. */
  readonly change: number;
  readonly occurredAt: Date;
}

/** A new state and the moment at which it came about. */
export interface Changed<State> {
  readonly state: State;
  /** Later than that of every earlier state of the same store or item: whoever has both can tell which one holds. */
  readonly changedAt: Date;
}

/**
 * Changes the stock of one item in one store and returns the stock of the whole store. The store's row is locked
 * until `tx` ends, so movements of one store are applied one after the other.
 */
export async function changeStoreStock(
  tx: PoolClient,
  storeId: string,
  sku: string,
  { change, occurredAt }: StockChange,
): Promise<Changed<StoreStockChanged>> {
  // The store's own row comes first: it is the lock that covers all of its items, those that are new included.
  const { rows } = await tx.query<{ changed_at: Date }>(
    `INSERT INTO store AS known (store_id, as_of, changed_at) VALUES ($1, $2, ${NOW})
     ON CONFLICT (store_id) DO UPDATE SET ${LATER}
     RETURNING changed_at`,
    [storeId, occurredAt],
  );
  await tx.query(
    `INSERT INTO store_stock AS known (store_id, sku, quantity) VALUES ($1, $2, $3)
     ON CONFLICT (store_id, sku) DO UPDATE SET quantity = known.quantity + excluded.quantity`,
    [storeId, sku, change],
  );
  const state = await findStoreStock(tx, storeId);
  if (!rows[0] || !state) throw new Error(`store ${storeId} vanished in its own transaction`);
  return { state, changedAt: rows[0].changed_at };
}

/**
 * Changes the stock of one item over all stores and returns it. The item's row is locked until `tx` ends: a
 * transaction that changes a store as well must do so before, or two of them could wait for each other.
 */
export async function changeItemStock(
  tx: PoolClient,
  sku: string,
  { change, occurredAt }: StockChange,
): Promise<Changed<ItemStockChanged>> {
  const { rows } = await tx.query<ItemRow & { changed_at: Date }>(
    `INSERT INTO item_stock AS known (sku, quantity, as_of, changed_at) VALUES ($1, $2, $3, ${NOW})
     ON CONFLICT (sku) DO UPDATE SET quantity = known.quantity + excluded.quantity, ${LATER}
     RETURNING sku, quantity, as_of, changed_at`,
    [sku, change, occurredAt],
  );
  if (!rows[0]) throw new Error(`item ${sku} vanished in its own transaction`);
  return { state: toItemStock(rows[0]), changedAt: rows[0].changed_at };
}

/** Returns the stock of every item of one store, undefined when the store was never seen. */
export async function findStoreStock(
  database: Database,
  storeId: string,
): Promise<StoreStockChanged | undefined> {
  const { rows } = await database.query<{ sku: string; quantity: string; as_of: Date }>(
    `SELECT sku, quantity, as_of FROM store JOIN store_stock USING (store_id) WHERE store_id = $1 ORDER BY sku`,
    [storeId],
  );
  const [first] = rows;
  if (!first) return undefined;
  return {
    storeId,
    stock: Object.fromEntries(rows.map(({ sku, quantity }) => [sku, Number(quantity)])),
    asOf: first.as_of,
  };
}

/** Returns the stock of one item over all stores, undefined when the item was never seen. */
export async function findItemStock(database: Database, sku: string): Promise<ItemStockChanged | undefined> {
  const { rows } = await database.query<ItemRow>(
    `SELECT sku, quantity, as_of FROM item_stock WHERE sku = $1`,
    [sku],
  );
  return rows.map(toItemStock)[0];
}

/** Returns up to `limit` stores in the order of their ids, those after `after`. */
export async function listStores(
  database: Database,
  limit: number,
  after = '',
): Promise<Pick<StoreStockChanged, 'storeId' | 'asOf'>[]> {
  const { rows } = await database.query<{ store_id: string; as_of: Date }>(
    `SELECT store_id, as_of FROM store WHERE store_id > $2 ORDER BY store_id LIMIT $1`,
    [limit, after],
  );
  return rows.map((row) => ({ storeId: row.store_id, asOf: row.as_of }));
}

/** Returns up to `limit` items in the order of their skus, those after `after`. */
export async function listItems(database: Database, limit: number, after = ''): Promise<ItemStockChanged[]> {
  const { rows } = await database.query<ItemRow>(
    `SELECT sku, quantity, as_of FROM item_stock WHERE sku > $2 ORDER BY sku LIMIT $1`,
    [limit, after],
  );
  return rows.map(toItemStock);
}

interface ItemRow {
  sku: string;
  quantity: string;
  as_of: Date;
}

function toItemStock({ sku, quantity, as_of }: ItemRow): ItemStockChanged {
  return { sku, stock: Number(quantity), asOf: as_of };
}
