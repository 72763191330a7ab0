import type { Pool, PoolClient } from 'pg';
import { escapeLiteral } from 'pg';
import { PermanentError } from './errors.ts';
import { fingerprint } from './fingerprint.ts';
import type { Failure, KeyedRecord, ParkingLimits } from './parked-records.ts';
import { appendParked, isKeyed, lockParkedKey, lockParkedKeys, parkKey } from './parked-records.ts';
import { FenceWentBack } from './record-store.ts';
import type { EffectResult, Fence, IdentifiedRecord, RecordStore, StartingPosition } from './record-store.ts';
import { parkingDefaults } from './subscription.ts';
import { databaseAnswers, inTransaction } from './transaction.ts';
import type { RawRecord } from './types.ts';

const ADVANCE = `
INSERT INTO consumer_offset AS fence (group_id, topic, partition, next_offset, last_fingerprint)
VALUES ($1, $2, $3, $4::bigint + 1, $5)
ON CONFLICT (group_id, topic, partition) DO UPDATE
SET next_offset = excluded.next_offset, last_fingerprint = excluded.last_fingerprint, updated_at = now()
WHERE fence.next_offset <= $4::bigint AND fence.next_offset >= $6::bigint
RETURNING xmax = 0 AS made`;

/** Fence and inbox of one record; with its values in the text, so that it can travel together with BEGIN. */
function claimOf(groupId: string, record: RawRecord, eventId: string, known: bigint): string {
  const { topic, partition, offset } = record;
  const [group, name, id] = [groupId, topic, eventId].map(escapeLiteral);
  return `
WITH passed AS (
  INSERT INTO consumer_offset AS fence (group_id, topic, partition, next_offset, last_fingerprint)
  VALUES (${group}, ${name}, ${partition}, ${offset + 1n}, ${fingerprint(record)})
  ON CONFLICT (group_id, topic, partition) DO UPDATE
  SET next_offset = excluded.next_offset, last_fingerprint = excluded.last_fingerprint, updated_at = now()
  WHERE fence.next_offset <= ${offset} AND fence.next_offset >= ${known}
  RETURNING xmax = 0 AS made
),
new AS (
  INSERT INTO inbox (group_id, event_id, topic, partition, record_offset)
  SELECT ${group}, ${id}, ${name}, ${partition}, ${offset} FROM passed
  ON CONFLICT DO NOTHING RETURNING 1
)
SELECT (SELECT count(*)::int FROM passed) AS passed, (SELECT made FROM passed) AS made, (SELECT count(*)::int FROM new) AS new`;
}

/** PostgreSQL has no text with this character, and as part of a statement it looks like a broken connection: an outage. */
function refuseUnstorable(eventId: string): void {
  if (eventId.includes('\0'))
    throw new PermanentError('the id of the event contains a NUL character', { code: 'BAD_EVENT_ID' });
}

const LOCK_FENCE =
  'SELECT next_offset FROM consumer_offset WHERE group_id = $1 AND topic = $2 AND partition = $3 FOR UPDATE';

/** In one view: what was parked before the fence was where it is seen is seen as well. */
const LOOK = `
SELECT next_offset, last_fingerprint, parked
FROM (SELECT EXISTS (SELECT 1 FROM parked_key WHERE group_id = $1 AND topic = $2) AS parked) AS keys
LEFT JOIN consumer_offset ON group_id = $1 AND topic = $2 AND partition = $3`;

interface FenceRow {
  readonly next_offset: string | null;
  readonly last_fingerprint: string | null;
  readonly parked: boolean;
}

const CLAIM_CHUNK = `
WITH passed AS (
  UPDATE consumer_offset SET next_offset = $4::bigint + 1, last_fingerprint = $5, updated_at = now()
  WHERE group_id = $1 AND topic = $2 AND partition = $3
)
INSERT INTO inbox (group_id, event_id, topic, partition, record_offset)
SELECT $1, event.id, $2, $3, event.record_offset
FROM unnest($6::text[], $7::bigint[]) WITH ORDINALITY AS event (id, record_offset, position)
ORDER BY event.position
ON CONFLICT DO NOTHING
RETURNING record_offset`;

/**
 * The database's memory of what was handled. Inbox row, fence and effect are one transaction: the inbox knows an event that
 * comes twice, the fence a member that lost its partition and does not know it yet (docs/decisions/0021, 0026).
 */
export class EffectStore implements RecordStore {
  readonly #pool: Pool;
  readonly #groupId: string;
  readonly #timeoutMs: number;

