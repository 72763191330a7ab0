import { createTcpProxy, createTestDatabase, type TcpProxy } from '@eda/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPool, isDatabaseUnavailable, withTransaction, type Pool } from './database.ts';
import { createHealth } from './health.ts';
import { createHttpApp } from './http-app.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let proxy: TcpProxy;
let pool: Pool;
beforeEach(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
  url.host = `${proxy.host}:${proxy.port}`;
  pool = createPool({ connectionString: url.href, logger, connectTimeoutMs: 500, statementTimeoutMs: 500 });
  await pool.query('CREATE TABLE item (name text PRIMARY KEY)');
});
afterEach(async () => {
  await pool.end();
  await proxy[Symbol.asyncDispose]();
  await database.drop();
});

const names = async () =>
  (await pool.query<{ name: string }>('SELECT name FROM item ORDER BY name')).rows.map(({ name }) => name);
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a transaction is committed when its work resolves and rolled back when it throws', async () => {
  const insert = (name: string) =>
    withTransaction(pool, (tx) => tx.query('INSERT INTO item VALUES ($1)', [name]));
  await insert('kept');
  const failure = failureOf(
    withTransaction(pool, async (tx) => {
      await tx.query(`INSERT INTO item VALUES ('lost')`);
      throw new Error('no');
    }),
  );
  expect(await failure).toEqual(new Error('no'));
  expect(await failureOf(insert('kept'))).toMatchObject({ code: '23505' });
  expect(await names()).toEqual(['kept']);
  expect(pool.totalCount).toBe(1);
});

test('an idle connection that the server ends is replaced, and the process lives', async () => {
  await pool.query('SELECT 1');
  await proxy.cut();
  await proxy.heal();
  await expect.poll(() => pool.totalCount).toBe(0);
  expect(await names()).toEqual([]);
});

test('a connection that breaks inside a transaction is thrown away and nothing of it stays', async () => {
  const failure = await failureOf(
    withTransaction(pool, async (tx) => {
      await tx.query(`INSERT INTO item VALUES ('lost')`);
      await proxy.cut();
      await tx.query(`INSERT INTO item VALUES ('lost too')`);
    }),
  );
  expect(isDatabaseUnavailable(failure), String(failure)).toBe(true);
  await proxy.heal();
  expect(await names()).toEqual([]);
});

test('a server that ends connections by command counts as unavailable', async () => {
  const failure = await failureOf(
    withTransaction(pool, (tx) => tx.query('SELECT pg_terminate_backend(pg_backend_pid())')),
  );
  expect(isDatabaseUnavailable(failure), String(failure)).toBe(true);
  expect(await names()).toEqual([]);
});

test('a server that vanishes without a word is noticed once, not again by the rollback', async () => {
  await pool.query('SELECT 1');
  proxy.freeze();
  const began = Date.now();
  const failure = await failureOf(withTransaction(pool, (tx) => tx.query('SELECT 1')));
  expect(isDatabaseUnavailable(failure), String(failure)).toBe(true);
  // The client gives up after 500 ms for the statement and one second more; a rollback would take as long again.
  expect(Date.now() - began).toBeLessThan(2_500);
  await proxy.heal();
  await expect.poll(() => names().catch(() => undefined)).toEqual([]);
});

test('a route whose database is away answers 503 with Retry-After, and works again afterwards', async () => {
  const health = createHealth();
  const metrics = createMetrics({ service: 'test' });
  const app = await createHttpApp({ name: 'test', logger, health, metrics });
  try {
    app.get('/items', names);
    expect((await app.inject('/items')).json()).toEqual([]);
    await proxy.cut();
    const answer = await app.inject('/items');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '5', 'content-type': 'application/problem+json' });
    await proxy.heal();
    expect((await app.inject('/items')).statusCode).toBe(200);
  } finally {
    await app.close();
    await metrics.close();
    health.close();
  }
});
