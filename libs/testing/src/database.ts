import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { onTestFinished } from 'vitest';
import { testPlatform } from './test-platform.ts';

/** A database of its own on the shared PostgreSQL. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Removes it and closes what is still connected. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database with a random name. Called within a test, it is dropped when the test ends, also after a
 * failure; called elsewhere (`beforeAll`), the caller drops it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = testPlatform().database.url;
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(adminUrl, `CREATE DATABASE ${escapeIdentifier(name)}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const drop = () => execute(adminUrl, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
  try {
    onTestFinished(drop);
  } catch {
    // Not within a test.
  }
  return { name, url: url.href, drop };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
