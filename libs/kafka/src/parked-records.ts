import type { PoolClient } from 'pg';
import { escapeLiteral } from 'pg';
import { PermanentError, TransientError } from './errors.ts';
import type { StoredHeaders } from './outbox-headers.ts';
import { restoreHeaders, storeHeaders } from './outbox-headers.ts';
import type { RawHeaders, RawRecord } from './types.ts';

/** How many records may be parked; beyond, partitions wait. */
export interface ParkingLimits {
  readonly maxRecordsPerKey: number;
  readonly maxKeys: number;
}

/** Why a record could not be handled, as far as it is kept. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code: string;
}

/** A record with a key; one without has no order to keep. */
export type KeyedRecord = RawRecord & { readonly key: Buffer };

export interface ParkedRow {
  readonly id: string;
  readonly topic: string;
  readonly key: Buffer;
  readonly partition: number;
  readonly record_offset: string;
  readonly appended_at: Date;
  readonly value: Buffer | null;
  readonly headers: StoredHeaders;
}

const LOCK_PARKED =
  'SELECT key FROM parked_key WHERE group_id = $1 AND topic = $2 AND key = ANY($3::bytea[]) FOR KEY SHARE';

const APPEND = `
INSERT INTO parked_record (group_id, topic, key, partition, record_offset, appended_at, value, headers)
SELECT $1, $2, r.key, r.partition, r.record_offset, r.appended_at, r.value, r.headers::jsonb
FROM unnest($3::bytea[], $4::int[], $5::bigint[], $6::timestamptz[], $7::bytea[], $8::text[])
  WITH ORDINALITY AS r (key, partition, record_offset, appended_at, value, headers, n)
ORDER BY r.n
ON CONFLICT (group_id, topic, partition, record_offset) DO NOTHING`;

const ALREADY_THERE = `
SELECT count(*)::int AS same FROM parked_record p
JOIN unnest($3::bytea[], $4::int[], $5::bigint[], $6::timestamptz[], $7::bytea[])
  AS r (key, partition, record_offset, appended_at, value)
ON p.partition = r.partition AND p.record_offset = r.record_offset AND p.key = r.key AND p.value IS NOT DISTINCT FROM r.value
  AND p.appended_at = r.appended_at
WHERE p.group_id = $1 AND p.topic = $2`;

/** The statement that tells whether the record's key is parked, its values in the text. */
export function lockParkedKey(groupId: string, { topic, key }: KeyedRecord): string {
  // Not in the statement that moves the fence: that one's view of the table may be older than what it has waited for.
  return `SELECT 1 AS parked FROM parked_key WHERE group_id = ${escapeLiteral(groupId)} AND topic = ${escapeLiteral(topic)}
  AND key = '\\x${key.toString('hex')}'::bytea FOR KEY SHARE`;
}

/** Those of `keys` that are parked, in hexadecimal; none of them is let go before the transaction ends. */
export async function lockParkedKeys(
  tx: PoolClient,
  groupId: string,
  topic: string,
  keys: readonly Buffer[],
): Promise<Set<string>> {
  const { rows } = await tx.query<{ key: Buffer }>(LOCK_PARKED, [groupId, topic, keys]);
  return new Set(rows.map(({ key }) => key.toString('hex')));
}

/**
 * Puts records behind what is parked of their keys, which are locked; in the caller's transaction. Those that are there already stay
 * where they are. Rejects with `PermanentError` for what cannot be kept here.
 */
export async function appendParked(
  tx: PoolClient,
  groupId: string,
  topic: string,
  records: readonly KeyedRecord[],
  { maxRecordsPerKey }: ParkingLimits,
): Promise<void> {
  if (records.length === 0) return;
  for (const { headers } of records) refuseUnstorable(headers);
  const columns = [
    groupId,
    topic,
    records.map(({ key }) => key),
    records.map(({ partition }) => partition),
    records.map(({ offset }) => String(offset)),
    records.map(({ timestamp }) => timestamp),
    records.map(({ value }) => value),
  ];
  const appended = await tx.query(APPEND, [
    ...columns,
    records.map(({ headers }) => JSON.stringify(storeHeaders(headers))),
  ]);
  if (appended.rowCount !== records.length) await expectAllThere(tx, columns, records.length);
  const { rows } = await tx.query(
    `SELECT 1 FROM parked_record WHERE group_id = $1 AND topic = $2 AND key = ANY($3::bytea[])
     GROUP BY key HAVING count(*) > $4 LIMIT 1`,
    [groupId, topic, records.map(({ key }) => key), maxRecordsPerKey],
  );
  if (rows.length > 0)
    throw new TransientError(`more than ${maxRecordsPerKey} records wait behind a parked key`, {
      code: 'PARKING_FULL',
    });
}

/** PostgreSQL has no text with this character, in JSON neither. */
function refuseUnstorable(headers: RawHeaders): void {
  if (Object.keys(headers).some((name) => name.includes('\0')))
    throw new PermanentError('the name of a header contains a NUL character', { code: 'CANNOT_BE_PARKED' });
}

