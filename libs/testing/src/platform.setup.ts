/**
 * Vitest's global set-up of the integration tests: waits for the platform and tells its addresses to the tests.
 *
 * - Under Nx, the task `test-platform` runs beside the tests; it is waited for.
 * - When someone calls vitest directly, a test platform that runs already is used
 *   (`npm run platform -- up --instance test` in another terminal makes for quick rounds).
 * - Else one is started for this run alone, and stopped with it.
 *
 * The state file is the seam: a library may not import the program that writes it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { TestPlatform } from './test-platform.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../..');
const SHARED_INSTANCE = 'test';
/** The first start downloads. */
const DEADLINE_MS = 10 * 60_000;
/** A failure older than this was left by an earlier run and is about to be overwritten. */
const FAILURE_GRACE_MS = 5_000;

interface PlatformState extends TestPlatform {
  readonly pid: number;
  readonly status: 'starting' | 'ready' | 'failed';
  readonly error?: string;
}

/** Resolves when the platform is ready; throws with the platform's own reason when it will not be. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const startedByNx = process.env['NX_TASK_TARGET_TARGET'] !== undefined;
  if (startedByNx || isAlive(readState(SHARED_INSTANCE))) {
    project.provide('platform', addressesOf(await untilReady(SHARED_INSTANCE)));
    return () => Promise.resolve();
  }
  const instance = `vitest-${process.pid}`;
  const own = startOwn(instance);
  try {
    project.provide('platform', addressesOf(await untilReady(instance, own)));
  } catch (error) {
    await stopOwn(own, instance);
    throw error;
  }
  return () => stopOwn(own, instance);
}

function startOwn(instance: string): ChildProcess {
  const main = join(WORKSPACE, 'tools/platform/src/main.ts');
  const args = [main, 'up', '--instance', instance, '--ephemeral', '--until-stdin-ends'];
  // Its input is a pipe from us: it ends in order, however we end.
  return spawn(process.execPath, args, { cwd: WORKSPACE, stdio: ['pipe', 'ignore', 'inherit'] });
}

async function stopOwn(own: ChildProcess, instance: string): Promise<void> {
  if (own.exitCode === null && own.signalCode === null) {
    own.kill('SIGTERM');
    await once(own, 'exit');
  }
  rmSync(join(WORKSPACE, '.platform', instance), { recursive: true, force: true });
}

async function untilReady(instance: string, own?: ChildProcess): Promise<PlatformState> {
  const deadline = Date.now() + DEADLINE_MS;
  let failedSince: number | undefined;
  for (;;) {
    const state = readState(instance);
    if (state?.status === 'ready' && isAlive(state)) return state;
    if (state?.status === 'failed') {
      failedSince ??= Date.now();
      if (own || Date.now() - failedSince > FAILURE_GRACE_MS)
        throw unavailable(state.error ?? 'for an unknown reason');
    } else failedSince = undefined;
    if (own && own.exitCode !== null) throw unavailable('see above');
    if (Date.now() > deadline) {
      throw unavailable(
        `it was not ready after ${DEADLINE_MS / 60_000} minutes. Does the task run? npx nx run @eda/platform:test-platform`,
      );
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

function unavailable(reason: string): Error {
  return new Error(
    `The integration tests need Kafka, a schema registry and PostgreSQL, which could not be started: ${reason}`,
  );
}

function readState(instance: string): PlatformState | undefined {
  try {
    return JSON.parse(
      readFileSync(join(WORKSPACE, '.platform', instance, 'state.json'), 'utf8'),
    ) as PlatformState;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(state: PlatformState | undefined): boolean {
  if (!state || state.status === 'failed') return false;
  try {
    process.kill(state.pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

function addressesOf({ kafka, registry, database }: PlatformState): TestPlatform {
  return { kafka, registry, database };
}
