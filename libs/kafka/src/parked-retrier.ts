import type { Pool, PoolClient } from 'pg';
import { verdictOf } from './attempts.ts';
import type { Backoff } from './backoff.ts';
import { backoffMs, pause } from './backoff.ts';
import { runCausedBy } from './correlation.ts';
import { sendDeadLetter } from './dead-letter.ts';
import { describeError } from './errors.ts';
import { toFailure } from './failure.ts';
import { handlerContext, received } from './handler-context.ts';
import { withDeadline } from './handler-deadline.ts';
import type { KeyedRecord, ParkedRow } from './parked-records.ts';
import { firstParked, lockKey, removeParked, toRawRecord } from './parked-records.ts';
import type { ProcessorOptions } from './record-processor.ts';
import type { Subscription } from './subscription.ts';
import { parkingDefaults, parkingOf } from './subscription.ts';
import { inProcessSpan, startProcess } from './tracing.ts';
import { inTransaction } from './transaction.ts';

const POLL_MS = 500;
const OUTAGE: Backoff = { initialMs: 2000, maxMs: 2000 };
const COUNT_EVERY_MS = 5000;
const REMIND_EVERY_MS = 30_000;

const DUE = `
SELECT topic, key, attempts FROM parked_key
WHERE group_id = $1 AND topic = ANY($2) AND next_try_at <= now()
ORDER BY next_try_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`;

const COUNT = `
SELECT k.topic, k.keys, coalesce(r.records, 0) AS records
FROM (SELECT topic, count(*)::int AS keys FROM parked_key WHERE group_id = $1 GROUP BY topic) AS k
LEFT JOIN (SELECT topic, count(*)::int AS records FROM parked_record WHERE group_id = $1 GROUP BY topic) AS r USING (topic)
ORDER BY k.topic`;

interface Count {
  readonly topic: string;
  readonly keys: number;
  readonly records: number;
}

interface DueKey {
  readonly topic: string;
  readonly key: Buffer;
  /** Of its first record. */
  readonly attempts: number;
}

/** What was under way when a try failed. */
interface Try {
  due?: DueKey;
  row?: ParkedRow;
  stage: 'decode' | 'handler';
}

export interface RetrierOptions extends ProcessorOptions {
  readonly pool: Pool;
  readonly subscriptions: readonly Subscription[];
  readonly onCommitted: (() => void) | undefined;
}

/**
 * Tries parked records again: the first of each key that is due, by whichever member comes first. Effect, inbox and the removal
 * of the record are one transaction, during which the key is locked: two members never work on one key, and a key that has
 * nothing left is let go in the same step.
 */
export class ParkedRetrier {
  readonly #options: RetrierOptions;
  readonly #subscriptions: ReadonlyMap<string, Subscription>;
  readonly #parks: boolean;
  /** Topics that were counted, so that what is gone is reported as 0. */
  readonly #counted = new Set<string>();
  /** Aborted when there is something to look for. */
  #look = new AbortController();
  #countedAt = 0;
  #remindedAt = 0;
  #warning: string | undefined;

