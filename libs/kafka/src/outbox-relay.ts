import type { BatchObservableResult } from '@opentelemetry/api';
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { Logger } from 'pino';
import type { Backoff } from './backoff.ts';
import { backoffMs, pause } from './backoff.ts';
import { AppendError } from './client-types.ts';
import { DeliveryUnknown, describeError, InvalidRecord, RecordRejected, RecordTooLarge } from './errors.ts';
import type { MetricsOptions } from './metrics.ts';
import { meterOf } from './metrics.ts';
import type { RowName } from './outbox-blocked.ts';
import { BlockedRows } from './outbox-blocked.ts';
import type { StoredHeaders } from './outbox-headers.ts';
import { restoreHeaders } from './outbox-headers.ts';
import type { OutgoingRecord, Producer, RecordMetadata } from './types.ts';

const RETRY: Backoff = { initialMs: 100, maxMs: 5000 };
/** Of one refused row: somebody has to change something before it can succeed. */
const RETRY_REFUSED: Backoff = { initialMs: 500, maxMs: 60_000 };
/** A page ends with the row whose value passes this, whatever is behind it. */
const PAGE_BYTES = 8 << 20;
/** Rows that are counted one by one. */
const COUNTED_ROWS = 10_000;
/** One per database: any number that all relays agree on. */
const LEADER_LOCK = '7310868735420166517';

/**
 * For a table that had many rows and has few: once it is vacuumed, the planner would rather read all of its empty pages
 * and sort than follow the primary key.
 */
const BY_PRIMARY_KEY = 'enable_seqscan = off';

/** What is left out when rows are blocked; a hashed list, so that the primary key still gives the order. */
const NOT_BLOCKED = `
WHERE (key IS NULL OR (topic, key) NOT IN (SELECT * FROM unnest($3::text[], $4::bytea[]))) AND id <> ALL($5::bigint[])`;

const nextPage = (condition = '') => `
SELECT id, topic, key, value, headers FROM (
  SELECT *, sum(octet_length(value)) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ahead
  FROM (SELECT id, topic, key, value, headers FROM outbox ${condition} ORDER BY id LIMIT $1) AS head
) AS page
WHERE coalesce(ahead, 0) < $2
ORDER BY id`;

const ONE_ROW = 'SELECT id, topic, key, value, headers FROM outbox WHERE id = $1';

export interface OutboxRelayOptions {
  /** One of its connections is kept for as long as this relay runs. */
  readonly pool: Pool;
  readonly producer: Producer;
  readonly logger: Logger;
  readonly metrics?: MetricsOptions;
  /** How long a new row of another process waits at most, and how often a waiting relay tries to take over, in milliseconds. */
  readonly pollIntervalMs?: number;
  /** Rows that are read, sent and deleted together, at most; large rows make it fewer. */
  readonly batchSize?: number;
  /** Keys that may wait behind a refused row while others go on, 1000 when absent; with more the relay is not ready and slow. */
  readonly maxBlockedKeys?: number;
}

export interface RelayHealth {
  /**
   * False while rows cannot be relayed, with the reason. A relay that waits behind another's is ready; so is one where only
   * single keys wait, again with the reason.
   */
  readonly ready: boolean;
  readonly live: boolean;
  readonly leader: boolean;
  /** Keys that wait behind a row which Kafka refuses; absent when there are none. */
  readonly blocked?: number;
  readonly reason?: string;
}

export interface OutboxRelay {
  /** Begins in the background; database and Kafka may come later. */
  start(): Promise<void>;
  /** Relays nothing new, waits for what is on its way at most `deadlineMs`, and lets another relay take over. */
  stop(deadlineMs?: number): Promise<void>;
  /** Call after a commit that appended rows: they are relayed now and not at the next poll. */
  wake(): void;
  /** Rows that Kafka has not acknowledged: exact up to 10,000, beyond that an estimate which is rather too high. */
  pending(): Promise<number>;
  health(): RelayHealth;
}

interface Row {
  readonly id: string;
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: StoredHeaders;
}

/** Why a row was not acknowledged. */
interface Failure {
  readonly reason: string;
  /** Whether only this row is at fault, and a later try would fail too. */
  readonly refused: boolean;
}

function toFailure(error: unknown): Failure {
  const refused =
    error instanceof RecordTooLarge ||
    error instanceof InvalidRecord ||
    (error instanceof RecordRejected &&
      error.cause instanceof AppendError &&
      error.cause.failure === 'bad-record');
  return { reason: `Kafka: ${describeError(error)}`, refused };
}

function toRecord({ topic, key, value, headers }: Row): OutgoingRecord {
  return { topic, key, value, headers: restoreHeaders(headers) };
}

