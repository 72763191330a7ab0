import { itemStockChanged, type ReplenishmentRequested, replenishmentRequested } from '@eda/contracts';
import { createParkedKeys, deadLetterTopic, describeDeadLetter, redrive } from '@eda/kafka';
import { type AppBench, createAppBench } from '@eda/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startReplenishment } from './app.ts';
import { loadReplenishmentConfig } from './config.ts';
import { findLevel, listRequests } from './requests.ts';

const DEAD_LETTERS = deadLetterTopic(itemStockChanged.topic, 'replenishment');
const soon = { timeout: 30_000, interval: 50 };

let bench: AppBench;
let clock: number;
beforeEach(async () => {
  clock = Date.UTC(2026, 0, 15);
  bench = await createAppBench('replenishment');
});
afterEach(() => bench[Symbol.asyncDispose]());

async function start(env: Record<string, string> = {}) {
  const config = loadReplenishmentConfig(bench.env(env));
  const replenishment = await startReplenishment(config, new AbortController().signal);
  bench.stopAtEnd(replenishment);
  return replenishment;
}

/** Publishes a state, each a second later than the one before unless `time` says otherwise; resolves with its time. */
async function stockIs(
  sku: string,
  stock: number,
  { id, time }: { id?: string; time?: Date } = {},
): Promise<Date> {
  const changedAt = time ?? new Date((clock += 1_000));
  await bench.producer.publish(
    itemStockChanged,
    { sku, stock, asOf: changedAt },
    {
      time: changedAt,
      ...(id === undefined ? {} : { id }),
      extensions: { correlationid: `request-of-${sku}` },
    },
  );
  return changedAt;
}

const openRequests = async () => (await listRequests(bench.pool, 100)).map(({ sku }) => sku);
const handled = async () => {
  const { rows } = await bench.pool.query<{ handled: number }>('SELECT count(*)::int AS handled FROM inbox');
  return rows[0]?.handled;
};
const requested = async (): Promise<ReplenishmentRequested[]> =>
  (await bench.events(replenishmentRequested)).map(({ data }) => data);

const parked = () =>
  createParkedKeys({ pool: bench.pool, groupId: 'replenishment', producer: bench.producer });

test('the golden scenario requests Item_2 and nothing else', async () => {
  await start();
  // What inventory publishes of its nine movements.
  for (const [sku, stocks] of [
    ['Item_1', [10, 20, 30, 40, 50]],
    ['Item_2', [5, 0]],
    ['Item_3', [15, 10]],
  ] as const) {
    for (const stock of stocks) await stockIs(sku, stock);
  }
  await expect.poll(handled, soon).toBe(9);
  await expect
    .poll(requested, soon)
    .toEqual([
      { sku: 'Item_2', stock: 0, threshold: 5, quantity: 20, requestedAt: expect.any(Date) as Date },
    ]);
  const [event] = await bench.events(replenishmentRequested);
  expect(event).toMatchObject({
    key: 'Item_2',
    source: '/eda/replenishment',
    extensions: { correlationid: 'request-of-Item_2' },
  });
});

test('an item is requested once per falling under, however often it is told', async () => {
  await start();
  await stockIs('Item_1', 4, { id: 'same' });
  await stockIs('Item_1', 3);
  await stockIs('Item_1', 4, { id: 'same' });
  await stockIs('Item_1', 1);
  await expect.poll(handled, soon).toBe(3);
  expect(await openRequests()).toEqual(['Item_1']);

  await stockIs('Item_1', 21);
  await expect.poll(openRequests, soon).toEqual([]);
  await stockIs('Item_1', 2);
  await expect.poll(openRequests, soon).toEqual(['Item_1']);
  await expect.poll(requested, soon).toMatchObject([
    { stock: 4, quantity: 16 },
    { stock: 2, quantity: 18 },
  ]);
});

test('a state that is older than the one known is ignored', async () => {
  await start();
  const early = await stockIs('Item_1', 2);
  await stockIs('Item_1', 30);
  await expect.poll(openRequests, soon).toEqual([]);
  await stockIs('Item_1', 1, { id: 'put back late', time: early });
  await expect.poll(handled, soon).toBe(3);
  expect(await openRequests()).toEqual([]);
  expect(await findLevel(bench.pool, 'Item_1')).toMatchObject({ stock: 30 });
});

