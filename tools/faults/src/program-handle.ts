/** A program under test as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

export interface ProgramHandle {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  /** What it said last, all fields together. */
  readonly status: Readonly<Record<string, unknown>>;
  /** The largest resident memory it told, in bytes. */
  readonly peakRss: number;
  /** Resolves with its exit code; null when a signal ended it. */
  readonly exit: Promise<number | null>;
  /** Says a line to it. */
  say(line: string): void;
  signal(name: NodeJS.Signals): void;
  kill(): Promise<void>;
  /** Asks it to end; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Resolves when its status fits; rejects when it has ended before, or after the time-out. */
  until(
    what: string,
    condition: (status: Readonly<Record<string, unknown>>) => boolean,
    timeoutMs?: number,
  ): Promise<void>;
}

/** Starts `programs/<file>` with its settings. */
export function startProgram(name: string, file: string, settings: object): ProgramHandle {
  const path = fileURLToPath(new URL(`programs/${file}`, import.meta.url));
  const child = spawn(process.execPath, [path, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let status: Record<string, unknown> = {};
  let complaint = '';
  let peakRss = 0;
  const changed = new Set<() => void>();
  const wake = () => {
    for (const listener of [...changed]) listener();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    status = { ...status, ...(JSON.parse(line) as Record<string, unknown>) };
    peakRss = Math.max(peakRss, Number(status['rss'] ?? 0));
    wake();
  });
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
  // Nobody reads any more when it was killed.
  child.stdin.on('error', () => undefined);
  const exit = (once(child, 'close') as Promise<[number | null]>).then(([code]) => {
    wake();
    return code;
  });
  const signal = (signalName: NodeJS.Signals) => {
    if (isRunning(child)) child.kill(signalName);
  };
  return {
    name,
    pid: child.pid ?? -1,
    get running() {
      return isRunning(child);
    },
    get status() {
      return status;
    },
    get peakRss() {
      return peakRss;
    },
    exit,
    say: (line) => {
      if (isRunning(child)) child.stdin.write(`${line}\n`);
    },
    signal,
    async kill() {
      signal('SIGKILL');
      await exit;
    },
    stop() {
      // A paused process takes no notice of the wish to end.
      signal('SIGCONT');
      signal('SIGTERM');
      return exit;
    },
    until: (what, condition, timeoutMs = 120_000) =>
      new Promise((resolve, reject) => {
        const finish = (error?: Error) => {
          clearTimeout(timer);
          changed.delete(check);
          if (error) reject(error);
          else resolve();
        };
        const check = () => {
          if (condition(status)) finish();
          else if (!isRunning(child))
            finish(new Error(`${name} ended before ${what}: ${complaint || JSON.stringify(status)}`));
        };
        const timer = setTimeout(
          () =>
            finish(
              new Error(
                `waited ${timeoutMs / 1000} s in vain for ${name}: ${what}; ${JSON.stringify(status)}`,
              ),
            ),
          timeoutMs,
        );
        changed.add(check);
        check();
      }),
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
