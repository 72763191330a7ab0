/** One server of the platform: its end, its last words, and how it is stopped; and how one is started as a process. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { codeOf, PlatformError, textOf } from './errors.ts';
import { startTimeOf } from './process-identity.ts';
import type { OwnedProcess, PartName } from './state.ts';

export interface Part<Name extends string = PartName> {
  readonly name: Name;
  /** Absent when it is a container. */
  readonly process?: OwnedProcess<Name>;
  /** Resolves when it has ended, whoever ended it; never rejects. */
  readonly ended: Promise<Ending>;
  /** The end of its log, with the file's name. */
  lastLines(): string;
  /** Asks it to stop and insists after `deadlineMs`; resolves when it has ended. */
  stop(deadlineMs?: number): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

export interface Ending {
  /** For example `ended with exit code 1`. */
  readonly how: string;
  /** Whether it ended because it was asked to (SIGTERM or SIGINT), by whomever. */
  readonly asked: boolean;
}

export interface ProcessSpec<Name extends string = PartName> {
  readonly name: Name;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Standard output and error go here; the file is begun anew. */
  readonly logFile: string;
  readonly port: number;
  readonly stopSignal?: NodeJS.Signals;
}

/**
 * Starts a process in a group of its own, so that Ctrl-C in the terminal reaches only us and we decide the order.
 * Throws a `PlatformError` when the program cannot be run at all.
 */
export async function startProcess<Name extends string>(spec: ProcessSpec<Name>): Promise<Part<Name>> {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, 'w');
  const child = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...spec.env },
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  });
  closeSync(log);
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({
        how: signal ? `was ended by ${signal}` : `ended with exit code ${code ?? 'unknown'}`,
        // A JVM turns the signal into an exit code.
        asked: signal === 'SIGTERM' || signal === 'SIGINT' || code === 128 + 15 || code === 128 + 2,
      }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new PlatformError(`${spec.name} could not be started: ${error.message}`)),
    );
  });

  const pid = child.pid ?? 0;
  const kill = () => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error;
    }
  };
  return {
    name: spec.name,
    process: { name: spec.name, pid, startTime: startTimeOf(pid) ?? '', port: spec.port },
    ended,
    lastLines: () => lastLinesOf(spec.logFile),
    kill,
    async stop(deadlineMs = 30_000) {
      child.kill(spec.stopSignal ?? 'SIGTERM');
      const timer = setTimeout(kill, deadlineMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Returns the end of a log file for an error message: its last `count` lines, each cut to a readable length. */
export function lastLinesOf(file: string, count = 12): string {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count);
    return `last lines of ${basename(file)}:\n${lines.map((line) => `  | ${line.slice(0, 240)}`).join('\n')}\nAll of it: ${file}`;
  } catch (error) {
    return `its log cannot be read: ${textOf(error)}`;
  }
}
