/** Starts replenishment and runs it until it is told to stop. */
import { runService } from '@eda/service';
import { startReplenishment } from './app.ts';
import { loadReplenishmentConfig } from './config.ts';

await runService({
  name: 'replenishment',
  start: ({ signal }) => startReplenishment(loadReplenishmentConfig(), signal),
});