test('a busy warehouse is tried again until there is room', async () => {
  const { http } = await start({ REPLENISHMENT_MAX_OPEN_REQUESTS: '1' });
  await stockIs('Item_1', 1);
  await expect.poll(openRequests, soon).toEqual(['Item_1']);
  await stockIs('Item_2', 1);
  const retries = async () =>
    /^messaging_consumer_retries_total\{.*\} (\d+)/m.exec((await http.inject('/metrics')).body);
  await expect.poll(retries, { timeout: 30_000, interval: 5 }).not.toBeNull();
  await bench.pool.query(`DELETE FROM open_request WHERE sku = 'Item_1'`);
  await expect.poll(openRequests, soon).toEqual(['Item_2']);
  expect(bench.records(DEAD_LETTERS)).toEqual([]);
});

test('a warehouse that stays busy lets the item wait, with what comes after it, and the others go on', async () => {
  await start({ REPLENISHMENT_MAX_OPEN_REQUESTS: '1' });
  await stockIs('Item_1', 1);
  await expect.poll(openRequests, soon).toEqual(['Item_1']);
  await stockIs('Item_2', 1);
  await stockIs('Item_3', 30);
  await stockIs('Item_2', 2);

  await expect.poll(async () => (await parked().list())[0]?.records, soon).toBe(2);
  expect(await parked().list()).toMatchObject([
    {
      topic: itemStockChanged.topic,
      key: 'Item_2',
      failure: {
        code: 'WAREHOUSE_BUSY',
        message: 'Item_2 needs 19 pieces, but there are as many open requests as may be: 1',
      },
    },
  ]);
  await expect.poll(() => findLevel(bench.pool, 'Item_3'), soon).toMatchObject({ stock: 30 });

  await stockIs('Item_1', 30);
  await expect.poll(openRequests, soon).toEqual(['Item_2']);
  await expect.poll(() => findLevel(bench.pool, 'Item_2'), soon).toMatchObject({ stock: 2 });
  expect(await parked().list()).toEqual([]);
  expect(bench.records(DEAD_LETTERS)).toEqual([]);
});

test('an item that nobody wants to wait for is given up: a dead letter, which works once there is room', async () => {
  await start({ REPLENISHMENT_MAX_OPEN_REQUESTS: '1' });
  await stockIs('Item_1', 1);
  await expect.poll(openRequests, soon).toEqual(['Item_1']);
  await stockIs('Item_2', 1);
  await expect.poll(() => parked().giveUp(itemStockChanged.topic, 'Item_2'), soon).toBe(true);
  await expect.poll(() => bench.records(DEAD_LETTERS).length, soon).toBe(1);
  const [letter] = bench.records(DEAD_LETTERS);
  if (!letter) throw new Error('there is a dead letter');
  expect(describeDeadLetter(letter)).toMatchObject({ code: 'WAREHOUSE_BUSY' });

  await stockIs('Item_1', 30);
  await expect.poll(openRequests, soon).toEqual([]);
  const { client, producer } = bench;
  await redrive({
    client,
    producer,
    deadLetterTopic: DEAD_LETTERS,
    partition: letter.partition,
    offset: letter.offset,
  });
  await expect.poll(openRequests, soon).toEqual(['Item_2']);
});

test('the limit of open requests holds when many items run low at the same time on several replicas', async () => {
  await Promise.all([
    start({ REPLENISHMENT_MAX_OPEN_REQUESTS: '3' }),
    start({ REPLENISHMENT_MAX_OPEN_REQUESTS: '3' }),
  ]);
  await Promise.all(Array.from({ length: 9 }, (_, number) => stockIs(`Item_${number}`, 0)));
  await expect.poll(async () => (await parked().list()).length, soon).toBe(6);
  expect(await openRequests()).toHaveLength(3);
});

test('open requests and items are answered over HTTP', async () => {
  const { http } = await start({ REPLENISHMENT_THRESHOLDS: 'Item_2=50' });
  const asOf = await stockIs('Item_1', 12);
  await stockIs('Item_2', 40);
  await expect.poll(handled, soon).toBe(2);

  const time = expect.any(String) as string;
  const request = { sku: 'Item_2', stock: 40, threshold: 50, quantity: 10, requestedAt: time };
  expect((await http.inject('/requests')).json()).toEqual({ requests: [request], next: null });
  expect((await http.inject('/requests?after=Item_2')).json()).toEqual({ requests: [], next: null });
  expect((await http.inject('/items/Item_1')).json()).toEqual({
    sku: 'Item_1',
    stock: 12,
    asOf: asOf.toISOString(),
    threshold: 5,
    request: null,
  });
  expect((await http.inject('/items/Item_2')).json()).toMatchObject({ threshold: 50, request });
  const missing = await http.inject('/items/Item_9');
  expect(missing.statusCode).toBe(404);
  expect(missing.json()).toMatchObject({ detail: 'No stock of item "Item_9" was ever seen.' });
});
