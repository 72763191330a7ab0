import type { Pool } from 'pg';

const BATCH = 10_000;

/**
 * Deletes inbox rows older than `maxAgeMs` in small steps and resolves with their number. The age must be longer than the
 * longest replay: the topics' retention plus the time a dead letter may wait for its redrive.
 */
export async function pruneInbox(pool: Pool, maxAgeMs: number): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM inbox WHERE (group_id, event_id) IN (
         SELECT group_id, event_id FROM inbox WHERE processed_at < now() - $1 * interval '1 millisecond' ORDER BY processed_at LIMIT $2
       )`,
      [maxAgeMs, BATCH],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return deleted;
  }
}
