import { goldenScenario, itemStockChanged, stockMoved, storeStockChanged } from '@eda/contracts';
import { deadLetterTopic } from '@eda/kafka';
import { type AppBench, createAppBench, createTcpProxy, freePort, startAppProcess } from '@eda/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startInventory } from './app.ts';
import { loadInventoryConfig } from './config.ts';
import { listItems } from './stock.ts';

const DEAD_LETTERS = deadLetterTopic(stockMoved.topic, 'inventory');
const soon = { timeout: 50_000, interval: 50 };

let bench: AppBench;
beforeEach(async () => {
  bench = await createAppBench('inventory');
});
afterEach(() => bench[Symbol.asyncDispose]());

async function start(env: Record<string, string> = {}) {
  const inventory = await startInventory(loadInventoryConfig(bench.env(env)), new AbortController().signal);
  bench.stopAtEnd(inventory);
  return inventory;
}

/** Plays the golden scenario `rounds` times on the same stores and items; every figure is then `rounds` times as high. */
async function publishGolden(rounds: number) {
  for (let round = 0; round < rounds; round++) {
    for (const movement of goldenScenario().movements) {
      await bench.producer.publish(stockMoved, { ...movement, unitPrice: null, occurredAt: new Date() });
    }
  }
}

const itemStocks = async () =>
  Object.fromEntries((await listItems(bench.pool, 10)).map(({ sku, stock }) => [sku, stock]));
const goldenTimes = (rounds: number) =>
  Object.fromEntries(Object.entries(goldenScenario().items).map(([sku, stock]) => [sku, stock * rounds]));

/** What stands between the test and one of the addresses in the app's variables. */
async function proxied(variable: 'DATABASE_URL' | 'SCHEMA_REGISTRY_URL') {
  const url = new URL(bench.env()[variable] ?? '');
  const proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
  bench.defer(() => proxy[Symbol.asyncDispose]());
  url.host = `${proxy.host}:${proxy.port}`;
  return { proxy, env: { [variable]: url.href } };
}

test('kill -9 in the middle: after the restart every movement counts once', async () => {
  const env = bench.env({ CONSUMER_SESSION_TIMEOUT_MS: '6000' });
  const rounds = 30;
  const publishing = publishGolden(rounds);
  const handled = async () => {
    const { rows } = await bench.pool
      .query<{ handled: number }>('SELECT count(*)::int AS handled FROM inbox')
      .catch(() => ({ rows: [] }));
    return rows[0]?.handled ?? 0;
  };
  const killed = startAppProcess('inventory', env);
  bench.defer(() => killed.kill());
  await expect.poll(handled, { timeout: 50_000, interval: 5 }).toBeGreaterThanOrEqual(50);
  await killed.kill();
  expect(await handled()).toBeLessThan(rounds * 9);

  const inventory = startAppProcess('inventory', env);
  bench.defer(() => inventory.kill());
  await publishing;

  await expect.poll(itemStocks, soon).toEqual(goldenTimes(rounds));
  const last = async () =>
    Object.fromEntries((await bench.events(itemStockChanged)).map(({ key, data }) => [key, data.stock]));
  await expect.poll(last, soon).toEqual(goldenTimes(rounds));
  expect(bench.records(DEAD_LETTERS)).toEqual([]);
  expect(await inventory.stop()).toBe(0);
}, 120_000);

test('a database that goes away and comes back: nothing is dead-lettered, all is applied, readiness says why', async () => {
  const { proxy, env } = await proxied('DATABASE_URL');
  const { http } = await start(env);
  await publishGolden(1);
  await expect.poll(itemStocks, soon).toEqual(goldenTimes(1));

  await proxy.cut();
  await publishGolden(1);
  const failing = async () => {
    const { checks } = (await http.inject('/readyz')).json<{
      checks: { name: string; status: string; reason?: string }[];
    }>();
    return checks
      .filter(({ status }) => status === 'failing')
      .map(({ name, reason }) => `${name}: ${reason}`);
  };
  await expect
    .poll(failing, soon)
    .toEqual([
      expect.stringContaining('database: '),
      expect.stringMatching(/^kafka: .*the database cannot be reached/),
    ]);
  expect((await http.inject('/livez')).statusCode).toBe(200);
  const query = await http.inject('/items/Item_1/stock');
  expect(query.statusCode).toBe(503);
  expect(query.headers['retry-after']).toBeDefined();

  await proxy.heal();
  await expect.poll(itemStocks, soon).toEqual(goldenTimes(2));
  await expect.poll(async () => (await http.inject('/readyz')).statusCode, soon).toBe(200);
  const last = async () => (await bench.events(storeStockChanged)).findLast(({ key }) => key === 'Store_2');
  await expect.poll(async () => (await last())?.data.stock, soon).toEqual({ Item_1: 20 });
  expect(bench.records(DEAD_LETTERS)).toEqual([]);
});

test('it is not ready before its tables are there, however long another replica takes over them', async () => {
  const other = await bench.pool.connect();
  bench.defer(() => other.release(true));
  await other.query(`SELECT pg_advisory_lock(hashtextextended('schema_migration', 0))`);
  const port = await freePort();
  const starting = start({ PORT: String(port) });
  const status = async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.status;
  await expect.poll(status, { ...soon, interval: 5 }).not.toBeUndefined();
  expect(await status()).toBe(503);

  await other.query(`SELECT pg_advisory_unlock(hashtextextended('schema_migration', 0))`);
  await starting;
  await expect.poll(status, soon).toBe(200);
});

test('without a registry the start waits and says so, and goes on when it is there', async () => {
  const { proxy, env } = await proxied('SCHEMA_REGISTRY_URL');
  await proxy.cut();
  const port = await freePort();
  const starting = start({ ...env, PORT: String(port) });
  const answer = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    return response ? { status: response.status, text: await response.text() } : undefined;
  };
  await expect
    .poll(() => answer('/readyz'), soon)
    .toEqual({ status: 503, text: expect.stringContaining('waiting for the schema registry') as string });
  expect(await answer('/livez')).toMatchObject({ status: 200 });

  await proxy.heal();
  await starting;
  await publishGolden(1);
  await expect.poll(itemStocks, soon).toEqual(goldenTimes(1));
  expect(await answer('/readyz')).toMatchObject({ status: 200 });

  await proxy.cut();
  await publishGolden(1);
  await expect.poll(itemStocks, soon).toEqual(goldenTimes(2));
});

test('without Kafka it is not ready and says why, is live, and answers queries', async () => {
  const port = await freePort();
  const { http } = await start({ KAFKA_BROKERS: `127.0.0.1:${port}` });
  const ready = async () =>
    (await http.inject('/readyz')).json<{ checks: { name: string; reason?: string }[] }>();
  await expect
    .poll(async () => (await ready()).checks.find(({ name }) => name === 'kafka')?.reason, soon)
    .toContain('ECONNREFUSED');
  expect((await http.inject('/livez')).statusCode).toBe(200);
  expect((await http.inject('/items/Item_1/stock')).statusCode).toBe(404);
});
