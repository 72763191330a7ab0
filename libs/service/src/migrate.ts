/** Database migrations: a list in code, applied once each, in order, by whichever replica comes first. */
import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { withTransaction } from './database.ts';

export interface Migration {
  /** Its identity for ever, for example `0001-movement`. */
  readonly name: string;
  readonly sql: string;
}

/** Thrown when the list in code and the database contradict each other, or when a statement fails; never retried. */
export class MigrationError extends Error {
  readonly code = 'MIGRATION_FAILED';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MigrationError';
  }
}

const TABLE = `
  CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

/**
 * Applies what is missing, in the order of the list, each migration in a transaction of its own; replicas that start
 * together wait for each other. Resolves when all are applied. Throws `MigrationError` when an applied migration was
 * edited or a statement fails; errors of an unreachable database pass through.
 */
export async function migrate(pool: Pool, migrations: readonly Migration[], logger: Logger): Promise<void> {
  const names = new Set<string>();
  for (const { name } of migrations) {
    if (names.has(name)) throw new MigrationError(`Two migrations are named "${name}"`);
    names.add(name);
  }

  const applied = await inTurn(pool, async (tx) => {
    await tx.query(TABLE);
    return checksums(tx);
  });
  for (const migration of migrations) verify(migration, applied.get(migration.name));

  for (const migration of migrations.filter(({ name }) => !applied.has(name))) {
    const done = await inTurn(pool, (tx) => apply(tx, migration));
    if (done) logger.info({ migration: migration.name }, 'migration applied');
  }
}

/** Runs `work` in a transaction that waits, without limit, for every other replica that migrates this database. */
function inTurn<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  return withTransaction(pool, async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    // The client's own query timeout would cut the wait off.
    await tx.query({
      text: `SELECT pg_advisory_xact_lock(hashtextextended('schema_migration', 0))`,
      query_timeout: WAIT_MS,
    } as { text: string });
    return work(tx);
  });
}

const WAIT_MS = 2 ** 31 - 1;

async function checksums(tx: PoolClient): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM schema_migration',
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

/** Returns false when another replica has applied it in the meantime. */
async function apply(tx: PoolClient, migration: Migration): Promise<boolean> {
  const already = (await checksums(tx)).get(migration.name);
  verify(migration, already);
  if (already !== undefined) return false;
  try {
    await tx.query({ text: migration.sql, query_timeout: WAIT_MS } as { text: string });
  } catch (error) {
    if (!isStatementError(error)) throw error;
    throw new MigrationError(`Migration "${migration.name}" failed: ${error.message}`, error);
  }
  await tx.query('INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)', [
    migration.name,
    checksumOf(migration),
  ]);
  return true;
}

function verify(migration: Migration, appliedChecksum: string | undefined): void {
  if (appliedChecksum === undefined || appliedChecksum === checksumOf(migration)) return;
  throw new MigrationError(
    `Migration "${migration.name}" was edited after it was applied to this database. ` +
      'Restore its text and put the change into a new migration.',
  );
}

/** Line ends and indentation at the end of lines do not count: a checkout may change them. */
function checksumOf({ sql }: Migration): string {
  const text = sql.replaceAll(/[ \t\r]+$/gm, '').trim();
  return createHash('sha256').update(text).digest('hex');
}

const isStatementError = (error: unknown): error is Error =>
  error instanceof Error &&
  /^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code)) &&
  !/^(08|53|57)/.test(String((error as { code?: unknown }).code));
