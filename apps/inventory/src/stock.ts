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

/** What happened to the stock of one item in one store. */
export interface StockChange {
  readonly storeId: string;
  readonly sku: string;
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

const latest = (changes: readonly StockChange[]) =>
  new Date(Math.max(...changes.map(({ occurredAt }) => occurredAt.getTime())));
const pieces = (changes: readonly StockChange[]) => changes.reduce((sum, { change }) => sum + change, 0);

/** In one order in all transactions, so that no two of them wait for each other. */
function sortedGroups(
  changes: readonly StockChange[],
  keyOf: (change: StockChange) => string,
): [string, StockChange[]][] {
  return [...Map.groupBy(changes, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Changes the stock of stores and returns that of each store that changed, with all its items. The stores' rows are locked until
 * `tx` ends, so movements of one store are applied one after the other.
 */
export async function changeStoreStocks(
  tx: PoolClient,
  changes: readonly StockChange[],
): Promise<Changed<StoreStockChanged>[]> {
  const stores = sortedGroups(changes, ({ storeId }) => storeId);
  // The store's own row comes first: it is the lock that covers all of its items, those that are new included.
  const { rows } = await tx.query<{ store_id: string; changed_at: Date }>(
    `INSERT INTO store AS known (store_id, as_of, changed_at)
     SELECT store_id, as_of, ${NOW} FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS new (store_id, as_of, n) ORDER BY n
     ON CONFLICT (store_id) DO UPDATE SET ${LATER}
     RETURNING store_id, changed_at`,
    [stores.map(([storeId]) => storeId), stores.map(([, own]) => latest(own))],
  );
  const cells = stores.flatMap(([storeId, own]) =>
    sortedGroups(own, ({ sku }) => sku).map(([sku, same]) => ({ storeId, sku, change: pieces(same) })),
  );
  await tx.query(
    `INSERT INTO store_stock AS known (store_id, sku, quantity)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
     ON CONFLICT (store_id, sku) DO UPDATE SET quantity = known.quantity + excluded.quantity`,
    [
      cells.map(({ storeId }) => storeId),
      cells.map(({ sku }) => sku),
      cells.map(({ change }) => String(change)),
    ],
  );
  const states = await storeStocks(
    tx,
    rows.map(({ store_id }) => store_id),
  );
  return rows.map(({ store_id, changed_at }) => {
    const state = states.get(store_id);
    if (!state) throw new Error(`store ${store_id} vanished in its own transaction`);
    return { state, changedAt: changed_at };
  });
}

/**
 * Changes the stock of items over all stores and returns each that changed. The items' rows are locked until `tx` ends: a
 * transaction that changes stores as well must do so before, or two of them could wait for each other.
 */
export async function changeItemStocks(
  tx: PoolClient,
  changes: readonly StockChange[],
): Promise<Changed<ItemStockChanged>[]> {
  const items = sortedGroups(changes, ({ sku }) => sku);
  const { rows } = await tx.query<ItemRow & { changed_at: Date }>(
    `INSERT INTO item_stock AS known (sku, quantity, as_of, changed_at)
     SELECT sku, quantity, as_of, ${NOW}
     FROM unnest($1::text[], $2::bigint[], $3::timestamptz[]) WITH ORDINALITY AS new (sku, quantity, as_of, n) ORDER BY n
     ON CONFLICT (sku) DO UPDATE SET quantity = known.quantity + excluded.quantity, ${LATER}
     RETURNING sku, quantity, as_of, changed_at`,
    [
      items.map(([sku]) => sku),
      items.map(([, own]) => String(pieces(own))),
      items.map(([, own]) => latest(own)),
    ],
  );
  return rows.map((row) => ({ state: toItemStock(row), changedAt: row.changed_at }));
}

async function storeStocks(
  database: Database,
  storeIds: readonly string[],
): Promise<Map<string, StoreStockChanged>> {
  const { rows } = await database.query<{ store_id: string; sku: string; quantity: string; as_of: Date }>(
    `SELECT store_id, sku, quantity, as_of FROM store JOIN store_stock USING (store_id)
     WHERE store_id = ANY($1) ORDER BY store_id, sku`,
    [storeIds],
  );
  const states = new Map<string, StoreStockChanged & { stock: Record<string, number> }>();
  for (const { store_id: storeId, sku, quantity, as_of: asOf } of rows) {
    const state = states.get(storeId) ?? { storeId, stock: {}, asOf };
    state.stock[sku] = Number(quantity);
    states.set(storeId, state);
  }
  return states;
}

/** Returns the stock of every item of one store, undefined when the store was never seen. */
export async function findStoreStock(
  database: Database,
  storeId: string,
): Promise<StoreStockChanged | undefined> {
  return (await storeStocks(database, [storeId])).get(storeId);
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
