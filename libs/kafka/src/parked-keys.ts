import type { Pool } from 'pg';
import { sendDeadLetter } from './dead-letter.ts';
import { ParkedFailure } from './failure.ts';
import { firstParked, lockKey, removeParked, toRawRecord } from './parked-records.ts';
import { inTransaction } from './transaction.ts';
import type { Producer } from './types.ts';

const TIMEOUT_MS = 30_000;

export interface ParkedKeysOptions {
  /** The consumer's database. */
  readonly pool: Pool;
  /** Logical, as the consumer has it. */
  readonly groupId: string;
  /** For records that are given up. */
  readonly producer?: Producer;
}

/** A key whose records wait, as an operator wants to see it. */
export interface ParkedKey {
  readonly topic: string;
  readonly key: string;
  readonly parkedAt: Date;
  readonly records: number;
  /** Of the first record, which the others wait for. */
  readonly first?: { readonly partition: number; readonly offset: bigint };
  readonly attempts: number;
  readonly nextTryAt: Date;
  /** Why the first record failed last; absent when it was not tried yet. */
  readonly failure?: { readonly name: string; readonly message: string; readonly code: string };
}

export interface ParkedKeys {
  /** Up to `limit` parked keys, those that wait longest first. */
  list(limit?: number): Promise<ParkedKey[]>;
  /** Lets the first record of the key be tried within a second; false when the key is not parked. */
  retryNow(topic: string, key: string): Promise<boolean>;
  /**
   * Puts the first record of the key into the dead-letter topic and lets those behind it go on; false when nothing is parked there, or
   * when the first record has not failed: the one that did was handled in the meantime, and this one is about to be tried.
   * A crash in between leaves the record parked as well: whichever takes effect first, the inbox keeps the other out.
   */
  giveUp(topic: string, key: string): Promise<boolean>;
}

interface ListedKey {
  readonly topic: string;
  readonly key: Buffer;
  readonly parked_at: Date;
  readonly attempts: number;
  readonly next_try_at: Date;
  readonly error_name: string | null;
  readonly error_message: string | null;
  readonly error_code: string | null;
  readonly records: number;
  readonly partition: number | null;
  readonly record_offset: string | null;
}

const LIST = `
SELECT k.*, first.partition, first.record_offset,
  (SELECT count(*)::int FROM parked_record r WHERE (r.group_id, r.topic, r.key) = (k.group_id, k.topic, k.key)) AS records
FROM parked_key k LEFT JOIN LATERAL (
  SELECT partition, record_offset FROM parked_record r
  WHERE (r.group_id, r.topic, r.key) = (k.group_id, k.topic, k.key) ORDER BY id LIMIT 1
) first ON true
WHERE k.group_id = $1 ORDER BY k.parked_at LIMIT $2`;

function toParkedKey(row: ListedKey): ParkedKey {
  const { partition, record_offset, error_name, error_message, error_code } = row;
  return {
    topic: row.topic,
    key: row.key.toString(),
    parkedAt: row.parked_at,
    records: row.records,
    ...(partition === null || record_offset === null
      ? {}
      : { first: { partition, offset: BigInt(record_offset) } }),
    attempts: row.attempts,
    nextTryAt: row.next_try_at,
    ...(error_name === null || error_message === null || error_code === null
      ? {}
      : { failure: { name: error_name, message: error_message, code: error_code } }),
  };
}

/** What an operator can do about keys that a consumer has parked (docs/decisions/0027). */
export function createParkedKeys({ pool, groupId, producer }: ParkedKeysOptions): ParkedKeys {
  return {
    async list(limit = 100) {
      const { rows } = await pool.query<ListedKey>(LIST, [groupId, limit]);
      return rows.map(toParkedKey);
    },
    async retryNow(topic, key) {
      const { rowCount } = await pool.query(
        'UPDATE parked_key SET next_try_at = now() WHERE group_id = $1 AND topic = $2 AND key = $3',
        [groupId, topic, Buffer.from(key)],
      );
      return rowCount === 1;
    },
    giveUp(topic, key) {
      if (producer === undefined) throw new TypeError('giving up a record needs a producer');
      const place = { topic, key: Buffer.from(key) };
      return inTransaction(pool, TIMEOUT_MS, async (tx) => {
        const parked = await lockKey(tx, groupId, place);
        const first = await firstParked(tx, groupId, topic, place.key);
        if (parked === undefined || first === undefined || parked.error_name === null) return false;
        const failure = new ParkedFailure({
          name: parked.error_name,
          message: parked.error_message ?? 'given up',
          code: parked.error_code ?? 'GIVEN_UP',
        });
        const reason = { groupId, stage: 'handler', error: failure, attempts: parked.attempts };
        await sendDeadLetter(producer, toRawRecord(first), { ...reason, failedAt: new Date() });
        await removeParked(tx, groupId, place, first.id);
        return true;
      });
    },
  };
}
