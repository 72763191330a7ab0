import {
  goldenScenario,
  itemStockChanged,
  type StockMoved,
  stockMoved,
  storeStockChanged,
} from '@eda/contracts';
import { deadLetterTopic, describeDeadLetter, redrive } from '@eda/kafka';
import { type AppBench, createAppBench } from '@eda/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startInventory } from './app.ts';
import { loadInventoryConfig } from './config.ts';
import { findItemStock, findStoreStock, listItems, listStores } from './stock.ts';

const DEAD_LETTERS = deadLetterTopic(stockMoved.topic, 'inventory');
const soon = { timeout: 30_000, interval: 50 };

let bench: AppBench;
beforeEach(async () => {
  bench = await createAppBench('inventory');
});
afterEach(() => bench[Symbol.asyncDispose]());

async function start() {
  const inventory = await startInventory(loadInventoryConfig(bench.env()), new AbortController().signal);
  bench.stopAtEnd(inventory);
  return inventory;
}

const moved = (movement: Partial<StockMoved> = {}): StockMoved => ({
  storeId: 'Store_1',
  sku: 'Item_1',
  quantity: 1,
  reason: 'RESTOCK',
  unitPrice: null,
  occurredAt: new Date('2026-01-15T09:30:00Z'),
  ...movement,
});

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`there is nothing at ${index}`);
  return found;
}

const stockOf = async (sku: string) => (await findItemStock(bench.pool, sku))?.stock;

test('the golden scenario comes out right in the tables, on both state topics and over HTTP', async () => {
  const { movements, items, stores } = goldenScenario();
  const { http } = await start();
  for (const [index, movement] of movements.entries()) {
    await bench.producer.publish(stockMoved, moved(movement), {
      id: `movement-${index}`,
      extensions: { correlationid: `request-${index}` },
    });
  }

  const tables = async () => ({
    items: Object.fromEntries((await listItems(bench.pool, 10)).map(({ sku, stock }) => [sku, stock])),
    stores: Object.fromEntries(
      await Promise.all(
        (await listStores(bench.pool, 10)).map(
          async ({ storeId }) => [storeId, (await findStoreStock(bench.pool, storeId))?.stock] as const,
        ),
      ),
    ),
  });
  await expect.poll(tables, soon).toEqual({ items, stores });

  // Movements that are handled together make one state, so only the last state of a key is certain.
  const last = (states: readonly { key: string; data: { stock: unknown } }[]) =>
    Object.fromEntries(states.map(({ key, data }) => [key, data.stock]));
  await expect.poll(async () => last(await bench.events(storeStockChanged)), soon).toEqual(stores);
  await expect.poll(async () => last(await bench.events(itemStockChanged)), soon).toEqual(items);
  const storeStates = await bench.events(storeStockChanged);
  const itemStates = await bench.events(itemStockChanged);
  for (const { extensions, source } of [...storeStates, ...itemStates]) {
    expect(source).toBe('/eda/inventory');
    expect(extensions['correlationid']).toBe(extensions['causationid']?.replace('movement', 'request'));
  }

  const store = await http.inject('/stores/Store_1/stock');
  expect(store.json()).toEqual({
    storeId: 'Store_1',
    stock: stores['Store_1'],
    asOf: '2026-01-15T09:30:00.000Z',
  });
  const item = await http.inject('/items/Item_1/stock');
  expect(item.json()).toEqual({ sku: 'Item_1', stock: 50, asOf: '2026-01-15T09:30:00.000Z' });
});

test('the states of one store and of one item are published in the order in which they came about', async () => {
  await start();
  const publish = Array.from({ length: 60 }, (_, number) =>
    bench.producer.publish(stockMoved, moved({ storeId: `Store_${number % 6}`, sku: 'Item_1' })),
  );
  await Promise.all(publish);
  const stocks = async () => (await bench.events(itemStockChanged)).map(({ data }) => data.stock);
  await expect.poll(async () => (await stocks()).at(-1), soon).toBe(60);
  const states = await bench.events(itemStockChanged);
  expect(await stocks()).toEqual((await stocks()).toSorted((a, b) => a - b));
  expect(states.every(({ time }, index) => index === 0 || time > (states[index - 1]?.time ?? time))).toBe(
    true,
  );
});

test('a movement that is delivered twice counts once', async () => {
  await start();
  for (let time = 0; time < 2; time++) {
    await bench.producer.publish(stockMoved, moved({ quantity: 7 }), { id: 'the-same' });
  }
  await bench.producer.publish(stockMoved, moved({ quantity: 1 }), { id: 'another' });
  await expect.poll(() => stockOf('Item_1'), soon).toBe(8);
});

