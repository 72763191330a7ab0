import type { Pool, PoolClient } from 'pg';
import { fingerprint } from './fingerprint.ts';
import { inTransaction } from './transaction.ts';
import type { RawRecord } from './types.ts';

/** `duplicate`: the event was handled at another offset; `fenced`: this offset was passed before, here or by another member. */
export type EffectResult = 'applied' | 'duplicate' | 'fenced';

export interface Fence {
  /** The offset of the first record whose effect is not in the database. */
  readonly next: bigint;
  /** Of the record before it; null when nobody wrote it down. */
  readonly fingerprint: number | null;
}

const ADVANCE = `
INSERT INTO consumer_offset AS fence (group_id, topic, partition, next_offset, last_fingerprint)
VALUES ($1, $2, $3, $4::bigint + 1, $5)
ON CONFLICT (group_id, topic, partition) DO UPDATE
SET next_offset = excluded.next_offset, last_fingerprint = excluded.last_fingerprint, updated_at = now()
WHERE fence.next_offset <= $4::bigint`;

const CLAIM = `
WITH passed AS (${ADVANCE} RETURNING 1),
new AS (
  INSERT INTO inbox (group_id, event_id, topic, partition, record_offset)
  SELECT $1, $6, $2, $3, $4::bigint FROM passed
  ON CONFLICT DO NOTHING RETURNING 1
)
SELECT (SELECT count(*)::int FROM passed) AS passed, (SELECT count(*)::int FROM new) AS new`;

/**
 * The database's memory of what was handled. Inbox row, fence and effect are one transaction: the inbox knows an event that
 * comes twice, the fence a member that lost its partition and does not know it yet (docs/decisions/0021).
 */
export class EffectStore {
  readonly #pool: Pool;
  readonly #groupId: string;
  readonly #timeoutMs: number;

  constructor(pool: Pool, groupId: string, timeoutMs: number) {
    this.#pool = pool;
    this.#groupId = groupId;
    this.#timeoutMs = timeoutMs;
  }

  /** Runs `effect` if the event is new here; its writes through `tx` are committed together with the claim, or not at all. */
  async apply(
    record: RawRecord,
    eventId: string,
    effect: (tx: PoolClient) => Promise<void>,
  ): Promise<EffectResult> {
    return inTransaction(this.#pool, this.#timeoutMs, async (tx) => {
      const { rows } = await tx.query<{ passed: number; new: number }>(CLAIM, [
        ...this.#place(record),
        eventId,
      ]);
      if (rows[0]?.passed !== 1) return 'fenced';
      if (rows[0].new !== 1) return 'duplicate';
      await effect(tx);
      return 'applied';
    });
  }

  /** Moves the fence past a record that has no effect here, such as a dead letter. */
  async pass(record: RawRecord): Promise<void> {
    await inTransaction(this.#pool, this.#timeoutMs, (tx) => tx.query(ADVANCE, this.#place(record)));
  }

  async fence(topic: string, partition: number): Promise<Fence | undefined> {
    const { rows } = await inTransaction(this.#pool, this.#timeoutMs, (tx) =>
      tx.query<{ next_offset: string; last_fingerprint: string | null }>(
        'SELECT next_offset, last_fingerprint FROM consumer_offset WHERE group_id = $1 AND topic = $2 AND partition = $3',
        [this.#groupId, topic, partition],
      ),
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    return {
      next: BigInt(row.next_offset),
      fingerprint: row.last_fingerprint === null ? null : Number(row.last_fingerprint),
    };
  }

  #place(record: RawRecord): unknown[] {
    return [this.#groupId, record.topic, record.partition, String(record.offset), fingerprint(record)];
  }
}
