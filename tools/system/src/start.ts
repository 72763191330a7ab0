/** `npm start`: the whole blueprint on this machine until Ctrl-C. */
import { createProgressPrinter, onStopSignals, PlatformError, seconds } from '@eda/platform';
import { addressOf, APPS } from './apps.ts';
import { HELP, parseStartOptions, UsageError, type StartOptions } from './options.ts';
import { startSystem } from './system.ts';
import { table } from './table.ts';

async function run(options: StartOptions): Promise<void> {
  const began = performance.now();
  const abort = new AbortController();
  const kill = new AbortController();
  const end = new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve()));

  onStopSignals({
    stop() {
      console.error('\nStopping in order; Ctrl-C once more stops at once.');
      abort.abort(new PlatformError('Stopped.'));
    },
    kill() {
      kill.abort();
      console.error('\nStopped at once; nothing was drained.');
    },
  });

  const print = createProgressPrinter(process.stderr);
  const say = (name: string, ms: number) =>
    print({ kind: 'note', text: `${name.padEnd(10)} ready after ${seconds(ms)}` });
  const system = await startSystem({
    ...options,
    signal: abort.signal,
    onProgress: print,
    onPhase: say,
    killSignal: kill.signal,
    onDeath: (message) => console.error(`\n${message}`),
  }).catch((error: unknown) => {
    if (abort.signal.aborted) return undefined;
    throw error;
  });
  if (system === undefined) return;

  console.log(`\n${table(APPS.map((app) => [app.name, addressOf(app, options.ports), app.says]))}\n`);
  if (options.rate > 0) {
    void system.firstEvent().then(() => {
      if (!abort.signal.aborted) say('first event on the page', performance.now() - began);
    });
  }
  console.log(`Logs are in .platform/${options.instance}/logs. Ctrl-C stops everything.`);
  await end;
  await system.stop();
}

try {
  const options = parseStartOptions(process.argv.slice(2));
  if (options === 'help') console.log(HELP);
  else await run(options);
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\nnpm start -- --help lists the options.`);
  else console.error(error instanceof PlatformError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
