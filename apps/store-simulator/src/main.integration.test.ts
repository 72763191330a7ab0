import { stockMoved } from '@eda/contracts';
import {
  type AppBench,
  createAppBench,
  createTestDatabase,
  freePort,
  startAppProcess,
  waitFor,
} from '@eda/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const soon = { timeout: 30_000, interval: 50 };

let bench: AppBench;
let storeEnv: Record<string, string>;
let simulatorEnv: Record<string, string>;
let restartStore: () => Promise<void>;

/** Resolves when the app says that it is ready. */
async function ready(url: string): Promise<void> {
  const isReady = async () => (await fetch(`${url}/readyz`)).ok;
  await waitFor(isReady, { description: `${url} is ready`, timeoutMs: 50_000 });
}

beforeAll(async () => {
  bench = await createAppBench('simulator');
  const database = await createTestDatabase();
  bench.defer(() => database.drop());
  const [storePort, inventoryPort] = [await freePort(), await freePort()];
  storeEnv = bench.env({ PORT: String(storePort), DATABASE_URL: database.url });
  simulatorEnv = {
    STORE_URL: `http://127.0.0.1:${storePort}`,
    INVENTORY_URL: `http://127.0.0.1:${inventoryPort}`,
  };
  let store = startAppProcess('store', storeEnv);
  bench.defer(() => store.kill());
  restartStore = async () => {
    await store.kill();
    store = startAppProcess('store', storeEnv);
  };
  const inventory = startAppProcess('inventory', bench.env({ PORT: String(inventoryPort) }));
  bench.defer(() => inventory.kill());
  await ready(`http://127.0.0.1:${storePort}`);
  await ready(`http://127.0.0.1:${inventoryPort}`);
});
afterAll(() => bench[Symbol.asyncDispose]());

/** Runs the simulator to its end. */
async function simulate(...args: string[]) {
  const simulator = startAppProcess('store-simulator', simulatorEnv, args);
  bench.defer(() => simulator.kill());
  return { code: await simulator.exit, output: simulator.output() };
}

test('the golden scenario comes out right, again and again on the same system, the fastest in 3 s or less', async () => {
  const seconds: number[] = [];
  for (let time = 1; time <= 3; time++) {
    const { code, output } = await simulate('golden');
    expect(output).toContain('✓ right');
    expect(code).toBe(0);
    seconds.push(Number(/✓ right, (\d+\.\d+) s/.exec(output)?.[1]));
  }
  expect(Math.min(...seconds)).toBeLessThanOrEqual(3);
});

test('the same run played twice is one run', async () => {
  for (let time = 1; time <= 2; time++) {
    expect(await simulate('golden', '--run', 'the-same')).toMatchObject({ code: 0 });
  }
});

test('a scenario without effects fails and says what is missing', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const { code, output } = await simulate('golden', '--timeout', '4', '--inventory-url', nowhere);
  expect(code).toBe(1);
  expect(output).toContain('✗ not right after 4');
  expect(output).toContain('because inventory does not answer: ECONNREFUSED');
});

test('a golden scenario in which the store is killed and restarted comes out right', async () => {
  const playing = simulate('golden', '--run', 'restart');
  await restartStore();
  const { code, output } = await playing;
  expect(output).toContain('✓ right');
  expect(code).toBe(0);
});

test('random movements go on across a kill of the store: each counts once, and no stock is negative', async () => {
  const recorded = async () => {
    const events = await bench.events(stockMoved);
    const ours = events.filter(({ data }) => /^Store_\d+$/.test(data.storeId));
    return [...new Map(ours.map((event) => [event.id, event.data])).values()];
  };
  const playing = simulate('random', '--rate', '50', '--count', '100', '--seed', '1');
  await expect.poll(async () => (await recorded()).length, soon).toBeGreaterThan(20);
  await restartStore();
  const { code, output } = await playing;
  expect(code).toBe(0);
  expect(output).toContain('"accepted":100,"rejected":0');

  await expect.poll(async () => (await recorded()).length, soon).toBe(100);
  const stock: Record<string, number> = {};
  for (const { sku, quantity, reason } of await recorded()) {
    stock[sku] = (stock[sku] ?? 0) + (reason === 'SALE' ? -quantity : quantity);
  }
  for (const [sku, pieces] of Object.entries(stock)) {
    const answer = async () =>
      (await fetch(`${simulatorEnv['INVENTORY_URL'] ?? ''}/items/${sku}/stock`)).json();
    await expect.poll(answer, soon).toMatchObject({ sku, stock: pieces });
    expect(pieces).toBeGreaterThanOrEqual(0);
  }
});

test('wrong options are refused with exit code 2', async () => {
  const { code, output } = await simulate('random', '--speed', '3');
  expect(code).toBe(2);
  expect(output).toContain("Unknown option '--speed'");
});

test('a load is right, and not when the store is restarted in a way that loses requests', async () => {
  const quiet = await simulate('load', '--count', '200', '--rate', '200');
  expect(quiet.output).toMatch(/✓ right: 200 movements accepted .* 0 requests lost/);
  expect(quiet.code).toBe(0);

  const loaded = simulate('load', '--count', '300', '--rate', '150');
  await restartStore();
  const { code, output } = await loaded;
  expect(output).toMatch(/✗ not right: 300 movements accepted .* [1-9]\d* requests lost/);
  expect(output).toContain('all stock right');
  expect(code).toBe(1);
});
