import type { BatchObservableResult } from '@opentelemetry/api';
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { Logger } from 'pino';
import type { Backoff } from './backoff.ts';
import { backoffMs, pause } from './backoff.ts';
import { DeliveryUnknown, describeError } from './errors.ts';
import type { MetricsOptions } from './metrics.ts';
import { meterOf } from './metrics.ts';
import type { StoredHeaders } from './outbox-headers.ts';
import { restoreHeaders } from './outbox-headers.ts';
import type { OutgoingRecord, Producer, RecordMetadata } from './types.ts';

const RETRY: Backoff = { initialMs: 100, maxMs: 5000 };
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

const NEXT_PAGE = `
SELECT id, topic, key, value, headers FROM (
  SELECT *, sum(octet_length(value)) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ahead
  FROM (SELECT id, topic, key, value, headers FROM outbox ORDER BY id LIMIT $1) AS head
) AS page
WHERE coalesce(ahead, 0) < $2
ORDER BY id`;

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
}

export interface RelayHealth {
  /** False while rows cannot be relayed, with the reason. A relay that waits behind another's is ready. */
  readonly ready: boolean;
  readonly live: boolean;
  readonly leader: boolean;
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

function toRecord({ topic, key, value, headers }: Row): OutgoingRecord {
  return { topic, key, value, headers: restoreHeaders(headers) };
}

class Relay implements OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #pollMs: number;
  readonly #batchSize: number;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #leader = false;
  #trouble: string | undefined = 'not started';
  #woken = new AbortController();
  #stopObserving: () => void = () => undefined;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#pollMs = options.pollIntervalMs ?? 250;
    this.#batchSize = options.batchSize ?? 5000;
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
    await Promise.race([this.#running, pause(deadlineMs)]);
  }

  wake(): void {
    this.#woken.abort();
  }

  async pending(): Promise<number> {
    return (await this.#backlog()).rows;
  }

  health(): RelayHealth {
    const reason = this.#trouble;
    return {
      ready: reason === undefined,
      live: true,
      leader: this.#leader,
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
      const { rows } = await connection.query<Row>(NEXT_PAGE, [this.#batchSize, PAGE_BYTES]);
      const complete = await this.#relay(connection, rows);
      failures = complete ? 0 : failures + 1;
      if (!complete) await pause(backoffMs(RETRY, failures), this.#stopping.signal);
      else if (rows.length === 0)
        await pause(this.#pollMs, AbortSignal.any([woken.signal, this.#stopping.signal]));
    }
  }

  /** Whether every row was acknowledged. What was not stays, and is read again before anything of its key. */
  async #relay(connection: PoolClient, rows: readonly Row[]): Promise<boolean> {
    if (rows.length === 0) return true;
    const results = await this.#options.producer.sendMany(rows.map(toRecord), { keepKeyOrder: true });
    const settled = await Promise.all(results.map((result) => this.#settle(result)));
    const acknowledged = rows.filter((_row, index) => settled[index] === undefined).map(({ id }) => id);
    const failure = settled.find((reason) => reason !== undefined);
    this.#trouble = failure;
    if (failure !== undefined)
      this.#options.logger.warn(
        { rows: rows.length - acknowledged.length, reason: failure },
        'outbox rows were not acknowledged, trying again',
      );
    if (acknowledged.length > 0)
      await connection.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [acknowledged]);
    return failure === undefined;
  }

  /** Undefined when the record is in the log. An unknown outcome is waited for: sending the row again would write it twice. */
  async #settle(result: PromiseSettledResult<RecordMetadata>): Promise<string | undefined> {
    if (result.status === 'fulfilled') return undefined;
    const error: unknown = result.reason;
    if (!(error instanceof DeliveryUnknown) || error.outcome === undefined)
      return `Kafka: ${describeError(error)}`;
    this.#trouble = `Kafka: ${describeError(error)}`;
    const { promise: stopped, resolve } = Promise.withResolvers<string>();
    const onStop = () => {
      resolve('the relay stopped');
    };
    this.#stopping.signal.addEventListener('abort', onStop, { once: true });
    try {
      return await Promise.race([
        error.outcome.then(
          () => undefined,
          (reason: unknown) => `Kafka: ${describeError(reason)}`,
        ),
        stopped,
      ]);
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
    const observe = async (result: BatchObservableResult) => {
      await this.#backlog().then(
        ({ rows, oldestSeconds }) => {
          result.observe(pending, rows);
          result.observe(age, oldestSeconds);
        },
        () => undefined,
      );
    };
    meter.addBatchObservableCallback(observe, [pending, age]);
    this.#stopObserving = () => {
      meter.removeBatchObservableCallback(observe, [pending, age]);
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
