import { createTestDatabase } from '@eda/testing';
import { Pool } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { inTransaction } from './transaction.ts';

it('The database ends a transaction in which a process stands still, and lets its successor in', async () => {
  const { url } = await createTestDatabase();
  const pool = new Pool({ connectionString: url });
  onTestFinished(() => pool.end());
  const { rows } = await inTransaction(pool, 200, (tx) =>
    tx.query<{ ms: string }>(
      "SELECT setting AS ms FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'",
    ),
  );
  // A little more than the handler's own deadline, so that only who cannot keep that one any more is ended.
  expect(Number(rows[0]?.ms)).toBe(5200);
});
