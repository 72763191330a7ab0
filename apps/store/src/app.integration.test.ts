import { stockMoved } from '@eda/contracts';
import { createAppBench, type AppBench } from '@eda/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetOldKeys } from './idempotency.ts';
import { acceptMovement, postBatch, postMovement, runStore, SOON } from './store.setup.ts';

let bench: AppBench;
beforeEach(async () => {
  bench = await createAppBench('store');
});
afterEach(() => bench[Symbol.asyncDispose]());

const count = async (table: 'movement' | 'outbox' | 'idempotency_key') => {
  const { rows } = await bench.pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
  return rows[0]?.count;
};
const published = () => bench.records(stockMoved.topic);

test('a movement becomes one event on the topic, with its key, its headers and its bytes', async () => {
  const { url } = await runStore(bench);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const answer = await postMovement(
    url,
    'Store_1',
    { quantity: 10, unitPrice: 19.9, occurredAt: '2026-05-04T11:30:00.123+02:00' },
    { 'x-correlation-id': 'order-4711', traceparent, tracestate: 'vendor=1' },
  );
  expect(answer.status).toBe(202);
  const { eventId } = (await answer.json()) as { eventId: string };
  expect(eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);

  await expect.poll(() => published().length, SOON).toBe(1);
  const [record] = published();
  expect(record?.key?.toString()).toBe('Store_1');
  const headers = Object.fromEntries(
    Object.entries(record?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  expect(headers).toEqual({
    ce_specversion: '1.0',
    ce_id: eventId,
    ce_source: '/eda/store',
    ce_type: 'eda.retail.v1.StockMoved',
    ce_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    ce_subject: 'Item_1',
    ce_correlationid: 'order-4711',
    'content-type': 'application/avro',
    traceparent,
    tracestate: 'vendor=1',
  });
  // Registry frame, then the fields: two strings, 10 as zigzag, RESTOCK, the second branch with two bytes 1990, the time.
  const milliseconds = BigInt(Date.parse('2026-05-04T09:30:00.123Z'));
  expect(record?.value?.readUInt8(0)).toBe(0);
  expect(record?.value?.subarray(5).toString('hex')).toBe(
    [
      '0e' + Buffer.from('Store_1').toString('hex'),
      '0c' + Buffer.from('Item_1').toString('hex'),
      '14',
      '04',
      '02' + '04' + '07c6',
      zigzag(milliseconds),
    ].join(''),
  );
  await expect.poll(() => count('outbox'), SOON).toBe(0);
});

function zigzag(value: bigint): string {
  const bytes: number[] = [];
  for (let rest = value << 1n; ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...bytes, Number(rest)]).toString('hex');
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}

test('the request id stands in for a correlation id that was not sent', async () => {
  const { url } = await runStore(bench);
  await postMovement(url, 'Store_1', {}, { 'x-request-id': 'request-1' });
  await expect.poll(() => published().length, SOON).toBe(1);
  const [event] = await bench.events(stockMoved);
  expect(event?.extensions).toEqual({ correlationid: 'request-1' });
});

test('the same Idempotency-Key with the same body gets the same answer and makes one event', async () => {
  const { url } = await runStore(bench);
  const send = async () => {
    const answer = await postMovement(url, 'Store_1', { quantity: 2 }, { 'idempotency-key': 'order-1' });
    return [answer.status, await answer.text()];
  };
  const first = await send();
  expect(first[0]).toBe(202);
  expect(await send()).toEqual(first);
  expect(await count('movement')).toBe(1);
  await acceptMovement(url, 'Store_1');
  await expect.poll(() => published().length, SOON).toBe(2);
});

test('the same Idempotency-Key with another body, or for another store, is refused with 422', async () => {
  const { url } = await runStore(bench);
  const headers = { 'idempotency-key': 'order-1' };
  expect((await postMovement(url, 'Store_1', { quantity: 2 }, headers)).status).toBe(202);
  for (const answer of [
    await postMovement(url, 'Store_1', { quantity: 3 }, headers),
    await postMovement(url, 'Store_2', { quantity: 2 }, headers),
    await postBatch(
      url,
      [JSON.stringify({ storeId: 'Store_1', sku: 'a', quantity: 1, reason: 'SALE' })],
      headers,
    ),
  ]) {
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ type: 'urn:eda:problem:idempotency-key-reused' });
  }
  expect(await count('movement')).toBe(1);
});

test('of many requests with one key at the same time one is recorded and all get its answer', async () => {
  const { url } = await runStore(bench);
  const answers = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const answer = await postMovement(url, 'Store_1', { quantity: 2 }, { 'idempotency-key': 'order-1' });
      return `${answer.status} ${await answer.text()}`;
    }),
  );
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^202 /);
  expect(await count('movement')).toBe(1);
});

