/** `platform down`: ends an instance that runs elsewhere, or the processes that a crashed one left. */
import { rmSync } from 'node:fs';
import { PlatformError } from './errors.ts';
import { instancePaths } from './paths.ts';
import { TEST_INSTANCE } from './platform.ts';
import { isSameProcess } from './process-identity.ts';
import { isOwnerAlive, livingProcesses, readPlatformState, removePlatformState } from './state.ts';
import { pause } from './wait.ts';

const DEADLINE_MS = 60_000;

/** Resolves with a sentence about what was done. Signals only processes that are the very ones of the state file. */
export async function down(instance: string): Promise<string> {
  const state = readPlatformState(instance);
  if (!state) return `The platform "${instance}" does not run.`;

  if (isOwnerAlive(state)) {
    process.kill(state.pid, 'SIGTERM');
    await untilGone(() => isOwnerAlive(state), `process ${state.pid}`);
    return `The platform "${instance}" has stopped.`;
  }
  const left = livingProcesses(state);
  for (const name of ['registry', 'Kafka', 'PostgreSQL'] as const) {
    for (const part of left.filter((one) => one.name === name)) {
      process.kill(part.pid, name === 'PostgreSQL' ? 'SIGINT' : 'SIGTERM');
      await untilGone(() => isSameProcess(part.pid, part.startTime), `${name} (process ${part.pid})`);
    }
  }
  removePlatformState(instance);
  if (instance === TEST_INSTANCE) rmSync(instancePaths(instance).root, { recursive: true, force: true });
  return left.length === 0
    ? `The platform "${instance}" does not run.`
    : `Stopped what was left of the platform "${instance}": ${left.map(({ name }) => name).join(', ')}.`;
}

async function untilGone(lives: () => boolean, who: string): Promise<void> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  while (lives()) {
    await pause(50, deadline).catch(() => {
      throw new PlatformError(
        `${who} has not ended ${DEADLINE_MS / 1000} s after it was asked to. End it by hand: kill -9.`,
      );
    });
  }
}
