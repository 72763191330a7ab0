/** `npm run golden`: the acceptance scenario on the running system, or on one that is started for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createProgressPrinter,
  DEFAULT_INSTANCE,
  onStopSignals,
  PlatformError,
  WORKSPACE,
} from '@eda/platform';
import { DEFAULT_PORTS } from './apps.ts';
import { startSystem } from './system.ts';

const args = process.argv.slice(2);
const STORE = process.env['STORE_URL'] ?? `http://127.0.0.1:${DEFAULT_PORTS.store}`;

const elsewhere = args.some((arg) => /^--(store-url|inventory-url|help)/.test(arg));
const running = () =>
  fetch(`${STORE}/livez`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );

/** Runs the scenario and returns its exit code. */
async function golden(signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, ['apps/store-simulator/src/main.ts', 'golden', ...args], {
    cwd: WORKSPACE,
    stdio: 'inherit',
    detached: true,
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  signal.removeEventListener('abort', stop);
  return code ?? 1;
}

async function onOwnSystem(signal: AbortSignal, killSignal: AbortSignal): Promise<number> {
  console.error(`No system answers at ${STORE}; one is started for this run.`);
  const system = await startSystem({
    fresh: false,
    instance: DEFAULT_INSTANCE,
    rate: 0,
    ports: DEFAULT_PORTS,
    platform: { ports: {} },
    signal,
    killSignal,
    onProgress: createProgressPrinter(process.stderr),
    onPhase: () => undefined,
    onDeath: (message) => console.error(message),
  });
  try {
    return await golden(signal);
  } finally {
    await system.stop();
  }
}

const abort = new AbortController();
const kill = new AbortController();
onStopSignals({
  stop: () => abort.abort(new PlatformError('Stopped.')),
  kill: () => kill.abort(),
});
try {
  process.exitCode =
    elsewhere || (await running())
      ? await golden(abort.signal)
      : await onOwnSystem(abort.signal, kill.signal);
} catch (error) {
  console.error(error instanceof PlatformError ? error.message : error);
  process.exitCode = 1;
}
