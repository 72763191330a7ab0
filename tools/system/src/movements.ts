/** Sends movements as a careful client does: the same key until it is answered, so that a retry never counts twice. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { goldenScenario, type GoldenMovement } from '@eda/contracts';

/** Resolves when the store has accepted the movement; tries again while it is away or says 503. */
export async function record(
  storeUrl: string,
  { storeId, ...movement }: GoldenMovement,
  timeoutMs = 60_000,
): Promise<void> {
  const key = randomUUID();
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await fetch(`${storeUrl}/stores/${storeId}/movements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(movement),
      signal: AbortSignal.timeout(5_000),
    }).then(
      async (response) => ({ status: response.status, text: await response.text() }),
      (error: unknown) => ({ status: 0, text: String(error) }),
    );
    if (answer.status === 202) return;
    const again = answer.status === 0 || answer.status === 503;
    if (!again || Date.now() > deadline)
      throw new Error(`the store answered ${answer.status}: ${answer.text}`);
    await delay(100);
  }
}

/** Returns what is still wrong with the stock of a golden run, nothing when it is as it must be. */
export async function goldenDifferences(inventoryUrl: string, run: string): Promise<string[]> {
  const { items, stores } = goldenScenario(run);
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`${inventoryUrl}/${path}/stock`, { signal: AbortSignal.timeout(5_000) });
    return response.ok ? ((await response.json()) as { stock: unknown }).stock : `status ${response.status}`;
  };
  const checks = [
    ...Object.entries(items).map(([sku, stock]) => ({ path: `items/${sku}`, expected: stock })),
    ...Object.entries(stores).map(([store, stock]) => ({
      path: `stores/${store}`,
      expected: stock,
    })),
  ];
  const found = await Promise.all(
    checks.map(async ({ path, expected }) => ({ path, expected, seen: await ask(path) })),
  );
  return found
    .map(({ path, expected, seen }) => ({ path, expected: canonical(expected), seen: canonical(seen) }))
    .filter(({ expected, seen }) => expected !== seen)
    .map(({ path, expected, seen }) => `${path}: expected ${expected}, seen ${seen}`);
}

const canonical = (value: unknown): string =>
  JSON.stringify(
    value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
