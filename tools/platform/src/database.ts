/** Databases on the platform's PostgreSQL: one per application. */
import { Client, escapeIdentifier } from 'pg';

const DUPLICATE_DATABASE = '42P04';

/** Creates database `name` unless it is there, and returns its address. `adminUrl` is the platform's address of PostgreSQL. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<string> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
  } catch (error) {
    // 23505: two creations at the same time.
    const code = (error as { code?: string }).code;
    if (code !== DUPLICATE_DATABASE && code !== '23505') throw error;
  } finally {
    await client.end();
  }
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.href;
}
