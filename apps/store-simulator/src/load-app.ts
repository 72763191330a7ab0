/** `load` as people see it: progress, the verdict, the exit code. */
import { randomBytes, randomInt } from 'node:crypto';
import { loadConfig } from '@eda/service';
import type { LoadCommand } from './cli.ts';
import { CONFIG } from './config.ts';
import { createInventoryClient } from './inventory-client.ts';
import { loadProgress, type LoadResult, playLoad } from './load.ts';
import { startProgressLine } from './progress-line.ts';
import type { RandomProgress } from './random.ts';
import { createStoreClient } from './store-client.ts';

/**
 * Sends the movements, compares the stock, prints the verdict and returns the exit code: 0 when no request was lost and all stock is
 * right, 1 otherwise. SIGINT and SIGTERM end the sending; the comparison is still made.
 */
export async function runLoad(command: LoadCommand): Promise<number> {
  const config = loadConfig(CONFIG);
  const storeUrl = command.storeUrl ?? config.STORE_URL;
  const run = command.run ?? randomBytes(3).toString('hex');
  const { rate, count, connections, items } = command;
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
  const progress = loadProgress(connections);

  process.stdout.write(
    `Load, run ${run}: ${count} movements to ${storeUrl}, ${rate} a second over ${connections} connections\n`,
  );
  const stopProgressLine = startProgressLine(allOf(progress));
  const result = await playLoad({
    store: createStoreClient(storeUrl),
    inventory: createInventoryClient(command.inventoryUrl ?? config.INVENTORY_URL),
    run,
    rate,
    count,
    connections,
    items,
    seed: command.seed ?? randomInt(2 ** 31),
    timeoutMs: command.timeoutSeconds * 1000,
    signal: ended.signal,
    progress,
    onTrouble: (trouble) => void process.stderr.write(`${new Date().toISOString()} ${trouble}\n`),
  });
  stopProgressLine();
  process.stdout.write(renderLoadReport(result));
  return isRight(result) ? 0 : 1;
}

/** One view of the progress of all connections. */
function allOf(parts: readonly RandomProgress[]): RandomProgress {
  const sum = (key: 'accepted' | 'rejected' | 'retries') =>
    parts.reduce((total, part) => total + part[key], 0);
  return {
    get accepted() {
      return sum('accepted');
    },
    get rejected() {
      return sum('rejected');
    },
    get retries() {
      return sum('retries');
    },
    get trouble() {
      return parts.find(({ trouble }) => trouble !== undefined)?.trouble;
    },
  };
}

/** Whether nothing was lost, refused or counted wrong. */
function isRight({ lostRequests, rejected, wrong }: LoadResult): boolean {
  return lostRequests === 0 && rejected === 0 && wrong.length === 0;
}

/** Returns the verdict, with a line for each store whose stock is wrong. */
export function renderLoadReport(result: LoadResult): string {
  const { accepted, lostRequests, rejected, elapsedMs, caughtUpAfterMs, wrong } = result;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const lines = [
    `${isRight(result) ? '✓ right' : '✗ not right'}: ${accepted} movements accepted in ${seconds(elapsedMs)}, ${lostRequests} requests lost, ${rejected} refused`,
    caughtUpAfterMs === undefined
      ? `  the stock of ${wrong.length} stores is wrong:`
      : `  all stock right, ${seconds(caughtUpAfterMs)} after the last movement`,
    ...wrong.map(
      ({ storeId, expected, seen }) =>
        `  - ${storeId}: expected ${JSON.stringify(expected)}, seen ${seen === undefined ? 'nothing' : JSON.stringify(seen)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
