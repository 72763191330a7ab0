/** Drives the store over several connections at once, and compares the stock that must come of it: what was lost or counted twice shows. */
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InventoryClient } from './inventory-client.ts';
import { noProgress, playRandom, type RandomProgress } from './random.ts';
import { randomMovements } from './random-movements.ts';
import { type Movement, reasonOf, type StoreClient } from './store-client.ts';

export interface LoadOptions {
  readonly store: StoreClient;
  readonly inventory: InventoryClient;
  /** Ending of the store and item names, so that nobody else moves their stock. */
  readonly run: string;
  /** Movements in all. */
  readonly count: number;
  /** Movements per second, all connections together. */
  readonly rate: number;
  /** How many stores send beside each other, each in order. */
  readonly connections: number;
  readonly items: number;
  readonly seed: number;
  /** How long inventory may take to have counted all, after the last movement. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** One per connection, kept up to date. */
  readonly progress: readonly RandomProgress[];
  readonly onTrouble: (trouble: string) => void;
}

export interface LoadResult {
  readonly accepted: number;
  /** Requests that got no answer, or one that asked for another try; each movement was sent again until it was accepted. */
  readonly lostRequests: number;
  readonly rejected: number;
  readonly elapsedMs: number;
  /** From the last accepted movement until inventory had counted all. */
  readonly caughtUpAfterMs: number | undefined;
  /** Stores whose stock is not what their movements lead to. */
  readonly wrong: readonly {
    readonly storeId: string;
    readonly expected: Stock;
    readonly seen: Stock | undefined;
  }[];
}

type Stock = Readonly<Record<string, number>>;

const POLL_INTERVAL_MS = 100;

/** Returns a progress for each connection. */
export function loadProgress(connections: number): RandomProgress[] {
  return Array.from({ length: connections }, noProgress);
}

/**
 * Sends `count` movements, then polls inventory until the stock of every store is right or `timeoutMs` has passed. Resolves with
 * what was seen; never rejects because a service is away.
 */
export async function playLoad(options: LoadOptions): Promise<LoadResult> {
  const { connections, count, rate, signal } = options;
  const startedAt = performance.now();
  const ledger = ledgerOf(options.store);
  await Promise.all(
    options.progress.map((progress, index) =>
      playRandom({
        store: ledger,
        movements: ownMovements(options, index + 1),
        rate: rate / connections,
        run: `${options.run}-${index + 1}`,
        count: Math.floor(count / connections) + (index < count % connections ? 1 : 0),
        progress,
        signal,
        onTrouble: options.onTrouble,
        onRecovered: () => undefined,
        onRejected: (error) => options.onTrouble(error.message),
      }),
    ),
  );
  const elapsedMs = performance.now() - startedAt;
  const sum = (of: (progress: RandomProgress) => number) =>
    options.progress.reduce((total, progress) => total + of(progress), 0);
  return {
    accepted: sum(({ accepted }) => accepted),
    lostRequests: sum(({ retries }) => retries),
    rejected: sum(({ rejected }) => rejected),
    elapsedMs,
    ...(await compare(ledger.stock, options)),
  };
}

function* ownMovements({ items, seed, run }: LoadOptions, number: number): Generator<Movement, never> {
  const movements = randomMovements({ stores: 1, items, seed: seed + number });
  for (;;) {
    const { value: movement } = movements.next();
    yield { ...movement, storeId: `Load_${number}-${run}`, sku: `${movement.sku}-${run}` };
  }
}

/** Passes movements on to the store and adds up what those that it accepted lead to, by store. */
function ledgerOf(store: StoreClient): StoreClient & { readonly stock: ReadonlyMap<string, Stock> } {
  const stock = new Map<string, Record<string, number>>();
  return {
    stock,
    async record(movement, { idempotencyKey, onRetry }) {
      // Sent to its end though the run is to end: whether the store has taken one that is given up, nobody would know.
      await store.record(movement, { idempotencyKey, ...(onRetry && { onRetry }) });
      const { storeId, sku, quantity, reason } = movement;
      const of = stock.get(storeId) ?? {};
      stock.set(storeId, of);
      of[sku] = (of[sku] ?? 0) + (reason === 'SALE' ? -quantity : quantity);
    },
  };
}

async function compare(
  stock: ReadonlyMap<string, Stock>,
  { inventory, timeoutMs, onTrouble }: LoadOptions,
): Promise<Pick<LoadResult, 'caughtUpAfterMs' | 'wrong'>> {
  const startedAt = performance.now();
  for (;;) {
    const looks = await Promise.all(
      [...stock].map(async ([storeId, expected]) => {
        const seen = await inventory.storeStock(storeId).catch((error: unknown) => {
          onTrouble(`inventory does not answer: ${reasonOf(error)}`);
          return undefined;
        });
        return { storeId, expected, seen };
      }),
    );
    const wrong = looks.filter(({ expected, seen }) => !isDeepStrictEqual({ ...expected }, { ...seen }));
    const waitedMs = performance.now() - startedAt;
    if (wrong.length === 0) return { wrong, caughtUpAfterMs: waitedMs };
    if (waitedMs > timeoutMs) return { wrong, caughtUpAfterMs: undefined };
    await sleep(POLL_INTERVAL_MS);
  }
}
