import { expect, test } from 'vitest';
import type { InventoryClient } from './inventory-client.ts';
import { loadProgress, playLoad, type LoadOptions } from './load.ts';
import { renderLoadReport } from './load-app.ts';
import type { Movement, StoreClient } from './store-client.ts';

/** A whole system in a map; `effects` says how often a movement (from 1) counts. */
function system(effects: (number: number) => number = () => 1) {
  const stock = new Map<string, Record<string, number>>();
  const sent: Movement[] = [];
  const store: StoreClient = {
    record(movement) {
      sent.push(movement);
      const { storeId, sku, quantity, reason } = movement;
      const of = stock.get(storeId) ?? {};
      stock.set(storeId, of);
      of[sku] = (of[sku] ?? 0) + effects(sent.length) * (reason === 'SALE' ? -quantity : quantity);
      return Promise.resolve();
    },
  };
  const inventory: InventoryClient = {
    storeStock: (storeId) => Promise.resolve(stock.get(storeId)),
    itemStock: () => Promise.resolve(undefined),
  };
  return { store, inventory, sent };
}

function options(
  parts: Pick<LoadOptions, 'store' | 'inventory'>,
  more: Partial<LoadOptions> = {},
): LoadOptions {
  return {
    ...parts,
    run: 'r1',
    count: 41,
    rate: 10_000,
    connections: 4,
    items: 3,
    seed: 7,
    timeoutMs: 150,
    signal: new AbortController().signal,
    progress: loadProgress(4),
    onTrouble: () => undefined,
    ...more,
  };
}

test('all movements are shared out over stores of the run, and the stock is right', async () => {
  const parts = system();
  const result = await playLoad(options(parts));
  expect(result).toMatchObject({ accepted: 41, lostRequests: 0, rejected: 0, wrong: [] });
  expect(new Set(parts.sent.map(({ storeId }) => storeId))).toEqual(
    new Set(['Load_1-r1', 'Load_2-r1', 'Load_3-r1', 'Load_4-r1']),
  );
  expect(renderLoadReport(result)).toMatch(/^✓ right: 41 movements accepted .* 0 requests lost, 0 refused\n/);
});

test.each([
  ['lost', 0],
  ['counted twice', 2],
])('a movement that is %s shows', async (_, times) => {
  const result = await playLoad(options(system((number) => (number === 20 ? times : 1))));
  expect(result.wrong).toHaveLength(1);
  expect(result.caughtUpAfterMs).toBeUndefined();
  expect(renderLoadReport(result)).toMatch(
    /^✗ not right[\s\S]*the stock of 1 stores is wrong:\n {2}- Load_\d-r1: expected/,
  );
});

test('a request that had to be sent again counts as lost, though the stock is right', async () => {
  const { store, inventory } = system();
  let calls = 0;
  const flaky: StoreClient = {
    record(movement, record) {
      if (++calls === 5) record.onRetry?.({ reason: 'the store does not answer', attempt: 1, waitMs: 1 });
      return store.record(movement, record);
    },
  };
  const told: string[] = [];
  const result = await playLoad(
    options({ store: flaky, inventory }, { onTrouble: (trouble) => told.push(trouble) }),
  );
  expect(result).toMatchObject({ lostRequests: 1, wrong: [] });
  expect(told).toEqual(['the store does not answer']);
  expect(renderLoadReport(result)).toMatch(/^✗ not right/);
});

test('a service that is away at the end makes the run wrong, not the program', async () => {
  const { store } = system();
  const away: InventoryClient = {
    storeStock: () => Promise.reject(new Error('ECONNREFUSED')),
    itemStock: () => Promise.resolve(undefined),
  };
  const result = await playLoad(options({ store, inventory: away }));
  expect(result.wrong).toHaveLength(4);
});

test('a load that is stopped sends the movement in hand to its end, and compares what was accepted', async () => {
  const { store, inventory, sent } = system();
  const stop = new AbortController();
  const slow: StoreClient = {
    async record(movement, record) {
      await store.record(movement, record);
      if (sent.length === 12) stop.abort();
      await new Promise((resolve) => setTimeout(resolve, 1));
      // As the client of the store does.
      record.signal?.throwIfAborted();
    },
  };
  const result = await playLoad(options({ store: slow, inventory }, { signal: stop.signal }));
  expect(result.accepted).toBe(sent.length);
  expect(result.accepted).toBeLessThan(41);
  expect(result.wrong).toEqual([]);
});