test('of many bodies with one key at the same time one is recorded and the others are refused', async () => {
  const { url } = await runStore(bench);
  const statuses = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const answer = await postMovement(
        url,
        'Store_1',
        { quantity: index + 1 },
        { 'idempotency-key': 'order-1' },
      );
      await answer.text();
      return answer.status;
    }),
  );
  expect(statuses.toSorted()).toEqual([202, 422, 422, 422, 422, 422, 422, 422]);
  expect(await count('movement')).toBe(1);
});

test('keys are forgotten when they are old, not before', async () => {
  const { url } = await runStore(bench);
  await postMovement(url, 'Store_1', {}, { 'idempotency-key': 'old' });
  await postMovement(url, 'Store_1', {}, { 'idempotency-key': 'young' });
  await bench.pool.query(
    `UPDATE idempotency_key SET created_at = now() - interval '3 hours' WHERE key = 'old'`,
  );
  expect(await forgetOldKeys(bench.pool, 2)).toBe(1);
  expect(await count('idempotency_key')).toBe(1);
});

test('a batch records its good lines in their order and reports the bad ones', async () => {
  const { url } = await runStore(bench);
  const line = (storeId: string, quantity: number) =>
    JSON.stringify({ storeId, sku: 'Item_1', quantity, reason: 'SALE' });
  const answer = await postBatch(url, [
    line('Store_1', 1),
    'garbage',
    '',
    line('Store_2', 2),
    line('Store_1', 0),
    line('Store_1', 3),
  ]);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  const results = (await answer.text())
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each) as { line: number; status: number; eventId?: string });
  expect(results.map(({ line: number, status }) => [number, status])).toEqual([
    [1, 202],
    [2, 400],
    [4, 202],
    [5, 400],
    [6, 202],
  ]);

  await expect.poll(() => published().length, SOON).toBe(3);
  const events = await bench.events(stockMoved);
  expect(events.map(({ id }) => id).toSorted()).toEqual(
    results.flatMap(({ eventId }) => eventId ?? []).toSorted(),
  );
  const ofStore1 = events.filter(({ key }) => key === 'Store_1');
  expect(ofStore1.map(({ data }) => data.quantity)).toEqual([1, 3]);
  const { rows } = await bench.pool.query<{ event_id: string; number: string }>(
    `SELECT event_id, number FROM movement WHERE store_id = 'Store_1' ORDER BY number`,
  );
  expect(rows).toEqual(ofStore1.map(({ id }, index) => ({ event_id: id, number: `${index + 1}` })));
});

test('a batch that is sent again with its key is answered the same and recorded once', async () => {
  const { url } = await runStore(bench);
  const lines = [
    JSON.stringify({ storeId: 'Store_1', sku: 'Item_1', quantity: 1, reason: 'SALE' }),
    'garbage',
  ];
  const send = async () => (await postBatch(url, lines, { 'idempotency-key': 'batch-1' })).text();
  expect(await send()).toBe(await send());
  expect(await count('movement')).toBe(1);
});

test('ten thousand lines are one batch', async () => {
  const { url } = await runStore(bench);
  const lines = Array.from({ length: 10_000 }, (_, index) =>
    JSON.stringify({ storeId: `Store_${index % 50}`, sku: 'Item_1', quantity: 1, reason: 'RESTOCK' }),
  );
  const answer = await postBatch(url, lines);
  expect(answer.status).toBe(200);
  expect((await answer.text()).match(/"status":202/g)).toHaveLength(10_000);
  await expect.poll(() => published().length, SOON).toBe(10_000);
});

test('two replicas that start on an empty database at once both work, and the events of a store keep its order', async () => {
  const [one, two] = await Promise.all([runStore(bench), runStore(bench)]);
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      const { url } = writer % 2 === 0 ? one : two;
      for (let n = 1; n <= 15; n += 1)
        await acceptMovement(url, 'Store_1', { sku: `writer-${writer}`, quantity: n });
    }),
  );
  await expect.poll(() => published().length, SOON).toBe(120);
  const events = await bench.events(stockMoved);
  const { rows } = await bench.pool.query<{ event_id: string; number: string }>(
    'SELECT event_id, number FROM movement ORDER BY number',
  );
  expect(events.map(({ id }) => id)).toEqual(rows.map((row) => row.event_id));
  expect(rows.map((row) => Number(row.number))).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
});

test('metrics tell how much was accepted and what is still to be published', async () => {
  const { url } = await runStore(bench);
  await postMovement(url, 'Store_1', { reason: 'SALE' }, { 'idempotency-key': 'once' });
  await postMovement(url, 'Store_1', { reason: 'SALE' }, { 'idempotency-key': 'once' });
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(text).toContain('store_movements_total{reason="SALE"} 1');
  expect(text).toMatch(/^messaging_outbox_pending \d/m);
});
