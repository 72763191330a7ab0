import { createTestDatabase } from '@eda/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPool, type Pool } from './database.ts';
import { createLogger } from './logger.ts';
import { migrate, MigrationError, type Migration } from './migrate.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const TABLES: Migration[] = [
  { name: '0001-item', sql: 'CREATE TABLE item (name text PRIMARY KEY)' },
  { name: '0002-first-item', sql: `INSERT INTO item VALUES ('first')` },
];

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pools: Pool[];
beforeEach(async () => {
  database = await createTestDatabase();
  pools = [];
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

function connect(statementTimeoutMs?: number): Pool {
  const pool = createPool({
    connectionString: database.url,
    logger,
    ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
  });
  pools.push(pool);
  return pool;
}
const applied = async (pool: Pool) =>
  (await pool.query<{ name: string }>('SELECT name FROM schema_migration ORDER BY name')).rows.map(
    ({ name }) => name,
  );
const itemTable = async (pool: Pool) =>
  (await pool.query<{ found: string | null }>(`SELECT to_regclass('item') AS found`)).rows[0]?.found;

test('migrations are applied in order, once, and later ones are added', async () => {
  const pool = connect();
  await migrate(pool, TABLES, logger);
  await migrate(pool, TABLES, logger);
  await migrate(pool, [...TABLES, { name: '0003-colour', sql: 'ALTER TABLE item ADD colour text' }], logger);
  expect(await applied(pool)).toEqual(['0001-item', '0002-first-item', '0003-colour']);
  expect((await pool.query('SELECT * FROM item')).rows).toEqual([{ name: 'first', colour: null }]);
});

test('replicas that start at once apply each migration once', async () => {
  const slow = TABLES.map(({ name, sql }) => ({ name, sql: `SELECT pg_sleep(0.1); ${sql}` }));
  const replicas = Array.from({ length: 6 }, () => connect());
  await Promise.all(replicas.map((pool) => migrate(pool, slow, logger)));
  const [pool] = replicas as [Pool];
  expect((await pool.query('SELECT * FROM item')).rows).toEqual([{ name: 'first' }]);
});

test('waiting for another replica, and a long migration, may take longer than a statement', async () => {
  const long: Migration[] = [{ name: '0001-long', sql: 'SELECT pg_sleep(1.5)' }];
  await Promise.all([connect(200), connect(200)].map((pool) => migrate(pool, long, logger)));
  expect(await applied(connect())).toEqual(['0001-long']);
});

test('a migration that was edited after it was applied is refused by name; nothing is applied then', async () => {
  const pool = connect();
  await migrate(pool, TABLES.slice(0, 1), logger);
  const edited = [
    { name: '0001-item', sql: 'CREATE TABLE item (name text, colour text)' },
    ...TABLES.slice(1),
  ];
  await expect(migrate(pool, edited, logger)).rejects.toThrow(
    'Migration "0001-item" was edited after it was applied to this database. ' +
      'Restore its text and put the change into a new migration.',
  );
  expect(await applied(pool)).toEqual(['0001-item']);
});

test('line ends and trailing spaces are no edit', async () => {
  const pool = connect();
  await migrate(pool, [{ name: '0001-item', sql: 'CREATE TABLE item (\n  name text\n)' }], logger);
  await migrate(pool, [{ name: '0001-item', sql: 'CREATE TABLE item (  \r\n  name text\r\n)\r\n' }], logger);
});

test('a migration that fails leaves nothing behind, the ones before it stay', async () => {
  const pool = connect();
  const broken = { name: '0002-broken', sql: 'CREATE TABLE half (id int); CREATE TABLE item (id int)' };
  const failure: unknown = await migrate(pool, [...TABLES.slice(0, 1), broken], logger).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(MigrationError);
  expect((failure as Error).message).toBe('Migration "0002-broken" failed: relation "item" already exists');
  expect(await applied(pool)).toEqual(['0001-item']);
  expect(
    (await pool.query<{ found: string | null }>(`SELECT to_regclass('half') AS found`)).rows[0]?.found,
  ).toBeNull();
});

test('a migration that only a newer version knows does not disturb an older one', async () => {
  const pool = connect();
  await migrate(pool, TABLES, logger);
  await migrate(pool, TABLES.slice(0, 1), logger);
  expect(await applied(pool)).toHaveLength(2);
});

test('two migrations of one name are refused before anything happens', async () => {
  const pool = connect();
  await expect(migrate(pool, [...TABLES, ...TABLES], logger)).rejects.toThrow(
    /Two migrations are named "0001-item"/,
  );
  expect(await itemTable(pool)).toBeNull();
});
