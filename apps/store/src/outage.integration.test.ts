import { stockMoved } from '@eda/contracts';
import { createAppBench, createTcpProxy, freePort, type AppBench, type TcpProxy } from '@eda/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startStore } from './app.ts';
import { loadStoreConfig } from './config.ts';
import { acceptMovement, postBatch, postMovement, runStore, SOON } from './store.setup.ts';

let bench: AppBench;
beforeEach(async () => {
  bench = await createAppBench('store');
});
afterEach(() => bench[Symbol.asyncDispose]());

const published = () => bench.records(stockMoved.topic);

interface Report {
  readonly status: string;
  readonly checks: readonly {
    readonly name: string;
    readonly status: string;
    readonly reason?: string;
    readonly detail?: unknown;
  }[];
}
async function readiness(url: string): Promise<Report & { code: number }> {
  const answer = await fetch(`${url}/readyz`);
  return { code: answer.status, ...((await answer.json()) as Report) };
}
const reasonOf = (report: Report, name: string) => report.checks.find((check) => check.name === name)?.reason;

/** A proxy in front of the address in a variable, and the variable's value that leads through it. */
async function proxied(variable: string): Promise<{ proxy: TcpProxy; value: string }> {
  const url = new URL(bench.env()[variable] ?? '');
  const proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
  bench.defer(() => proxy[Symbol.asyncDispose]());
  url.host = `${proxy.host}:${proxy.port}`;
  return { proxy, value: url.href };
}

/** Starts a store that waits for something; the URL answers before the start is done. */
async function beginStore(variables: Record<string, string>) {
  const port = await freePort();
  const abort = new AbortController();
  const starting = startStore(loadStoreConfig(bench.env({ PORT: String(port), ...variables })), abort.signal);
  const url = `http://127.0.0.1:${port}`;
  bench.defer(async () => {
    abort.abort();
    const store = await starting.catch(() => undefined);
    for (const part of store?.stop ?? []) await part.stop(5_000);
  });
  await expect
    .poll(
      () =>
        fetch(`${url}/livez`).then(
          ({ status }) => status,
          () => 0,
        ),
      SOON,
    )
    .toBe(200);
  return { url, starting };
}

test('without Kafka movements are accepted, and all of them are published in order when it comes', async () => {
  const [broker = ''] = (bench.env()['KAFKA_BROKERS'] ?? '').split(',');
  const [host = '', port = ''] = broker.split(':');
  const proxy = await createTcpProxy({ host, port: Number(port) });
  bench.defer(() => proxy[Symbol.asyncDispose]());
  await proxy.cut();

  const { url } = await runStore(bench, { KAFKA_BROKERS: `${proxy.host}:${proxy.port}` });
  const ids: string[] = [];
  for (let n = 1; n <= 20; n += 1) ids.push(await acceptMovement(url, 'Store_1', { quantity: n }));
  await expect
    .poll(async () => (await readiness(url)).checks.find(({ name }) => name === 'outbox relay')?.detail, SOON)
    .toMatchObject({ ready: false, pending: 20, reason: expect.stringMatching(/Kafka/) as string });
  expect(await readiness(url)).toMatchObject({ code: 200, status: 'ok' });
  expect(published()).toEqual([]);

  await proxy.heal();
  await expect.poll(() => published().length, SOON).toBe(20);
  expect((await bench.events(stockMoved)).map(({ id }) => id)).toEqual(ids);
});

