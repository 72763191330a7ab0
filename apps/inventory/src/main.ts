/** Starts inventory and runs it until it is told to stop. */
import { runService } from '@eda/service';
import { startInventory } from './app.ts';
import { loadInventoryConfig } from './config.ts';

await runService({
  name: 'inventory',
  start: ({ signal }) => startInventory(loadInventoryConfig(), signal),
});