class Relay implements OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #pollMs: number;
  readonly #batchSize: number;
  readonly #stopping = new AbortController();
  readonly #blocked: BlockedRows;
  #running: Promise<void> | undefined;
  #leader = false;
  #trouble: string | undefined = 'not started';
  #woken = new AbortController();
  #stopObserving: () => void = () => undefined;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#pollMs = options.pollIntervalMs ?? 250;
    this.#batchSize = options.batchSize ?? 5000;
    this.#blocked = new BlockedRows(options.maxBlockedKeys ?? 1000, RETRY_REFUSED);
  }

  start(): Promise<void> {
    if (this.#running === undefined) {
      this.#observe();
      this.#running = this.#run();
    }
    return Promise.resolve();
  }

  async stop(deadlineMs = 10_000): Promise<void> {
    this.#stopping.abort();
    this.#woken.abort();
    this.#stopObserving();
    const stopped = new AbortController();
    try {
      await Promise.race([this.#running, pause(deadlineMs, stopped.signal)]);
    } finally {
      // A timer that is left would keep the process alive until the deadline.
      stopped.abort();
    }
  }

  wake(): void {
    this.#woken.abort();
  }

  async pending(): Promise<number> {
    return (await this.#backlog()).rows;
  }

  health(): RelayHealth {
    const { first, size } = this.#blocked;
    const waiting =
      first &&
      `${size} keys of the outbox wait, the first behind row ${first.id} for ${first.topic}: ${first.reason}`;
    const reason = this.#trouble ?? waiting;
    return {
      ready: this.#trouble === undefined,
      live: true,
      leader: this.#leader,
      ...(size === 0 ? {} : { blocked: size }),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  async #run(): Promise<void> {
    for (let attempt = 1; !this.#stopping.signal.aborted;) {
      try {
        await this.#withConnection(async (connection) => {
          await this.#waitForLeadership(connection);
          attempt = 1;
          await this.#lead(connection);
        });
      } catch (error) {
        this.#trouble = `outbox: ${describeError(error)}`;
        this.#options.logger.warn(
          { reason: describeError(error), attempt },
          'the outbox relay was interrupted, trying again',
        );
        await pause(backoffMs(RETRY, attempt), this.#stopping.signal);
        attempt += 1;
      } finally {
        this.#leader = false;
        this.#blocked.clear();
      }
    }
  }

  /** Runs `work` on a connection of its own: the leader's lock lives and dies with it. */
  async #withConnection(work: (connection: PoolClient) => Promise<void>): Promise<void> {
    const connection = await this.#options.pool.connect();
    // Without a listener a connection that is lost while idle would end the process; the next query reports it.
    const ignore = () => undefined;
    connection.on('error', ignore);
    try {
      // Somebody may have given it back within a transaction; deletes in there would never be committed.
      await connection.query('ROLLBACK');
      await connection.query(`SET ${BY_PRIMARY_KEY}`);
      await work(connection);
    } finally {
      connection.off('error', ignore);
      // Closed, not given back: closing is what surely releases the lock.
      connection.release(true);
    }
  }

  async #waitForLeadership(connection: PoolClient): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const { rows } = await connection.query<{ leader: boolean }>(
        'SELECT pg_try_advisory_lock($1) AS leader',
        [LEADER_LOCK],
      );
      this.#trouble = undefined;
      if (rows[0]?.leader === true) {
        this.#leader = true;
        this.#options.logger.info('this process relays the outbox');
        return;
      }
      await pause(this.#pollMs, this.#stopping.signal);
    }
  }

  async #lead(connection: PoolClient): Promise<void> {
    for (let failures = 0; !this.#stopping.signal.aborted;) {
      const woken = (this.#woken = new AbortController());
      const rows = [...(await this.#dueRow(connection)), ...(await this.#page(connection))];
      const complete = await this.#relay(connection, rows);
      failures = complete ? 0 : failures + 1;
      if (!complete) await pause(backoffMs(RETRY, failures), this.#stopping.signal);
      else if (rows.length === 0)
        await pause(this.#pollMs, AbortSignal.any([woken.signal, this.#stopping.signal]));
    }
  }

  async #page(connection: PoolClient): Promise<Row[]> {
    const limits = [this.#batchSize, PAGE_BYTES];
    if (this.#blocked.size === 0) return (await connection.query<Row>(nextPage(), limits)).rows;
    const { topics, keys, ids } = this.#blocked.excluded();
    return (await connection.query<Row>(nextPage(NOT_BLOCKED), [...limits, topics, keys, ids])).rows;
  }

  /** A refused row whose next try is due. It goes alone: what waits behind it is read when it was acknowledged. */
  async #dueRow(connection: PoolClient): Promise<Row[]> {
    const due = this.#blocked.due();
    if (due === undefined) return [];
    const { rows } = await connection.query<Row>(ONE_ROW, [due.id]);
    if (rows.length === 0)
      this.#release(due, 'a refused outbox row was deleted, what waited behind it goes on');
    return rows;
  }

  #release(row: RowName, message: string): void {
    if (this.#blocked.release(row)) this.#options.logger.info({ topic: row.topic, row: row.id }, message);
  }

  #block(row: Row, reason: string): void {
    const blocked = this.#blocked.block(row, reason);
    if (blocked !== undefined)
      this.#options.logger.error(
        { topic: row.topic, row: row.id, reason, attempts: blocked.attempts },
        'an outbox row is refused: it waits, and with it what follows of its key',
      );
  }

  /**
   * Whether all was acknowledged except what waits for a refused row. What was not stays, and is read again before anything
   * of its key.
   */
  async #relay(connection: PoolClient, rows: readonly Row[]): Promise<boolean> {
    if (rows.length === 0) return true;
    const results = await this.#options.producer.sendMany(rows.map(toRecord), { keepKeyOrder: true });
    const settled = await Promise.all(results.map((result) => this.#settle(result)));
    rows.forEach((row, index) => {
      const failure = settled[index];
      if (failure?.refused === true) this.#block(row, failure.reason);
    });
    const acknowledged = rows.filter((_row, index) => settled[index] === undefined);
    const failed = settled.filter(
      (failure, index) => failure !== undefined && !this.#blocked.holds(rows[index] as Row),
    );
    // A refusal tells more than what was not sent because of it.
    const failure = failed.find((one) => one?.refused === true) ?? failed[0];
    this.#trouble =
      failure?.refused === true
        ? `more than ${this.#blocked.size} keys of the outbox wait: ${failure.reason}`
        : failure?.reason;
    if (failure !== undefined)
      this.#options.logger.warn(
        { rows: failed.length, reason: this.#trouble },
        'outbox rows were not acknowledged, trying again',
      );
    if (acknowledged.length > 0)
      await connection.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [
        acknowledged.map(({ id }) => id),
      ]);
    for (const row of acknowledged) this.#release(row, 'a refused outbox row was acknowledged at last');
    return failure === undefined;
  }

  /** Undefined when the record is in the log. An unknown outcome is waited for: sending the row again would write it twice. */
  async #settle(result: PromiseSettledResult<RecordMetadata>): Promise<Failure | undefined> {
    if (result.status === 'fulfilled') return undefined;
    const error: unknown = result.reason;
    if (!(error instanceof DeliveryUnknown) || error.outcome === undefined) return toFailure(error);
    this.#trouble = `Kafka: ${describeError(error)}`;
    const { promise: stopped, resolve } = Promise.withResolvers<Failure>();
    const onStop = () => {
      resolve({ reason: 'the relay stopped', refused: false });
    };
    this.#stopping.signal.addEventListener('abort', onStop, { once: true });
    try {
      return await Promise.race([error.outcome.then(() => undefined, toFailure), stopped]);
    } finally {
      this.#stopping.signal.removeEventListener('abort', onStop);
    }
  }

  /** Cheap on a table of any size: it reads the ends of the primary key, and counts no further than it says. */
  async #backlog(): Promise<{ rows: number; oldestSeconds: number }> {
    // Two statements in one query are one transaction, and are answered by a list.
    const answer: unknown = await this.#options.pool.query(
      `SET LOCAL ${BY_PRIMARY_KEY};
       SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT ${COUNTED_ROWS}) AS head) AS counted,
              coalesce((SELECT max(id) FROM outbox) - (SELECT min(id) FROM outbox) + 1, 0) AS span,
              coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at)::float8 FROM outbox ORDER BY id LIMIT 1), 0) AS age`,
    );
    const rows = (answer as QueryResult<{ counted: string; span: string; age: number }>[])[1]?.rows ?? [];
    const { counted = '0', span = '0', age = 0 } = rows[0] ?? {};
    const exact = Number(counted) < COUNTED_ROWS;
    return { rows: Number(exact ? counted : span), oldestSeconds: Math.max(0, age) };
  }

  #observe(): void {
    const meter = meterOf(this.#options.metrics);
    const pending = meter.createObservableGauge('messaging.outbox.pending', {
      description: 'Events that are committed and not acknowledged by Kafka',
      unit: '{message}',
    });
    const age = meter.createObservableGauge('messaging.outbox.oldest_age', {
      description: 'For how long the oldest of these events has been waiting; 0 when there is none',
      unit: 's',
    });
    const blocked = meter.createObservableGauge('messaging.outbox.blocked', {
      description: 'Keys that wait behind an event which Kafka refuses',
      unit: '{key}',
    });
    const observe = async (result: BatchObservableResult) => {
      result.observe(blocked, this.#blocked.size);
      await this.#backlog().then(
        ({ rows, oldestSeconds }) => {
          result.observe(pending, rows);
          result.observe(age, oldestSeconds);
        },
        () => undefined,
      );
    };
    meter.addBatchObservableCallback(observe, [pending, age, blocked]);
    this.#stopObserving = () => {
      meter.removeBatchObservableCallback(observe, [pending, age, blocked]);
    };
  }
}

/**
 * Publishes outbox rows in the order of their ids and deletes what Kafka has acknowledged. One relay per database leads, the
 * others wait and take over. At least once: a crash between acknowledgement and delete sends a row again with the same event id.
 */
export function createOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  return new Relay(options);
}
