/** Starts the console and runs it until it is told to stop. */
import { runService } from '@eda/service';
import { startConsole } from './app.ts';
import { loadConsoleConfig } from './config.ts';

await runService({
  name: 'console',
  start: () => startConsole(loadConsoleConfig()),
});
