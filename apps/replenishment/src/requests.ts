/** Levels of items and open requests in PostgreSQL. */
import type { ItemStockChanged, ReplenishmentRequested } from '@eda/contracts';
import type { Pool, PoolClient } from 'pg';

type Database = Pool | PoolClient;

/**
 * Notes the stock of an item as of `changedAt` and returns true, or returns false when a newer one is known already.
 * The item's row is locked until `tx` ends.
 */
export async function noteLevel(
  tx: PoolClient,
  { sku, stock, asOf }: ItemStockChanged,
  changedAt: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO item_level AS known (sku, stock, as_of, changed_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (sku) DO UPDATE SET stock = excluded.stock, as_of = excluded.as_of, changed_at = excluded.changed_at
     WHERE known.changed_at <= excluded.changed_at`,
    [sku, stock, asOf, changedAt],
  );
  return rowCount === 1;
}

/**
 * Returns the number of open requests. Until `tx` ends no other transaction gets an answer, so that what is decided
 * by the number still holds when it is written.
 */
export async function countOpenRequests(tx: PoolClient): Promise<number> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('replenishment.open_request'))`);
  const { rows } = await tx.query<{ open: string }>(`SELECT count(*) AS open FROM open_request`);
  return Number(rows[0]?.open);
}

/** Opens a request. The item must have none. */
export async function openRequest(tx: PoolClient, request: ReplenishmentRequested): Promise<void> {
  await tx.query(
    `INSERT INTO open_request (sku, stock, threshold, quantity, requested_at) VALUES ($1, $2, $3, $4, $5)`,
    [request.sku, request.stock, request.threshold, request.quantity, request.requestedAt],
  );
}

/** Closes the item's request if there is one. */
export async function closeRequest(tx: PoolClient, sku: string): Promise<void> {
  await tx.query(`DELETE FROM open_request WHERE sku = $1`, [sku]);
}

/** Returns the open request of an item, undefined when it has none. */
export async function findRequest(
  database: Database,
  sku: string,
): Promise<ReplenishmentRequested | undefined> {
  const { rows } = await database.query<RequestRow>(`SELECT * FROM open_request WHERE sku = $1`, [sku]);
  return rows.map(toRequest)[0];
}

/** Returns up to `limit` open requests in the order of their skus, those after `after`. */
export async function listRequests(
  database: Database,
  limit: number,
  after = '',
): Promise<ReplenishmentRequested[]> {
  const { rows } = await database.query<RequestRow>(
    `SELECT * FROM open_request WHERE sku > $2 ORDER BY sku LIMIT $1`,
    [limit, after],
  );
  return rows.map(toRequest);
}

/** Returns the last known level of an item, undefined when it was never seen. */
export async function findLevel(database: Database, sku: string): Promise<ItemStockChanged | undefined> {
  const { rows } = await database.query<{ sku: string; stock: string; as_of: Date }>(
    `SELECT sku, stock, as_of FROM item_level WHERE sku = $1`,
    [sku],
  );
  return rows.map((row) => ({ sku: row.sku, stock: Number(row.stock), asOf: row.as_of }))[0];
}

interface RequestRow {
  sku: string;
  stock: string;
  threshold: string;
  quantity: string;
  requested_at: Date;
}

function toRequest(row: RequestRow): ReplenishmentRequested {
  return {
    sku: row.sku,
    stock: Number(row.stock),
    threshold: Number(row.threshold),
    quantity: Number(row.quantity),
    requestedAt: row.requested_at,
  };
}
