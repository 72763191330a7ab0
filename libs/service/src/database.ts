/** PostgreSQL: one pool per process, transactions, and which errors mean "not now". */
import { Pool, type PoolClient } from 'pg';
import type { Logger } from 'pino';

export type { Pool, PoolClient };

export interface PoolOptions {
  readonly connectionString: string;
  readonly logger: Logger;
  /** Connections at most; 10 when absent. */
  readonly max?: number;
  /** Milliseconds until a connection must stand; 3,000 when absent. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds a statement may run; 30,000 when absent. */
  readonly statementTimeoutMs?: number;
  /** Shown by the database in `pg_stat_activity`. */
  readonly applicationName?: string;
}

/** Returns a pool that survives connections lost while idle; connecting fails within `connectTimeoutMs`, it never hangs. */
export function createPool(options: PoolOptions): Pool {
  const {
    connectionString,
    logger,
    max = 10,
    connectTimeoutMs = 3_000,
    statementTimeoutMs = 30_000,
  } = options;
  const pool = new Pool({
    connectionString,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    // A peer that vanished without a word is only seen from here; the server's own limit is reached first otherwise.
    query_timeout: statementTimeoutMs + 1_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: options.applicationName ?? 'eda',
  });
  // Without a listener the process ends when the database closes an idle connection.
  pool.on('error', (error) => logger.warn({ reason: error.message }, 'database connection lost while idle'));
  return pool;
}

/**
 * Runs `work` in one transaction and returns its result: committed when it resolves, rolled back when it throws.
 * A connection in doubt is thrown away, never reused.
 */
export async function withTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks between two statements reports it here; the next statement fails anyway.
  const ignore = () => undefined;
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that failed would let ROLLBACK wait as well; closing it rolls back too.
    if (error instanceof Error && isDatabaseUnavailable(error)) broken = error;
    else {
      await client.query('ROLLBACK').catch((rollbackError: unknown) => {
        broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
      });
    }
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Connection lost or refused, resources exhausted, shutting down, starting up, a standby that takes no writes. */
const SQLSTATE_UNAVAILABLE = /^(08...|53...|57P0[1-5]|25006)$/;

/** What pg 8 throws when a connection fails; it gives these no code, so the text is all there is. */
const PG_MESSAGES = new Set([
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Query read timeout',
]);

/** Tells whether the database could not be reached or cannot work now, so that the same call may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (NETWORK_CODES.has(code) || SQLSTATE_UNAVAILABLE.test(code))) return true;
  if (error instanceof AggregateError) return error.errors.some((inner) => isDatabaseUnavailable(inner));
  return code === undefined && PG_MESSAGES.has(error.message);
}
