/** Starts the store and runs it until it is told to stop. */
import { runService } from '@eda/service';
import { startStore } from './app.ts';
import { loadStoreConfig } from './config.ts';

await runService({
  name: 'store',
  start: ({ signal }) => startStore(loadStoreConfig(), signal),
});
