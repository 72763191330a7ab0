import { createTestDatabase } from '@eda/testing';
import { createLogger, createPool, migrate, withTransaction } from '@eda/service';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pool } from 'pg';
import { MIGRATIONS } from './migrations.ts';
import {
  changeItemStocks,
  changeStoreStocks,
  findItemStock,
  findStoreStock,
  listItems,
  listStores,
} from './stock.ts';

const logger = createLogger({ name: 'inventory', level: 'silent' });
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

let pool: Pool;
let cleanUp: () => Promise<void>;
beforeEach(async () => {
  const database = await createTestDatabase();
  pool = createPool({ connectionString: database.url, logger, max: 16 });
  cleanUp = async () => {
    await pool.end();
    await database.drop();
  };
  await migrate(pool, MIGRATIONS, logger);
});
afterEach(() => cleanUp());

function only<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('nothing changed');
  return first;
}

function move(storeId: string, sku: string, change: number, occurredAt = at(0)) {
  return withTransaction(pool, async (tx) => {
    const changes = [{ storeId, sku, change, occurredAt }];
    return {
      store: only(await changeStoreStocks(tx, changes)),
      item: only(await changeItemStocks(tx, changes)),
    };
  });
}

test('stock is counted per store and per item, and may be negative', async () => {
  await move('Store_1', 'Item_1', 10);
  await move('Store_2', 'Item_1', -4);
  const { store, item } = await move('Store_1', 'Item_2', -5);
  expect(store.state).toMatchObject({ storeId: 'Store_1', stock: { Item_1: 10, Item_2: -5 } });
  expect(item.state).toMatchObject({ sku: 'Item_2', stock: -5 });
  expect(await findStoreStock(pool, 'Store_2')).toMatchObject({ stock: { Item_1: -4 } });
  expect(await findItemStock(pool, 'Item_1')).toMatchObject({ stock: 6 });
});

test('what was never seen is undefined', async () => {
  expect(await findStoreStock(pool, 'Store_1')).toBeUndefined();
  expect(await findItemStock(pool, 'Item_1')).toBeUndefined();
});

test('a late movement counts, and does not turn back what the stock is as of', async () => {
  await move('Store_1', 'Item_1', 10, at(20));
  const { store, item } = await move('Store_1', 'Item_1', 5, at(10));
  expect(store.state).toMatchObject({ stock: { Item_1: 15 }, asOf: at(20) });
  expect(item.state).toMatchObject({ stock: 15, asOf: at(20) });
});

test('each state is later than the one before, even when the clock stands or was ahead', async () => {
  await move('Store_1', 'Item_1', 1);
  const ahead = new Date(Date.now() + 60_000);
  await pool.query('UPDATE store SET changed_at = $1', [ahead]);
  await pool.query('UPDATE item_stock SET changed_at = $1', [ahead]);
  const { store, item } = await move('Store_1', 'Item_1', 1);
  expect(store.changedAt.getTime()).toBe(ahead.getTime() + 1);
  expect(item.changedAt.getTime()).toBe(ahead.getTime() + 1);
});

test('movements at the same time lose nothing, wait for each other in no circle, and number states as they came about', async () => {
  await pool.query(
    'CREATE TABLE told (id bigserial PRIMARY KEY, key text, stock bigint, changed_at timestamptz)',
  );
  const tell = (tx: Pick<Pool, 'query'>, key: string, stock: number | undefined, changedAt: Date) =>
    tx.query('INSERT INTO told (key, stock, changed_at) VALUES ($1, $2, $3)', [key, stock, changedAt]);
  await Promise.all(
    Array.from({ length: 240 }, (_, number) =>
      withTransaction(pool, async (tx) => {
        const [storeId, sku] = [`Store_${number % 3}`, `Item_${number % 4}`];
        const changes = [{ storeId, sku, change: 1, occurredAt: at(0) }];
        const store = only(await changeStoreStocks(tx, changes));
        const total = Object.values(store.state.stock).reduce((sum, pieces) => sum + pieces, 0);
        await tell(tx, storeId, total, store.changedAt);
        const item = only(await changeItemStocks(tx, changes));
        await tell(tx, sku, item.state.stock, item.changedAt);
      }),
    ),
  );
  expect((await listItems(pool, 10)).map(({ stock }) => stock)).toEqual([60, 60, 60, 60]);

  const { rows } = await pool.query<{ key: string; stocks: number[]; times: Date[] }>(
    'SELECT key, array_agg(stock::int ORDER BY id) AS stocks, array_agg(changed_at ORDER BY id) AS times FROM told GROUP BY key',
  );
  expect(rows).toHaveLength(7);
  for (const { stocks, times } of rows) {
    expect(stocks).toEqual(stocks.map((_, index) => index + 1));
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? time))).toBe(true);
  }
});

test('many changes at once add up per store and per item, with one new state each', async () => {
  await move('Store_1', 'Item_1', 1, at(1));
  const changes = [
    { storeId: 'Store_2', sku: 'Item_1', change: 3, occurredAt: at(5) },
    { storeId: 'Store_1', sku: 'Item_1', change: 10, occurredAt: at(9) },
    { storeId: 'Store_1', sku: 'Item_2', change: 4, occurredAt: at(2) },
    { storeId: 'Store_1', sku: 'Item_1', change: -5, occurredAt: at(3) },
  ];
  const { stores, items } = await withTransaction(pool, async (tx) => ({
    stores: await changeStoreStocks(tx, changes),
    items: await changeItemStocks(tx, changes),
  }));
  expect(stores.map(({ state }) => state)).toEqual([
    { storeId: 'Store_1', stock: { Item_1: 6, Item_2: 4 }, asOf: at(9) },
    { storeId: 'Store_2', stock: { Item_1: 3 }, asOf: at(5) },
  ]);
  expect(items.map(({ state }) => state)).toEqual([
    { sku: 'Item_1', stock: 9, asOf: at(9) },
    { sku: 'Item_2', stock: 4, asOf: at(2) },
  ]);
});

test('changes of many stores and items at the same time wait for each other in no circle', async () => {
  const keys = [0, 1, 2, 3, 4, 5];
  await Promise.all(
    Array.from({ length: 60 }, (_, number) =>
      withTransaction(pool, async (tx) => {
        const changes = keys.map((key) => ({
          storeId: `Store_${(key * 5 + number) % 6}`,
          sku: `Item_${(key + number) % 6}`,
          change: 1,
          occurredAt: at(0),
        }));
        await changeStoreStocks(tx, changes);
        await changeItemStocks(tx, changes);
      }),
    ),
  );
  expect((await listItems(pool, 10)).map(({ stock }) => stock)).toEqual(keys.map(() => 60));
});

test('lists go on where the page before ended', async () => {
  for (const sku of ['a', 'b', 'c']) await move(`store-${sku}`, sku, 1);
  expect((await listItems(pool, 2)).map(({ sku }) => sku)).toEqual(['a', 'b']);
  expect((await listItems(pool, 2, 'b')).map(({ sku }) => sku)).toEqual(['c']);
  expect((await listStores(pool, 2, 'store-a')).map(({ storeId }) => storeId)).toEqual([
    'store-b',
    'store-c',
  ]);
});
