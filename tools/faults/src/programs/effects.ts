/** The effect: a row for each time a handler ran to its end. Nothing in the table prevents two for one event. */
import type { Pool, PoolClient } from 'pg';

export const EFFECT_TABLE = `
CREATE TABLE effect (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL,
  key text NOT NULL,
  sequence integer NOT NULL,
  partition integer NOT NULL,
  record_offset bigint NOT NULL,
  member text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);`;

export interface Effect {
  readonly id: string;
  readonly key: string;
  readonly sequence: number;
  readonly partition: number;
  readonly offset: bigint;
}

const INSERT = `
INSERT INTO effect (event_id, key, sequence, partition, record_offset, member)
SELECT id, key, sequence, partition, record_offset, $6
FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::bigint[]) WITH ORDINALITY AS e (id, key, sequence, partition, record_offset, n)
ORDER BY n`;

/** Writes effects in order, in one statement. */
export async function insertEffects(
  tx: Pick<Pool | PoolClient, 'query'>,
  member: string,
  effects: readonly Effect[],
): Promise<void> {
  await tx.query(INSERT, [
    effects.map(({ id }) => id),
    effects.map(({ key }) => key),
    effects.map(({ sequence }) => sequence),
    effects.map(({ partition }) => partition),
    effects.map(({ offset }) => String(offset)),
    member,
  ]);
}
