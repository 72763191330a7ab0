import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from './database.ts';
import { testPlatform } from './test-platform.ts';

async function query<T extends object>(url: string, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

const exists = async (name: string) =>
  (await query(testPlatform().database.url, 'SELECT 1 FROM pg_database WHERE datname = $1', [name]))
    .length === 1;

describe('A test database', () => {
  let ofTheTestBefore = '';

  it('is empty and can be written', async () => {
    const { url, name } = await createTestDatabase();
    await query(url, 'CREATE TABLE note (text text)');
    await query(url, 'INSERT INTO note VALUES ($1)', ['hello']);
    expect(await query(url, 'SELECT text FROM note')).toEqual([{ text: 'hello' }]);
    ofTheTestBefore = name;
  });

  it('is gone when its test has ended', async () => {
    expect(ofTheTestBefore).not.toBe('');
    expect(await exists(ofTheTestBefore)).toBe(false);
  });

  it('can be dropped while somebody is connected', async () => {
    const database = await createTestDatabase();
    const { url, name } = database;
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    expect(await exists(name)).toBe(false);
    await client.end().catch(() => undefined);
  });
});
