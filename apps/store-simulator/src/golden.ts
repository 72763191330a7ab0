/** Plays the golden scenario against a running system and compares what it sees with what must come out. */
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { goldenScenario, type GoldenScenario } from '@eda/contracts';
import type { InventoryClient } from './inventory-client.ts';
import { reasonOf, type StoreClient } from './store-client.ts';

type Stock = number | Readonly<Record<string, number>>;

export interface GoldenRow {
  /** The store or the item. */
  readonly name: string;
  readonly expected: Stock;
  /** Undefined: inventory has not heard of it. */
  readonly seen: Stock | undefined;
  readonly right: boolean;
}

export interface GoldenResult {
  readonly rows: readonly GoldenRow[];
  readonly right: boolean;
  /** From the first request to the moment all effects were seen, or to the deadline. */
  readonly elapsedMs: number;
  /** What kept the scenario from ending, when it was not only wrong stock. */
  readonly trouble?: string;
}

export interface GoldenOptions {
  readonly store: StoreClient;
  readonly inventory: InventoryClient;
  /** Ending of the store and item names. */
  readonly run: string;
  readonly timeoutMs: number;
  /** Called once when the store or inventory does not answer and the scenario goes on trying. */
  readonly onTrouble?: (trouble: string) => void;
}

const POLL_INTERVAL_MS = 25;

/**
 * Sends the nine movements in order and polls inventory until all stock is right or `timeoutMs` has passed. Stores
 * and services may be restarted meanwhile: every movement is repeated under its own idempotency key until it is
 * accepted. Rejects with `MovementRejected` when the store refuses one.
 */
export async function playGolden(options: GoldenOptions): Promise<GoldenResult> {
  const { store, run, timeoutMs } = options;
  const scenario = goldenScenario(run);
  const deadline = AbortSignal.timeout(timeoutMs);
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;

  const outage = createOutage(options.onTrouble);

  for (const [index, movement] of scenario.movements.entries()) {
    try {
      await store.record(movement, {
        idempotencyKey: `golden-${run}-${index + 1}`,
        signal: deadline,
        onRetry: ({ reason }) => outage.note(reason),
        backoff: { initialMs: 50, maxMs: 1_000 },
      });
    } catch (error) {
      if (!deadline.aborted) throw error;
      const sent = `${index} of ${scenario.movements.length} movements were accepted`;
      return {
        rows: unseen(scenario),
        right: false,
        elapsedMs: elapsedMs(),
        trouble: `${sent}; ${outage.reason() ?? 'no answer'}`,
      };
    }
  }

  outage.over();
  let rows = unseen(scenario);
  for (;;) {
    try {
      rows = await look(scenario, options.inventory, deadline);
      outage.over();
      if (rows.every((row) => row.right)) return { rows, right: true, elapsedMs: elapsedMs() };
    } catch (error) {
      if (!deadline.aborted) outage.note(`inventory does not answer: ${reasonOf(error)}`);
    }
    if (deadline.aborted) {
      const trouble = outage.reason();
      return { rows, right: false, elapsedMs: elapsedMs(), ...(trouble === undefined ? {} : { trouble }) };
    }
    await sleep(POLL_INTERVAL_MS);
  }
}

/** Remembers why nothing is going on, and tells it only when that begins. */
function createOutage(tell: ((reason: string) => void) | undefined) {
  let current: string | undefined;
  return {
    note(reason: string) {
      if (current === undefined) tell?.(reason);
      current = reason;
    },
    over: () => void (current = undefined),
    reason: () => current,
  };
}

function row(name: string, expected: Stock, seen: Stock | undefined): GoldenRow {
  return { name, expected, seen, right: isDeepStrictEqual(expected, seen) };
}

function unseen({ items, stores }: GoldenScenario): GoldenRow[] {
  return Object.entries({ ...items, ...stores }).map(([name, expected]) => row(name, expected, undefined));
}

async function look(
  { items, stores }: GoldenScenario,
  inventory: InventoryClient,
  signal: AbortSignal,
): Promise<GoldenRow[]> {
  return Promise.all([
    ...Object.entries(items).map(async ([sku, expected]) =>
      row(sku, expected, await inventory.itemStock(sku, signal)),
    ),
    ...Object.entries(stores).map(async ([storeId, expected]) =>
      row(storeId, expected, await inventory.storeStock(storeId, signal)),
    ),
  ]);
}
