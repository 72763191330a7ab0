/** Runs a scenario's program in a process of its own, so that its CPU and memory are its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StopAfter, WorkerMessage, WorkerResult, WorkerSpec } from './worker-types.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
/** Beyond what a program says that it needs: starting, connecting, joining a group, emptying its queues. */
const PATIENCE_MS = 120_000;

export interface RunningWorker {
  /** Resolves when the program says that others can begin; rejects when it ends before. */
  readonly ready: Promise<unknown>;
  /** Rejects with what the program says went wrong. */
  readonly ended: Promise<WorkerOutcome>;
  /** Tells a consumer how many records there are in all. */
  stopAfter(records: number): void;
  kill(): void;
}

export interface WorkerOutcome {
  readonly result: WorkerResult;
  /** See `WorkerSpec.marksFile`. */
  readonly marks: Uint8Array;
}

/** Starts `spec.program`. `nodeFlags` are for profiles (`--cpu-prof`). */
export function startWorker(spec: WorkerSpec, nodeFlags: readonly string[] = []): RunningWorker {
  const child = spawn(process.execPath, [...nodeFlags, WORKER, JSON.stringify(spec)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
  const ready = Promise.withResolvers<undefined>();
  const result = Promise.withResolvers<WorkerResult>();
  child.on('message', (message: WorkerMessage) => {
    if (message.kind === 'ready') ready.resolve(undefined);
    else if (message.kind === 'result') result.resolve(message.result);
    else result.reject(new Error(`${nameOf(spec)}: ${message.message}`));
  });
  const timer = setTimeout(
    () => {
      result.reject(new Error(`${nameOf(spec)} did not end within its time`));
      child.kill('SIGKILL');
    },
    spec.seconds * 1000 + PATIENCE_MS,
  );
  const closed = once(child, 'close').then(([code]) => {
    clearTimeout(timer);
    const reason = new Error(
      `${nameOf(spec)} ended with exit code ${String(code)} and without a result\n${errors}`,
    );
    ready.reject(reason);
    result.reject(reason);
  });
  ready.promise.catch(() => undefined);
  return {
    ready: ready.promise,
    ended: result.promise.then(
      async (value) => {
        await closed;
        return { result: value, marks: new Uint8Array(readFileSync(spec.marksFile)) };
      },
      async (error: unknown) => {
        await closed;
        throw error;
      },
    ),
    stopAfter: (records) => send(child, { kind: 'stop-after', records }),
    kill: () => void child.kill('SIGKILL'),
  };
}

function send(child: ChildProcess, message: StopAfter): void {
  if (child.connected) child.send(message);
}

function nameOf({ program, mode = '' }: WorkerSpec): string {
  return `${program.replace(/^.*\//, '').replace(/\.[jt]s$/, '')} ${mode}`.trim();
}
