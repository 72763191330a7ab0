/** `golden` as people see it: progress, the table, the exit code. */
import { randomBytes } from 'node:crypto';
import { loadConfig } from '@eda/service';
import type { GoldenCommand } from './cli.ts';
import { CONFIG } from './config.ts';
import { playGolden } from './golden.ts';
import { renderGoldenReport } from './golden-report.ts';
import { createInventoryClient } from './inventory-client.ts';
import { createStoreClient } from './store-client.ts';

/** Plays the golden scenario once, prints what it expected and saw, and returns the exit code: 0 right, 1 not. */
export async function runGolden(command: GoldenCommand): Promise<number> {
  const config = loadConfig(CONFIG);
  const storeUrl = command.storeUrl ?? config.STORE_URL;
  const inventoryUrl = command.inventoryUrl ?? config.INVENTORY_URL;
  const run = command.run ?? randomBytes(3).toString('hex');

  process.stdout.write(
    `Golden scenario, run ${run}: nine movements to ${storeUrl}, stock from ${inventoryUrl}\n\n`,
  );
  const result = await playGolden({
    store: createStoreClient(storeUrl),
    inventory: createInventoryClient(inventoryUrl),
    run,
    timeoutMs: command.timeoutSeconds * 1000,
    onTrouble: (trouble) =>
      process.stderr.write(
        `${trouble}; trying on for up to ${command.timeoutSeconds} s (is the system running?)\n`,
      ),
  });
  process.stdout.write(renderGoldenReport(result));
  return result.right ? 0 : 1;
}
