/** An app as a process of its own, for tests of what no code in the process can prevent: being killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));
const LAST_CHARACTERS = 4_000;

export interface AppProcess {
  readonly pid: number;
  /** Resolves with the exit code when it has ended; null when a signal ended it. */
  readonly exit: Promise<number | null>;
  /** The last words on standard output and standard error. */
  output(): string;
  /** Ends it as a power cut does; resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to end and resolves with its exit code; null when a signal ended it. */
  stop(): Promise<number | null>;
}

/** Starts `apps/<app>/src/main.ts` with `env` besides PATH and nothing else of this process's environment. */
export function startAppProcess(app: string, env: Record<string, string>, args: string[] = []): AppProcess {
  const child = spawn(process.execPath, [`apps/${app}/src/main.ts`, ...args], {
    cwd: WORKSPACE,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-LAST_CHARACTERS);
    });
  }
  // "close" and not "exit": by then all of its output has been read.
  const exit = (once(child, 'close') as Promise<[number | null]>).then(([code]) => code);
  const signal = (name: NodeJS.Signals) => {
    if (isRunning(child)) child.kill(name);
    return exit;
  };
  return {
    pid: child.pid ?? -1,
    exit,
    output: () => output,
    kill: async () => {
      await signal('SIGKILL');
    },
    stop: () => signal('SIGTERM'),
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