test('without a database requests get 503 with Retry-After; afterwards everything answered 202 is there, and nothing else', async () => {
  const { proxy, value } = await proxied('DATABASE_URL');
  const { url } = await runStore(bench, { DATABASE_URL: value });
  const accepted: string[] = [];
  let stop = false;
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    while (!stop) {
      const answer = await postMovement(url, `Store_${writer}`);
      const body = (await answer.json()) as { eventId?: string };
      if (answer.status === 202) accepted.push(body.eventId ?? '');
      else expect(answer.status).toBe(503);
    }
  });
  await expect.poll(() => accepted.length, SOON).toBeGreaterThan(20);
  await proxy.cut();

  const answer = await postMovement(url, 'Store_1');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(
    (await postBatch(url, ['{"storeId":"Store_1","sku":"a","quantity":1,"reason":"SALE"}'])).status,
  ).toBe(503);
  const report = await readiness(url);
  expect(report.code).toBe(503);
  expect(reasonOf(report, 'database')).toMatch(/ECONNREFUSED/);
  expect((await fetch(`${url}/livez`)).status).toBe(200);

  await proxy.heal();
  const before = accepted.length;
  await expect.poll(() => accepted.length, SOON).toBeGreaterThan(before);
  stop = true;
  await Promise.all(writers);
  expect((await readiness(url)).code).toBe(200);

  const { rows } = await bench.pool.query<{ event_id: string }>('SELECT event_id FROM movement');
  const recorded = new Set(rows.map((row) => row.event_id));
  expect(accepted.filter((id) => !recorded.has(id))).toEqual([]);
  // A commit whose answer was lost is recorded without a 202; there can be one per writer and outage.
  expect(recorded.size - accepted.length).toBeLessThanOrEqual(writers.length + 2);
  const eventIds = async () => new Set((await bench.events(stockMoved)).map(({ id }) => id));
  await expect.poll(eventIds, SOON).toEqual(recorded);
});

test('a database that hangs becomes 503 and not an endless wait', async () => {
  const { proxy, value } = await proxied('DATABASE_URL');
  const { url } = await runStore(bench, { DATABASE_URL: value });
  await acceptMovement(url, 'Store_1');
  proxy.freeze();
  const began = Date.now();
  const answer = await postMovement(url, 'Store_1');
  expect(answer.status).toBe(503);
  expect(Date.now() - began).toBeLessThan(10_000);
  await proxy.heal();
  await expect.poll(async () => (await postMovement(url, 'Store_1')).status, SOON).toBe(202);
});

test('a database that is away at the start is waited for, with the reason on /readyz', async () => {
  const { proxy, value } = await proxied('DATABASE_URL');
  await proxy.cut();
  const { url, starting } = await beginStore({ DATABASE_URL: value });
  await expect
    .poll(async () => reasonOf(await readiness(url), 'start'), SOON)
    .toMatch(/^waiting for the database \(.*ECONNREFUSED/);
  expect((await postMovement(url, 'Store_1')).status).toBe(503);
  await proxy.heal();
  await starting;
  await acceptMovement(url, 'Store_1');
});

test('a registry that is away at the start is waited for, with the reason; later it is not needed', async () => {
  const { proxy, value } = await proxied('SCHEMA_REGISTRY_URL');
  await proxy.cut();
  const { url, starting } = await beginStore({ SCHEMA_REGISTRY_URL: value });
  await expect
    .poll(async () => reasonOf(await readiness(url), 'start'), SOON)
    .toMatch(/^waiting for the schema registry \(.+\)/);
  const early = await postMovement(url, 'Store_1');
  expect(early.status).toBe(503);
  expect(early.headers.get('retry-after')).toBe('2');

  await proxy.heal();
  await starting;
  expect((await readiness(url)).code).toBe(200);
  await proxy.cut();
  const id = await acceptMovement(url, 'Store_1');
  await expect
    .poll(async () => (await bench.events(stockMoved)).map((event) => event.id), SOON)
    .toEqual([id]);
  expect((await readiness(url)).code).toBe(200);
});

test('a store row that somebody holds for too long: 503 and not 500, nothing is recorded, the next try goes through', async () => {
  const { url } = await runStore(bench);
  await acceptMovement(url, 'Store_1');
  const holder = await bench.pool.connect();
  bench.defer(() => {
    holder.release(true);
  });
  await holder.query('BEGIN');
  await holder.query("SELECT FROM store WHERE store_id = 'Store_1' FOR UPDATE");

  const answer = await postMovement(url, 'Store_1');
  await holder.query('ROLLBACK');

  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  await acceptMovement(url, 'Store_1');
  const { rows } = await bench.pool.query<{ movements: string }>('SELECT movements FROM store');
  expect(rows).toEqual([{ movements: '2' }]);
});
