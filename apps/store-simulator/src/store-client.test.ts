import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createStoreClient, MovementRejected, type Retry, retryAfterMs } from './store-client.ts';

const movement = { storeId: 'Store 1', sku: 'Item_1', quantity: 2, reason: 'SALE' as const };
const backoff = { initialMs: 1, maxMs: 4 };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly key: string | string[] | undefined;
  readonly body: unknown;
}

/** A store that answers as scripted, one entry per request, the last one for ever. */
async function scriptedStore(...script: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = script[Math.min(seen.length, script.length - 1)];
      seen.push({
        method: request.method,
        url: request.url,
        key: request.headers['idempotency-key'],
        body: JSON.parse(body),
      });
      answer?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const answer =
  (status: number, headers: Record<string, string> = {}, body = '') =>
  (response: ServerResponse) =>
    response.writeHead(status, headers).end(body);
const hangUp = (response: ServerResponse) => response.destroy();

test('a movement is posted to its store, the rest of it in the body', async () => {
  const { url, seen } = await scriptedStore(answer(202));
  await createStoreClient(url).record(movement, { idempotencyKey: 'k1' });
  expect(seen).toEqual([
    {
      method: 'POST',
      url: '/stores/Store%201/movements',
      key: 'k1',
      body: { sku: 'Item_1', quantity: 2, reason: 'SALE' },
    },
  ]);
});

test('an outage is ridden out with the same idempotency key until the movement is accepted', async () => {
  const { url, seen } = await scriptedStore(answer(503), hangUp, answer(429), answer(500), answer(202));
  const retries: Retry[] = [];
  await createStoreClient(url).record(movement, {
    idempotencyKey: 'k2',
    backoff,
    onRetry: (retry) => retries.push(retry),
  });
  expect(seen.map(({ key }) => key)).toEqual(['k2', 'k2', 'k2', 'k2', 'k2']);
  expect(retries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
  expect(retries[0]?.reason).toBe('the store answered 503');
  expect(retries[1]?.reason).toContain('the store does not answer');
});

test('Retry-After is honoured', async () => {
  const { url } = await scriptedStore(answer(503, { 'retry-after': '1' }), answer(202));
  const startedAt = performance.now();
  await createStoreClient(url).record(movement, { idempotencyKey: 'k3', backoff });
  expect(performance.now() - startedAt).toBeGreaterThan(990);
});

test('Retry-After is seconds or a date, capped, and nothing when it makes no sense', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterMs('3', now)).toBe(3_000);
  expect(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5_000);
  expect(retryAfterMs('Thu, 01 Jan 2025 00:00:05 GMT', now)).toBe(0);
  expect(retryAfterMs('86400', now)).toBe(60_000);
  expect(retryAfterMs('soon', now)).toBe(0);
  expect(retryAfterMs(null, now)).toBe(0);
});

test('a refused movement is not repeated', async () => {
  const { url, seen } = await scriptedStore(answer(400, {}, '{"detail":"quantity must be > 0"}'));
  const result = createStoreClient(url).record(movement, { idempotencyKey: 'k4', backoff });
  await expect(result).rejects.toThrow(MovementRejected);
  await expect(result).rejects.toThrow('400: {"detail":"quantity must be > 0"}');
  expect(seen).toHaveLength(1);
});

test('an aborted signal ends the tries with its reason, also in the middle of a wait', async () => {
  const { url } = await scriptedStore(answer(503, { 'retry-after': '30' }));
  const stop = new AbortController();
  const result = createStoreClient(url).record(movement, {
    idempotencyKey: 'k5',
    signal: stop.signal,
    onRetry: () => stop.abort(new Error('stopped')),
  });
  await expect(result).rejects.toThrow('stopped');
});
