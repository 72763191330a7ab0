import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { describeError, HandlerTimeout, TransientError } from './errors.ts';

/** Time for BEGIN, inbox and COMMIT around a handler that takes its whole time. */
const MARGIN_MS = 5000;

/** Codes of errors after which a statement of the handler may still be at work. */
const LEFT_AT_WORK = new Set<unknown>(['DATABASE_TIMEOUT', 'PARTITION_LOST']);

async function checkOut(pool: Pool, timeoutMs: number): Promise<PoolClient> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const connecting = pool.connect();
  const timer = setTimeout(() => {
    connecting.then(
      (connection) => {
        connection.release();
      },
      () => undefined,
    );
    reject(new Error(`no connection within ${timeoutMs} ms`));
  }, timeoutMs);
  try {
    return await Promise.race([connecting, late]);
  } catch (error) {
    throw new TransientError(`the database cannot be reached: ${describeError(error)}`, {
      code: 'DATABASE_UNAVAILABLE',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function commit(tx: PoolClient): Promise<void> {
  // A transaction in which a statement failed answers COMMIT with a rollback, and without an error.
  const { command } = await tx.query('COMMIT');
  if (command !== 'COMMIT')
    throw new Error('the transaction was rolled back: a statement failed in it and the handler went on');
}

/** The connection for as long as the transaction lasts. */
interface Lent {
  readonly tx: PoolClient;
  /** From now on it takes no statement. */
  end(): void;
}

/**
 * A part of a handler that goes on after another one failed would write outside of the transaction, for good, or in the next one of
 * this connection.
 */
function lend(connection: PoolClient): Lent {
  let over = false;
  const ask = connection.query.bind(connection) as (...args: unknown[]) => unknown;
  const query = (...args: unknown[]): unknown => {
    if (over)
      return Promise.reject(new Error('the transaction is over: what it was to write is not written'));
    return ask(...args);
  };
  const tx = Object.create(connection, { query: { value: query } }) as PoolClient;
  return {
    tx,
    end: () => {
      over = true;
    },
  };
}

/**
 * Runs `work` in one transaction and commits it. Statements are cut off after `timeoutMs`, the whole a little later. What the
 * database or the way to it did wrong is a `TransientError` or carries its SQLSTATE; the rest is thrown as `work` threw it.
 * `opening` are statements, their values in their text, that make the way to the database together with BEGIN; `work` gets their rows.
 */
export async function inTransaction<R>(
  pool: Pool,
  timeoutMs: number,
  work: (tx: PoolClient, opened: readonly QueryResultRow[][]) => Promise<R>,
  opening: readonly string[] = [],
): Promise<R> {
  const tx = await checkOut(pool, MARGIN_MS);
  const lent = lend(tx);
  let lost: Error | undefined;
  let reusable = false;
  const onError = (error: Error) => (lost = error);
  tx.on('error', onError);
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new TransientError('the database did not answer in time', { code: 'DATABASE_TIMEOUT' }));
  }, timeoutMs + MARGIN_MS);
  const run = async () => {
    const begin = [
      // Whatever the database's default: the statement after a lock has to see what was committed before it.
      'BEGIN ISOLATION LEVEL READ COMMITTED',
      `SET LOCAL statement_timeout = ${Math.round(timeoutMs)}`,
      // A process that stands still in here holds locks that its successor waits for.
      `SET LOCAL idle_in_transaction_session_timeout = ${Math.round(timeoutMs + MARGIN_MS)}`,
    ];
    const answer: unknown = await tx.query([...begin, ...opening].join(';'));
    // Several statements in one query are answered by a list.
    const results = answer as QueryResult<QueryResultRow>[];
    const result = await work(
      lent.tx,
      results.slice(begin.length).map(({ rows }) => rows),
    );
    lent.end();
    await commit(tx);
    reusable = true;
    return result;
  };
  try {
    return await Promise.race([run(), tooLate]);
  } catch (error) {
    lent.end();
    if (lost !== undefined)
      throw new TransientError(`the database connection was lost: ${lost.message}`, {
        code: 'DATABASE_CONNECTION_LOST',
        cause: error,
      });
    // A handler that is still at it would have its ROLLBACK wait behind its own statement.
    const busy =
      error instanceof HandlerTimeout || LEFT_AT_WORK.has((error as { code?: unknown } | null)?.code);
    if (!busy) {
      reusable = await tx.query('ROLLBACK').then(
        () => true,
        () => false,
      );
    }
    throw error;
  } finally {
    clearTimeout(timer);
    tx.off('error', onError);
    tx.release(!reusable);
  }
}

/** Whether the database answers a question now. */
export async function databaseAnswers(pool: Pool, timeoutMs = 2000): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    resolve(false);
  }, timeoutMs);
  const asked = pool.query('SELECT 1').then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]).finally(() => {
    clearTimeout(timer);
  });
}
