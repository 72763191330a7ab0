/** `platform up`: starts in the foreground, tells the addresses, and stops in order when it is told to. */
import { rmSync } from 'node:fs';
import { PlatformError } from './errors.ts';
import type { CliOptions } from './options.ts';
import { instancePaths } from './paths.ts';
import { startPlatform, TEST_INSTANCE } from './platform.ts';
import { createProgressPrinter, seconds } from './progress.ts';
import { isOwnerAlive, type PlatformState, readPlatformState, removePlatformState } from './state.ts';
import { onStopSignals } from './stop-signals.ts';
import { pause } from './wait.ts';

/** The continuous task of this project; programs that other tasks start inherit the variable with another name. */
const NX_TARGET = 'test-platform';

/** Resolves with the exit code when everything has ended. Throws a `PlatformError` when the start failed. */
export async function up(options: CliOptions): Promise<number> {
  const { instance, provider, ports, fresh, untilStdinEnds } = options;
  const ephemeral = options.ephemeral ?? instance === TEST_INSTANCE;
  const runByNx = process.env['NX_TASK_TARGET_TARGET'] === NX_TARGET;
  const began = performance.now();
  const stopRequest = new AbortController();
  const kill = new AbortController();
  const crashed = Promise.withResolvers<string>();

  const requestStop = () => stopRequest.abort(new PlatformError('Stopped before it was ready.'));
  onStopSignals({
    stop: requestStop,
    kill() {
      kill.abort();
      removePlatformState(instance);
      if (ephemeral) rmSync(instancePaths(instance).root, { recursive: true, force: true });
    },
    repeatsMeanTheSame: runByNx,
  });
  if (untilStdinEnds) process.stdin.resume().once('end', requestStop);

  const stopped = new Promise<undefined>((resolve) =>
    stopRequest.signal.addEventListener('abort', () => resolve(undefined)),
  );
  if (runByNx) stopWithParent(requestStop);

  try {
    const running = instance === TEST_INSTANCE ? readPlatformState(instance) : undefined;
    if (running && isOwnerAlive(running) && runByNx) return await useRunning(running, stopped);
    const platform = await startPlatform({
      instance,
      ports,
      fresh,
      ...(provider ? { provider } : {}),
      ephemeral,
      onProgress: createProgressPrinter(process.stderr),
      // Nx stops a task from its leaves, and us last: servers that are asked to end are the beginning of a stop.
      onCrash: ({ message, asked }) => {
        if (asked && runByNx) requestStop();
        else crashed.resolve(message);
      },
      signal: stopRequest.signal,
      killSignal: kill.signal,
    });
    console.log(
      `\nThe platform "${instance}" (${platform.provider}) is ready after ${seconds(performance.now() - began)}:\n` +
        `  Kafka        ${platform.kafka.brokers.join(',')}\n` +
        `  registry     ${platform.registry.url}\n` +
        `  PostgreSQL   ${platform.database.url}\n` +
        'Ctrl-C stops it.',
    );
    // With given addresses there is no process of ours that would keep this one alive.
    const alive = setInterval(() => undefined, 60_000);
    const crash = await Promise.race([crashed.promise, stopped]);
    clearInterval(alive);
    if (crash !== undefined)
      console.error(`${crash}\nStopping the rest. The data is kept; start again to go on.`);
    else console.error('Stopping.');
    await platform.stop();
    return crash === undefined ? 0 : 1;
  } finally {
    if (untilStdinEnds) process.stdin.destroy();
  }
}

/**
 * Someone keeps a test platform running for quick rounds, and now a task runner wants one for its tests: they use the same.
 * Resolves with the exit code when the tests are over, or when the other one has ended.
 */
async function useRunning(state: PlatformState, stopped: Promise<undefined>): Promise<number> {
  console.log(
    `A test platform runs already (process ${state.pid}); the tests use that one, and it goes on afterwards.`,
  );
  const over = new AbortController();
  void stopped.then(() => over.abort());
  while (isOwnerAlive(state)) {
    try {
      await pause(500, over.signal);
    } catch {
      return 0;
    }
  }
  throw new PlatformError(`The test platform of process ${state.pid} ended while the tests used it.`);
}

/** A task runner that was killed can no longer stop us. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 1_000);
  timer.unref();
}
