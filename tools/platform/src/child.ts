/** One server process: its log file, its end, and how it is stopped. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { codeOf, PlatformError, textOf } from './errors.ts';
import { startTimeOf } from './process-identity.ts';
import type { OwnedProcess } from './state.ts';

/** What to start. */
export interface ChildSpec {
  /** The word for it in messages, for example `Kafka`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Standard output and error go here; the file is begun anew. */
  readonly logFile: string;
  readonly port: number;
  readonly stopSignal?: NodeJS.Signals;
}

/** A running server process. */
export interface Child {
  readonly name: string;
  readonly process: OwnedProcess;
  /** Resolves with the reason when the process has ended, whoever ended it. */
  readonly ended: Promise<string>;
  /** The last lines of its log. */
  lastLines(count?: number): string;
  /** Asks it to stop and kills it when it has not ended after `deadlineMs`. */
  stop(deadlineMs?: number): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/**
 * Starts `spec` in a process group of its own, so that Ctrl-C in the terminal reaches only us and we decide the order.
 * Throws a `PlatformError` when the program cannot be run at all.
 */
export async function startChild(spec: ChildSpec): Promise<Child> {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, 'w');
  const child = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ['ignore', log, log],
    ...(spec.env ? { env: { ...process.env, ...spec.env } } : {}),
    ...(spec.cwd ? { cwd: spec.cwd } : {}),
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  });
  closeSync(log);

  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code ?? '?'}`));
    child.once('error', (error) => resolve(`could not be run: ${error.message}`));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new PlatformError(`${spec.name} could not be started: ${error.message}`)));
  });

  const pid = child.pid ?? 0;
  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error;
    }
  };
  return {
    name: spec.name,
    process: { name: spec.name, pid, startTime: startTimeOf(pid) ?? '', port: spec.port },
    ended,
    lastLines: (count) => lastLinesOf(spec.logFile, count),
    async stop(deadlineMs = 20_000) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(spec.stopSignal ?? 'SIGTERM');
      const timer = setTimeout(() => signalGroup('SIGKILL'), deadlineMs);
      await ended;
      clearTimeout(timer);
    },
    kill: () => signalGroup('SIGKILL'),
  };
}

/** Returns the last `count` lines of a log file, with the file's name above them. */
export function lastLinesOf(file: string, count = 15): string {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count);
    return `last lines of ${basename(file)}:\n${lines.map((line) => `  ${line.slice(0, 300)}`).join('\n')}\n(all of it: ${file})`;
  } catch (error) {
    return `${file} cannot be read: ${textOf(error)}`;
  }
}