test('what can never be handled becomes one dead letter each, and the records behind it are handled', async () => {
  await start();
  const key = Buffer.from('Store_1');
  const event = {
    ce_specversion: '1.0',
    ce_source: '/test',
    ce_type: stockMoved.type,
    ce_time: '2026-01-15T09:30:00Z',
    'content-type': 'application/avro',
  };
  const unknownSchema = Buffer.concat([Buffer.from([0, 0x7f, 0xff, 0xff, 0xff]), Buffer.from('rest')]);
  const bad: [string, Buffer | null][] = [
    ['garbage', Buffer.from([0xde, 0xad, 0xbe, 0xef])],
    ['tombstone', null],
    ['unknown schema', unknownSchema],
    ['json', Buffer.from(JSON.stringify({ storeId: 'Store_1', sku: 'Item_1', quantity: 1 }))],
  ];
  for (const [name, value] of bad) {
    await bench.producer.send({ topic: stockMoved.topic, key, value, headers: { ...event, ce_id: name } });
    await bench.producer.publish(stockMoved, moved({ sku: name }));
  }
  await bench.producer.publish(stockMoved, moved({ reason: 'UNKNOWN', sku: 'reason' }));
  await bench.producer.publish(stockMoved, moved({ sku: 'reason' }));

  for (const name of [...bad.map(([badName]) => badName), 'reason']) {
    await expect.poll(() => stockOf(name), soon).toBe(1);
  }
  await expect.poll(() => bench.records(DEAD_LETTERS).length, soon).toBe(5);
  const letters = bench.records(DEAD_LETTERS);
  expect(letters.map(({ value }) => value)).toEqual([...bad.map(([, value]) => value), expect.any(Buffer)]);
  expect(letters.every((letter) => letter.key?.equals(key))).toBe(true);
  for (const letter of letters) {
    expect(describeDeadLetter(letter)).toMatchObject({
      kind: 'dead-letter',
      topic: stockMoved.topic,
      attempts: 1,
    });
  }
  expect(describeDeadLetter(at(letters, 4))).toMatchObject({ code: 'REASON_UNKNOWN', groupId: 'inventory' });
});

test('a dead letter that is put back after a fix is handled, once', async () => {
  await start();
  // A fault of inventory's own that a later migration takes away.
  await bench.pool.query(`ALTER TABLE item_stock ADD CONSTRAINT broken CHECK (sku <> 'Item_1')`);
  await bench.producer.publish(stockMoved, moved({ quantity: 4 }), { id: 'unlucky' });
  await expect.poll(() => bench.records(DEAD_LETTERS).length, soon).toBe(1);
  expect(await stockOf('Item_1')).toBeUndefined();
  expect(await findStoreStock(bench.pool, 'Store_1')).toBeUndefined();

  await bench.pool.query('ALTER TABLE item_stock DROP CONSTRAINT broken');
  const { partition, offset } = at(bench.records(DEAD_LETTERS), 0);
  const { client, producer } = bench;
  await redrive({ client, producer, deadLetterTopic: DEAD_LETTERS, partition, offset });
  await expect.poll(() => stockOf('Item_1'), soon).toBe(4);
  await expect(
    redrive({ client, producer, deadLetterTopic: DEAD_LETTERS, partition, offset }),
  ).rejects.toThrow(expect.objectContaining({ code: 'ALREADY_REDRIVEN' }));
});

test('two replicas share the work and count everything once', async () => {
  await Promise.all([start(), start()]);
  await Promise.all(
    Array.from({ length: 60 }, (_, number) =>
      bench.producer.publish(
        stockMoved,
        moved({ storeId: `Store_${number % 10}`, sku: `Item_${number % 3}` }),
      ),
    ),
  );
  const stocks = async () => (await listItems(bench.pool, 10)).map(({ stock }) => stock);
  await expect.poll(stocks, soon).toEqual([20, 20, 20]);
});

test('unknown stores and items are 404 problems, wrong queries are 400', async () => {
  const { http } = await start();
  const missing = await http.inject('/stores/Store_9/stock');
  expect(missing.statusCode).toBe(404);
  expect(missing.headers['content-type']).toContain('application/problem+json');
  expect(missing.json()).toMatchObject({
    status: 404,
    detail: 'No movement of store "Store_9" was ever seen.',
  });
  expect((await http.inject('/items/Item_9/stock')).statusCode).toBe(404);
  expect((await http.inject('/items?limit=0')).statusCode).toBe(400);
});

interface ItemsPage {
  readonly items: { readonly sku: string }[];
  readonly next: string;
}

test('lists come in pages', async () => {
  const { http } = await start();
  for (const number of [1, 2, 3]) {
    await bench.producer.publish(stockMoved, moved({ storeId: `Store_${number}`, sku: `Item_${number}` }));
  }
  await expect.poll(async () => (await listItems(bench.pool, 10)).length, soon).toBe(3);
  const first = (await http.inject('/items?limit=2')).json<ItemsPage>();
  expect(first.items.map(({ sku }) => sku)).toEqual(['Item_1', 'Item_2']);
  const second = (await http.inject(`/items?limit=2&after=${first.next}`)).json<ItemsPage>();
  expect(second).toMatchObject({ items: [{ sku: 'Item_3', stock: 1 }], next: null });
  const stores = (await http.inject('/stores?after=Store_2')).json<object>();
  expect(stores).toMatchObject({ stores: [{ storeId: 'Store_3' }], next: null });
});