/** What was parked before is the same record, or this is a topic that was made anew, with the old one's records still parked. */
async function expectAllThere(tx: PoolClient, columns: readonly unknown[], count: number): Promise<void> {
  const { rows } = await tx.query<{ same: number }>(ALREADY_THERE, [...columns]);
  if (rows[0]?.same !== count)
    throw new PermanentError('another record of the same partition and offset is parked', {
      code: 'CANNOT_BE_PARKED',
    });
}

/** Parks the key of a record that could not be handled, and the record as its first; in the caller's transaction. */
export async function parkKey(
  tx: PoolClient,
  groupId: string,
  record: KeyedRecord,
  { failure, attempts, delayMs }: { failure: Failure; attempts: number; delayMs: number },
  limits: ParkingLimits,
): Promise<void> {
  const place = [groupId, record.topic, record.key];
  for (;;) {
    await tx.query(
      `INSERT INTO parked_key (group_id, topic, key, attempts, next_try_at, error_name, error_message, error_code)
       VALUES ($1, $2, $3, $4, now() + $5 * interval '1 millisecond', $6, $7, $8) ON CONFLICT DO NOTHING`,
      [...place, attempts, delayMs, failure.name, failure.message, failure.code],
    );
    // A key that was parked already may be let go in this moment.
    const parked = await lockParkedKeys(tx, groupId, record.topic, [record.key]);
    if (parked.size > 0) break;
  }
  const { rows } = await tx.query<{ keys: number }>(
    'SELECT count(*)::int AS keys FROM parked_key WHERE group_id = $1 AND topic = $2',
    [groupId, record.topic],
  );
  if ((rows[0]?.keys ?? 0) > limits.maxKeys)
    throw new TransientError(`more than ${limits.maxKeys} keys of ${record.topic} are parked`, {
      code: 'PARKING_FULL',
    });
  await appendParked(tx, groupId, record.topic, [record], limits);
}

/** What a parked key says of its first record. */
export interface LockedKey {
  readonly attempts: number;
  /** Null until the first record has failed. */
  readonly error_name: string | null;
  readonly error_message: string | null;
  readonly error_code: string | null;
}

/** Waits until nobody tries the key, and keeps others from it until the transaction ends; undefined when it is not parked. */
export async function lockKey(
  tx: PoolClient,
  groupId: string,
  { topic, key }: { readonly topic: string; readonly key: Buffer },
): Promise<LockedKey | undefined> {
  const { rows } = await tx.query<LockedKey>(
    `SELECT attempts, error_name, error_message, error_code FROM parked_key
     WHERE group_id = $1 AND topic = $2 AND key = $3 FOR NO KEY UPDATE`,
    [groupId, topic, key],
  );
  return rows[0];
}

/** The first record of a parked key; undefined when nothing of it is left. */
export async function firstParked(
  tx: PoolClient,
  groupId: string,
  topic: string,
  key: Buffer,
): Promise<ParkedRow | undefined> {
  const { rows } = await tx.query<ParkedRow>(
    'SELECT * FROM parked_record WHERE group_id = $1 AND topic = $2 AND key = $3 ORDER BY id LIMIT 1',
    [groupId, topic, key],
  );
  return rows[0];
}

/** Takes the first record of a key out, whose row is locked, and lets the key go if nothing waits behind it. */
export async function removeParked(
  tx: PoolClient,
  groupId: string,
  { topic, key }: { readonly topic: string; readonly key: Buffer },
  id: string | undefined,
): Promise<void> {
  const place = [groupId, topic, key];
  if (id !== undefined) await tx.query('DELETE FROM parked_record WHERE id = $1', [id]);
  await tx.query(
    `UPDATE parked_key SET attempts = 0, next_try_at = now(), error_name = NULL, error_message = NULL, error_code = NULL
     WHERE group_id = $1 AND topic = $2 AND key = $3`,
    place,
  );
  // Who puts a record behind the key holds it; waiting for that one could be waiting in a circle, and it is not urgent.
  const { rowCount } = await tx.query(
    'SELECT 1 FROM parked_key WHERE group_id = $1 AND topic = $2 AND key = $3 FOR UPDATE SKIP LOCKED',
    place,
  );
  if (rowCount !== 1) return;
  // A statement of its own, so that it sees what was put behind the key until the lock was granted.
  await tx.query(
    `DELETE FROM parked_key WHERE group_id = $1 AND topic = $2 AND key = $3
     AND NOT EXISTS (SELECT 1 FROM parked_record WHERE group_id = $1 AND topic = $2 AND key = $3)`,
    place,
  );
}

/** The record as it came. */
export function toRawRecord(row: ParkedRow): KeyedRecord {
  return {
    topic: row.topic,
    partition: row.partition,
    offset: BigInt(row.record_offset),
    timestamp: row.appended_at,
    key: row.key,
    value: row.value,
    // Stored from bytes, restored as bytes.
    headers: restoreHeaders(row.headers) as RawHeaders,
  };
}

export function isKeyed(record: RawRecord): record is KeyedRecord {
  return record.key !== null;
}
