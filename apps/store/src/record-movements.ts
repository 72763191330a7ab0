/** Recording movements: rows, and the events that tell of them, in one transaction. */
import { stockMoved, type StockMovedInput } from '@eda/contracts';
import type { Outbox } from '@eda/kafka';
import type { PoolClient } from '@eda/service';

/** What the events carry of the request that caused them. */
export interface Origin {
  readonly correlationId: string;
}

/**
 * Locks the stores in the order of their ids, so that no two callers wait for each other, and numbers the movements of each.
 * One statement, because every other movement of these stores waits from here to the commit.
 */
const INSERT_MOVEMENTS = `
  WITH locked AS (
    INSERT INTO store (store_id, movements)
    SELECT store_id, count(*) FROM unnest($2::text[]) AS moved (store_id) GROUP BY store_id ORDER BY store_id
    ON CONFLICT (store_id) DO UPDATE SET movements = store.movements + excluded.movements
    RETURNING store_id, movements
  )
  INSERT INTO movement (event_id, store_id, number, sku, quantity, reason, unit_price, occurred_at)
  SELECT event_id, store_id, locked.movements - followers, sku, quantity, reason, unit_price, occurred_at
  FROM unnest(
    $1::uuid[], $2::text[], $3::integer[], $4::text[], $5::integer[], $6::text[], $7::numeric[], $8::timestamptz[]
  ) AS new (event_id, store_id, followers, sku, quantity, reason, unit_price, occurred_at)
  JOIN locked USING (store_id)`;

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
): Promise<readonly string[]> {
  if (movements.length === 0) return [];
  const extensions = { correlationid: correlationId };
  const events = outbox.encodeMany(
    stockMoved,
    movements.map((movement) => ({
      data: { ...movement, unitPrice: movement.unitPrice ?? null },
      options: { subject: movement.sku, extensions },
    })),
  );
  await tx.query(INSERT_MOVEMENTS, [
    events.ids,
    movements.map(({ storeId }) => storeId),
    followers(movements),
    movements.map(({ sku }) => sku),
    movements.map(({ quantity }) => quantity),
    movements.map(({ reason }) => reason),
    movements.map(({ unitPrice }) => unitPrice ?? null),
    movements.map(({ occurredAt }) => occurredAt.toISOString()),
  ]);
  // After the lock: only then the outbox numbers the events of a store as its movements are numbered.
  await events.append(tx);
  return events.ids;
}

/** Returns for each movement how many of the same store come behind it. */
function followers(movements: readonly StockMovedInput[]): number[] {
  const seen = new Map<string, number>();
  return movements
    .toReversed()
    .map(({ storeId }) => {
      const behind = seen.get(storeId) ?? 0;
      seen.set(storeId, behind + 1);
      return behind;
    })
    .toReversed();
}
