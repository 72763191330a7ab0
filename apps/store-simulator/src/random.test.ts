import { expect, test } from 'vitest';
import { noProgress, playRandom, type RandomOptions } from './random.ts';
import { randomMovements } from './random-movements.ts';
import { MovementRejected, type RecordOptions, type StoreClient } from './store-client.ts';

function options(store: StoreClient, more: Partial<RandomOptions> = {}): RandomOptions {
  return {
    store,
    movements: randomMovements({ stores: 2, items: 2, seed: 1 }),
    rate: 1_000,
    run: 'r1',
    progress: noProgress(),
    signal: new AbortController().signal,
    count: 10,
    onTrouble: () => undefined,
    onRecovered: () => undefined,
    onRejected: () => undefined,
    ...more,
  };
}

test('sends as many movements as asked for, each with a key of its own', async () => {
  const keys: string[] = [];
  const run = options({ record: (_, { idempotencyKey }) => Promise.resolve(void keys.push(idempotencyKey)) });
  await playRandom(run);
  expect(new Set(keys).size).toBe(10);
  expect(run.progress).toMatchObject({ accepted: 10, rejected: 0, retries: 0 });
});

test('keeps the rate, and makes no burst after an outage', async () => {
  const sentAt: number[] = [];
  const store: StoreClient = {
    async record() {
      if (sentAt.length === 1) await new Promise((resolve) => setTimeout(resolve, 300));
      sentAt.push(performance.now());
    },
  };
  await playRandom(options(store, { rate: 50, count: 8 }));
  const [, afterOutage = 0] = sentAt;
  expect((sentAt.at(-1) ?? 0) - afterOutage).toBeGreaterThan(4.5 * 20);
});

test('an outage is told once, and its end once', async () => {
  const told: string[] = [];
  let calls = 0;
  const store: StoreClient = {
    record(_, { onRetry }: RecordOptions) {
      calls += 1;
      if (calls === 2)
        for (let attempt = 1; attempt <= 3; attempt++) onRetry?.({ reason: 'away', attempt, waitMs: 1 });
      return Promise.resolve();
    },
  };
  const run = options(store, {
    onTrouble: (reason) => told.push(reason),
    onRecovered: () => told.push('back'),
  });
  await playRandom(run);
  expect(told).toEqual(['away', 'back']);
  expect(run.progress).toMatchObject({ accepted: 10, retries: 3, trouble: undefined });
});

test('a refused movement is told and skipped', async () => {
  const refused: string[] = [];
  let calls = 0;
  const store: StoreClient = {
    record: () => (++calls === 3 ? Promise.reject(new MovementRejected(400, 'no')) : Promise.resolve()),
  };
  const run = options(store, { onRejected: (error) => refused.push(error.message) });
  await playRandom(run);
  expect(refused).toHaveLength(1);
  expect(run.progress).toMatchObject({ accepted: 9, rejected: 1 });
});

test('stops in the middle of an outage when it is told to', async () => {
  const stop = new AbortController();
  const store: StoreClient = {
    record: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
        stop.abort();
      }),
  };
  const run = options(store, { signal: stop.signal });
  await playRandom(run);
  expect(run.progress.accepted).toBe(0);
});
