import { createTestDatabase } from '@eda/testing';
import { Pool } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { TransientError } from './errors.ts';
import { inTransaction } from './transaction.ts';

async function createPool(max = 10): Promise<Pool> {
  const { url } = await createTestDatabase();
  const pool = new Pool({ connectionString: url, max });
  // The database goes away while connections that were thrown away still close.
  pool.on('error', () => undefined);
  onTestFinished(() => pool.end());
  return pool;
}

it('The database ends a transaction in which a process stands still, and lets its successor in', async () => {
  const pool = await createPool();
  const { rows } = await inTransaction(pool, 200, (tx) =>
    tx.query<{ ms: string }>(
      "SELECT setting AS ms FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'",
    ),
  );
  // A little more than the handler's own deadline, so that only who cannot keep that one any more is ended.
  expect(Number(rows[0]?.ms)).toBe(5200);
});

it('What a failed work still does with the transaction afterwards is refused, and commits nothing', async () => {
  const pool = await createPool(1);
  await pool.query('CREATE TABLE effect (text text NOT NULL)');
  const late = Promise.withResolvers<unknown>();

  const failed = inTransaction(pool, 5000, async (tx) => {
    const slow = async () => {
      await tx.query("INSERT INTO effect VALUES ('in time')");
      await tx.query("INSERT INTO effect VALUES ('too late')");
    };
    // As the parts of a handler that are at work together: one fails, the others do not know it.
    slow().then(late.resolve, late.resolve);
    await Promise.reject(new Error('a part failed'));
  });

  await expect(failed).rejects.toThrow('a part failed');
  expect(await late.promise).toMatchObject({ message: expect.stringContaining('is over') as string });
  expect((await pool.query('SELECT text FROM effect')).rows).toEqual([]);
});

it('A handler that loses its partition keeps its connection to itself', async () => {
  const pool = await createPool(1);
  const backend = async () =>
    (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
  const before = await backend();

  const lost = inTransaction(pool, 5000, () =>
    Promise.reject(new TransientError('the partition was taken away', { code: 'PARTITION_LOST' })),
  );

  await expect(lost).rejects.toMatchObject({ code: 'PARTITION_LOST' });
  expect(await backend()).not.toBe(before);
});

it('A transaction sees what was committed before each of its statements, whatever the default of the database', async () => {
  const { url } = await createTestDatabase();
  const pool = new Pool({
    connectionString: url,
    options: '-c default_transaction_isolation=serializable',
  });
  pool.on('error', () => undefined);
  onTestFinished(() => pool.end());

  const { rows } = await inTransaction(pool, 1000, (tx) => tx.query('SHOW transaction_isolation'));

  expect(rows).toEqual([{ transaction_isolation: 'read committed' }]);
});
