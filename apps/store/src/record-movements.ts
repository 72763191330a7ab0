/** Recording movements: rows, and the events that tell of them, in one transaction. */
import { stockMoved, type StockMovedInput } from '@eda/contracts';
import type { Outbox } from '@eda/kafka';
import type { PoolClient } from '@eda/service';

/** What the events carry of the request that caused them. */
export interface Origin {
  readonly correlationId: string;
}

const LOCK_STORES = `
  INSERT INTO store (store_id, movements)
  SELECT store_id, count FROM unnest($1::text[], $2::bigint[]) AS counted (store_id, count)
  ORDER BY store_id
  ON CONFLICT (store_id) DO UPDATE SET movements = store.movements + excluded.movements
  RETURNING store_id, movements`;

const INSERT_MOVEMENTS = `
  INSERT INTO movement (event_id, store_id, number, sku, quantity, reason, unit_price, occurred_at)
  SELECT * FROM unnest(
    $1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::integer[], $6::text[], $7::numeric[], $8::timestamptz[])`;

/**
 * Writes movements and their events in the order given, as part of the transaction `tx`: published if, and only if, it
 * commits. Resolves with the event ids in the same order. Holds the rows of the stores until the transaction ends, so
 * that the events of one store are published in the order of its movements.
 */
export async function recordMovements(
  tx: PoolClient,
  outbox: Outbox,
  movements: readonly StockMovedInput[],
  { correlationId }: Origin,
): Promise<string[]> {
  if (movements.length === 0) return [];
  const numbers = await nextNumbers(tx, movements);
  const extensions = { correlationid: correlationId };
  const eventIds = await outbox.appendMany(
    tx,
    stockMoved,
    movements.map((movement) => ({
      data: { ...movement, unitPrice: movement.unitPrice ?? null },
      options: { subject: movement.sku, extensions },
    })),
  );
  await tx.query(INSERT_MOVEMENTS, [
    eventIds,
    movements.map(({ storeId }) => storeId),
    numbers,
    movements.map(({ sku }) => sku),
    movements.map(({ quantity }) => quantity),
    movements.map(({ reason }) => reason),
    movements.map(({ unitPrice }) => unitPrice ?? null),
    movements.map(({ occurredAt }) => occurredAt.toISOString()),
  ]);
  return eventIds;
}

/** Returns the number of each movement within its store. Locks the stores in the order of their ids: no two callers wait for each other. */
async function nextNumbers(tx: PoolClient, movements: readonly StockMovedInput[]): Promise<bigint[]> {
  const counts = new Map<string, number>();
  for (const { storeId } of movements) counts.set(storeId, (counts.get(storeId) ?? 0) + 1);
  const { rows } = await tx.query<{ store_id: string; movements: string }>(LOCK_STORES, [
    [...counts.keys()],
    [...counts.values()],
  ]);
  const last = new Map(
    rows.map((row) => [row.store_id, BigInt(row.movements) - BigInt(counts.get(row.store_id) ?? 0)]),
  );
  return movements.map(({ storeId }) => {
    const number = (last.get(storeId) ?? 0n) + 1n;
    last.set(storeId, number);
    return number;
  });
}