  constructor(options: RetrierOptions) {
    this.#options = options;
    const parking = options.subscriptions.filter(
      ({ retry = options.retry }) => parkingOf(retry) !== undefined,
    );
    this.#parks = parking.length > 0;
    for (const { topic } of parking) this.#counted.add(topic);
    this.#subscriptions = new Map(
      options.subscriptions.map((subscription) => [subscription.topic, subscription]),
    );
  }

  /** The group has divided its partitions anew: a member that has left may have parked keys. */
  joined(): void {
    this.#look.abort();
  }

  /** What is parked and nobody will ever try. */
  warning(): string | undefined {
    return this.#warning;
  }

  /**
   * Works until `stopping`: on everything that is parked of the topics, whatever their policy is now. Where no policy parks keys and
   * none are parked, it sleeps until the group divides its partitions anew.
   */
  async run(stopping: AbortSignal, abandoning: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      this.#look = new AbortController();
      const counted = await this.#count();
      if (counted === 0 && !this.#parks) {
        await this.#sleep(stopping);
        this.#countedAt = 0;
        continue;
      }
      if (!(await this.#retryOne(abandoning))) await pause(POLL_MS, stopping);
    }
  }

  async #sleep(stopping: AbortSignal): Promise<void> {
    const { promise: awake, resolve: wake } = Promise.withResolvers<undefined>();
    const onWake = () => {
      wake(undefined);
    };
    stopping.addEventListener('abort', onWake, { once: true });
    this.#look.signal.addEventListener('abort', onWake, { once: true });
    if (stopping.aborted || this.#look.signal.aborted) wake(undefined);
    await awake;
    stopping.removeEventListener('abort', onWake);
  }

  /** True when there may be more to do at once. */
  async #retryOne(abandoning: AbortSignal): Promise<boolean> {
    const { pool, handlerTimeoutMs, logger, onCommitted, metrics } = this.#options;
    const current: Try = { stage: 'decode' };
    const started = performance.now();
    try {
      const result = await inTransaction(pool, handlerTimeoutMs, (tx) => this.#try(tx, current, abandoning));
      if (result === 'applied') onCommitted?.();
      if (current.row !== undefined) {
        const { topic, appended_at } = current.row;
        metrics.processed(topic, result, performance.now() - started, Date.now() - appended_at.getTime());
      }
      return result !== 'idle';
    } catch (error) {
      if (abandoning.aborted) return false;
      try {
        return await this.#afterFailure(current, error);
      } catch (trouble) {
        // The key is due as it was, and is found again.
        if (Date.now() - this.#remindedAt > REMIND_EVERY_MS) {
          logger.warn({ reason: describeError(trouble) }, 'parked records cannot be tried now');
          this.#remindedAt = Date.now();
        }
        return false;
      }
    }
  }

  async #try(
    tx: PoolClient,
    current: Try,
    abandoning: AbortSignal,
  ): Promise<'idle' | 'applied' | 'duplicate'> {
    const { groupId, codec, handlerTimeoutMs, logger } = this.#options;
    const { rows } = await tx.query<DueKey>(DUE, [groupId, [...this.#subscriptions.keys()]]);
    const due = rows[0];
    const subscription = this.#subscriptions.get(due?.topic ?? '');
    if (due === undefined || subscription === undefined) return 'idle';
    current.due = due;
    const row = await firstParked(tx, groupId, due.topic, due.key);
    if (row === undefined) {
      await removeParked(tx, groupId, due, undefined);
      // Not at once again: it stays due as long as somebody is about to put a record behind it.
      return 'idle';
    }
    current.row = row;
    const record = toRawRecord(row);
    return inProcessSpan(startProcess(record, groupId), async (span) => {
      const event = await subscription.decode(codec, record);
      span.identify(event.id, event.extensions['correlationid']);
      current.stage = 'handler';
      const fresh = await this.#claim(tx, record, event.id);
      if (fresh)
        await withDeadline(handlerTimeoutMs, abandoning, (deadline) =>
          runCausedBy(event, () =>
            subscription.handle(
              [received(event, record, due.attempts + 1)],
              handlerContext(deadline, tx, logger, event),
            ),
          ),
        );
      await removeParked(tx, groupId, due, row.id);
      const outcome = fresh ? 'applied' : 'duplicate';
      span.decided(outcome);
      return outcome;
    });
  }

  async #claim(tx: PoolClient, { topic, partition, offset }: KeyedRecord, eventId: string): Promise<boolean> {
    const { rowCount } = await tx.query(
      `INSERT INTO inbox (group_id, event_id, topic, partition, record_offset) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [this.#options.groupId, eventId, topic, partition, String(offset)],
    );
    return rowCount === 1;
  }

  async #afterFailure({ due, row, stage }: Try, error: unknown): Promise<boolean> {
    if (due === undefined) throw error;
    const { groupId, classify, store, logger, metrics } = this.#options;
    const verdict = await verdictOf(error, classify, store);
    metrics.retried(due.topic, verdict);
    if (verdict === 'poison' && row !== undefined) {
      await this.#putAside(due, row, stage, error);
      return true;
    }
    const place = { topic: due.topic, key: due.key.toString(), attempt: due.attempts + 1 };
    logger.warn({ ...place, err: error }, 'a parked record failed again');
    if (verdict === 'transient') {
      await this.#note(due, due.attempts, backoffMs(OUTAGE, 1), error, groupId);
      return false;
    }
    const attempts = due.attempts + 1;
    await this.#note(due, attempts, this.#delayMs(due, attempts), error, groupId);
    return true;
  }

  #delayMs({ topic }: DueKey, attempts: number): number {
    const policy = this.#subscriptions.get(topic)?.retry ?? this.#options.retry;
    // The tries before it was parked do not count for the back-off.
    return backoffMs(parkingDefaults(policy).backoff, Math.max(1, attempts - policy.maxAttempts + 1));
  }

  async #note(
    due: DueKey,
    attempts: number,
    delayMs: number,
    error: unknown,
    groupId: string,
  ): Promise<void> {
    const { name, message, code } = toFailure(error);
    await inTransaction(this.#options.pool, this.#options.handlerTimeoutMs, (tx) =>
      tx.query(
        `UPDATE parked_key SET attempts = $4, next_try_at = now() + $5 * interval '1 millisecond',
           error_name = $6, error_message = $7, error_code = $8
         WHERE group_id = $1 AND topic = $2 AND key = $3 AND attempts = $9`,
        [groupId, due.topic, due.key, attempts, delayMs, name, message, code, due.attempts],
      ),
    );
  }

  async #putAside(due: DueKey, row: ParkedRow, stage: Try['stage'], error: unknown): Promise<void> {
    const { groupId, producer, logger, pool, handlerTimeoutMs } = this.#options;
    const record = toRawRecord(row);
    logger.error({ topic: due.topic, err: error }, 'a parked record goes to the dead-letter topic');
    const attempts = due.attempts + 1;
    const reason = { groupId, stage, error, attempts, failedAt: new Date() };
    await inTransaction(pool, handlerTimeoutMs, async (tx) => {
      // Another member may have come first, and have handled it or put it aside.
      await lockKey(tx, groupId, due);
      const first = await firstParked(tx, groupId, due.topic, due.key);
      if (first?.id !== row.id) return;
      await sendDeadLetter(producer, record, reason);
      await removeParked(tx, groupId, due, row.id);
    });
  }

  /** How many keys are parked, of all topics; undefined when that was not asked now. */
  async #count(): Promise<number | undefined> {
    if (Date.now() - this.#countedAt < COUNT_EVERY_MS) return undefined;
    const { pool, groupId, metrics } = this.#options;
    try {
      const { rows } = await pool.query<Count>(COUNT, [groupId]);
      this.#countedAt = Date.now();
      const found = new Map(rows.map((row) => [row.topic, row]));
      for (const topic of found.keys()) this.#counted.add(topic);
      for (const topic of this.#counted)
        metrics.parked(topic, found.get(topic)?.keys ?? 0, found.get(topic)?.records ?? 0);
      this.#warnOf(rows.filter(({ topic }) => !this.#subscriptions.has(topic)));
      return rows.reduce((sum, { keys }) => sum + keys, 0);
    } catch {
      // The figures stay as they were; the tries tell of the trouble.
      return undefined;
    }
  }

  #warnOf(stranded: readonly Count[]): void {
    const known = this.#warning !== undefined;
    this.#warning =
      stranded.length === 0
        ? undefined
        : `parked records of topics that nobody subscribes to any more are not tried: ${stranded
            .map(({ topic, keys, records }) => `${topic} (${keys} keys, ${records} records)`)
            .join(', ')}`;
    if (!known && this.#warning !== undefined) this.#options.logger.warn(this.#warning);
  }
}