  readonly #onCommitted: () => void;
  /** Topics with parked keys, whatever the policy is now: the look at the fence tells. */
  readonly #parked = new Set<string>();
  /** Where each fence stood when this process saw or moved it last; it never goes back, unless the database has lost commits. */
  readonly #known = new Map<string, bigint>();

  constructor(pool: Pool, groupId: string, timeoutMs: number, onCommitted: () => void = () => undefined) {
    this.#pool = pool;
    this.#groupId = groupId;
    this.#timeoutMs = timeoutMs;
    this.#onCommitted = onCommitted;
  }

  async apply(
    record: RawRecord,
    eventId: string,
    effect: (tx: PoolClient) => Promise<void>,
    parking?: ParkingLimits,
  ): Promise<EffectResult> {
    refuseUnstorable(eventId);
    const limits = this.#limits(record.topic, parking);
    const known = this.#knownOf(record);
    const opening = [claimOf(this.#groupId, record, eventId, known)];
    if (limits !== undefined && isKeyed(record)) opening.push(lockParkedKey(this.#groupId, record));
    const result = await inTransaction<EffectResult>(
      this.#pool,
      this.#timeoutMs,
      async (tx, [claim, parked]) => {
        if (claim?.[0]?.['passed'] !== 1) return this.#fencedUnlessBack(tx, record, known);
        if (claim[0]['made'] === true && known > 0n) throw new FenceWentBack(record, 0n, known);
        if (claim[0]['new'] !== 1) return 'duplicate';
        if (limits !== undefined && parked !== undefined && parked.length > 0 && isKeyed(record)) {
          await tx.query('DELETE FROM inbox WHERE group_id = $1 AND event_id = $2', [this.#groupId, eventId]);
          await appendParked(tx, this.#groupId, record.topic, [record], limits);
          return 'parked';
        }
        await effect(tx);
        return 'applied';
      },
      opening,
    );
    // Who has passed it may have parked its key.
    if (result === 'fenced') this.#parked.add(record.topic);
    else this.#moved(record);
    if (result === 'applied') this.#onCommitted();
    return result;
  }

  async applyChunk(
    chunk: readonly IdentifiedRecord[],
    effect: (fresh: readonly number[], tx: PoolClient) => Promise<void>,
    parking?: ParkingLimits,
  ): Promise<EffectResult[]> {
    const [first] = chunk;
    const last = chunk.at(-1);
    if (first === undefined || last === undefined) return [];
    for (const { eventId } of chunk) refuseUnstorable(eventId);
    const { topic } = first.record;
    const committed = await inTransaction<EffectResult[]>(this.#pool, this.#timeoutMs, async (tx) => {
      const next = await this.#lockFence(tx, first.record);
      const known = this.#knownOf(first.record);
      if (next < known) throw new FenceWentBack(first.record, next, known);
      const ahead = chunk.filter(({ record }) => record.offset >= next);
      if (ahead.length < chunk.length) this.#parked.add(topic);
      if (ahead.length === 0) return chunk.map(() => 'fenced');
      const limits = this.#limits(topic, parking);
      const parked =
        limits === undefined ? new Set<bigint>() : await this.#putBehind(tx, topic, ahead, limits);
      const open = ahead.filter(({ record }) => !parked.has(record.offset));
      const { rows } = await tx.query<{ record_offset: string }>(CLAIM_CHUNK, [
        ...this.#place(last.record),
        open.map(({ eventId }) => eventId),
        open.map(({ record }) => String(record.offset)),
      ]);
      const claimed = new Set(rows.map(({ record_offset }) => BigInt(record_offset)));
      const results = chunk.map(({ record }) => {
        if (record.offset < next) return 'fenced';
        if (parked.has(record.offset)) return 'parked';
        return claimed.has(record.offset) ? 'applied' : 'duplicate';
      });
      const fresh = results.flatMap((result, index) => (result === 'applied' ? [index] : []));
      if (fresh.length > 0) await effect(fresh, tx);
      return results;
    });
    if (committed.at(-1) !== 'fenced') this.#moved(last.record);
    if (committed.includes('applied')) this.#onCommitted();
    return committed;
  }

  #limits(topic: string, parking: ParkingLimits | undefined): ParkingLimits | undefined {
    return parking ?? (this.#parked.has(topic) ? parkingDefaults({}) : undefined);
  }

  /** Puts the records of parked keys behind them; returns their offsets. */
  async #putBehind(
    tx: PoolClient,
    topic: string,
    records: readonly IdentifiedRecord[],
    limits: ParkingLimits,
  ): Promise<Set<bigint>> {
    const keyed = records.map(({ record }) => record).filter(isKeyed);
    const keys = new Map(keyed.map(({ key }) => [key.toString('hex'), key]));
    const parked = await lockParkedKeys(tx, this.#groupId, topic, [...keys.values()]);
    if (parked.size === 0) return new Set();
    const followers = keyed.filter(({ key }) => parked.has(key.toString('hex')));
    await appendParked(tx, this.#groupId, topic, followers, limits);
    return new Set(followers.map(({ offset }) => offset));
  }

  async park(
    record: KeyedRecord,
    why: { readonly failure: Failure; readonly attempts: number; readonly delayMs: number },
    parking: ParkingLimits,
  ): Promise<'parked' | 'fenced'> {
    const result = await inTransaction(this.#pool, this.#timeoutMs, async (tx) => {
      if ((await this.#advance(tx, record)) === 'fenced') return 'fenced';
      await parkKey(tx, this.#groupId, record, why, parking);
      return 'parked';
    });
    if (result === 'parked') this.#moved(record);
    return result;
  }

  async #advance(tx: PoolClient, record: RawRecord): Promise<'passed' | 'fenced'> {
    const known = this.#knownOf(record);
    const { rows } = await tx.query<{ made: boolean }>(ADVANCE, [...this.#place(record), String(known)]);
    if (rows[0] === undefined) return this.#fencedUnlessBack(tx, record, known);
    if (rows[0].made && known > 0n) throw new FenceWentBack(record, 0n, known);
    return 'passed';
  }

  async #fencedUnlessBack(tx: PoolClient, record: RawRecord, known: bigint): Promise<'fenced'> {
    if (known === 0n) return 'fenced';
    const next = await this.#lockFence(tx, record);
    if (next < known) throw new FenceWentBack(record, next, known);
    return 'fenced';
  }

  #knownOf({ topic, partition }: RawRecord): bigint {
    return this.#known.get(`${topic}/${partition}`) ?? 0n;
  }

  #moved({ topic, partition, offset }: RawRecord): void {
    this.#known.set(`${topic}/${partition}`, offset + 1n);
  }

  /** Holds the fence until the transaction ends, and returns where it stands. */
  async #lockFence(tx: PoolClient, { topic, partition }: RawRecord): Promise<bigint> {
    const place = [this.#groupId, topic, partition];
    for (;;) {
      const { rows } = await tx.query<{ next_offset: string }>(LOCK_FENCE, place);
      if (rows[0] !== undefined) return BigInt(rows[0].next_offset);
      await tx.query(
        `INSERT INTO consumer_offset (group_id, topic, partition, next_offset) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING`,
        place,
      );
    }
  }

  async pass(record: RawRecord): Promise<void> {
    const result = await inTransaction(this.#pool, this.#timeoutMs, (tx) => this.#advance(tx, record));
    if (result === 'passed') this.#moved(record);
  }

  async fence(topic: string, partition: number): Promise<Fence | undefined> {
    const { rows } = await inTransaction(this.#pool, this.#timeoutMs, (tx) =>
      tx.query<FenceRow>(LOOK, [this.#groupId, topic, partition]),
    );
    const row = rows[0];
    if (row?.parked === true) this.#parked.add(topic);
    else this.#parked.delete(topic);
    const name = `${topic}/${partition}`;
    if (row === undefined || row.next_offset === null) {
      this.#known.delete(name);
      return undefined;
    }
    this.#known.set(name, BigInt(row.next_offset));
    return {
      next: BigInt(row.next_offset),
      fingerprint: row.last_fingerprint === null ? null : Number(row.last_fingerprint),
    };
  }

  async begin(topic: string, positions: readonly StartingPosition[]): Promise<void> {
    await inTransaction(this.#pool, this.#timeoutMs, async (tx) => {
      // Members that join at the same time write one after the other, each for its own partitions.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext($1 || ' ' || $2))`, [this.#groupId, topic]);
      await tx.query(
        `INSERT INTO consumer_offset (group_id, topic, partition, next_offset)
         SELECT $1, $2, p.partition, p.next_offset FROM unnest($3::int[], $4::bigint[]) AS p (partition, next_offset)
         WHERE NOT EXISTS (SELECT 1 FROM consumer_offset WHERE group_id = $1 AND topic = $2)
         ON CONFLICT DO NOTHING`,
        [
          this.#groupId,
          topic,
          positions.map(({ partition }) => partition),
          positions.map(({ offset }) => String(offset)),
        ],
      );
    });
  }

  answers(): Promise<boolean> {
    return databaseAnswers(this.#pool);
  }

  #place(record: RawRecord): unknown[] {
    return [this.#groupId, record.topic, record.partition, String(record.offset), fingerprint(record)];
  }
}
