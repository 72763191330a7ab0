/** The processes that belong to a folder, written down while they run: whoever comes after a crash can tell and end them. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './errors.ts';
import { isSameProcess, startTimeOf } from './process-identity.ts';
import type { OwnedProcess } from './state.ts';
import { pause } from './wait.ts';

export interface ProcessLedger {
  /** Writes a process down, in place of an earlier one of its name. */
  add(process: OwnedProcess<string>): void;
  /** Everything has ended in order. */
  close(): void;
}

/** What was found in a folder that has a ledger. */
export interface Leftovers {
  /** The process that wrote the ledger. */
  readonly owner: number;
  readonly ownerRuns: boolean;
  /** What it had left running and does not run any more. */
  readonly ended: readonly OwnedProcess<string>[];
  /** Whether the data were meant to stay. */
  readonly keep: boolean;
}

interface Ledger {
  readonly pid: number;
  readonly startTime: string;
  readonly keep: boolean;
  readonly processes: readonly OwnedProcess<string>[];
}

const END_WITHIN_MS = 10_000;

const fileIn = (folder: string) => join(folder, 'processes.json');

/** Begins a ledger in `folder`, in the name of this process. */
export function openLedger(folder: string, keep = false): ProcessLedger {
  const processes = new Map<string, OwnedProcess<string>>();
  const file = fileIn(folder);
  const write = () => {
    const ledger: Ledger = {
      pid: process.pid,
      startTime: startTimeOf(process.pid) ?? '',
      keep,
      processes: [...processes.values()],
    };
    const part = `${file}.${process.pid}`;
    writeFileSync(part, `${JSON.stringify(ledger, undefined, 2)}\n`);
    renameSync(part, file);
  };
  mkdirSync(folder, { recursive: true });
  write();
  return {
    add(added) {
      processes.set(added.name, added);
      write();
    },
    close() {
      rmSync(file, { force: true });
    },
  };
}

/**
 * Ends what a process that is gone has left running, and removes its ledger; undefined where there is none. Ends only what is
 * surely the same process, by id and start time, and nothing while the owner runs.
 */
export async function endLeftovers(folder: string): Promise<Leftovers | undefined> {
  const ledger = readLedger(folder);
  if (ledger === undefined) return undefined;
  const { pid: owner, startTime, keep, processes } = ledger;
  if (isSameProcess(owner, startTime)) return { owner, ownerRuns: true, ended: [], keep };
  const living = processes.filter((each) => isSameProcess(each.pid, each.startTime));
  for (const { pid, name } of living) end(pid, name);
  const patience = AbortSignal.timeout(END_WITHIN_MS);
  for (const each of living) while (isSameProcess(each.pid, each.startTime)) await pause(20, patience);
  rmSync(fileIn(folder), { force: true });
  return { owner, ownerRuns: false, ended: living, keep };
}

function readLedger(folder: string): Ledger | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Ledger;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function end(pid: number, name: string): void {
  try {
    // PostgreSQL ends its own processes and gives back shared memory at this signal; all else may be paused.
    process.kill(pid, name === 'PostgreSQL' ? 'SIGQUIT' : 'SIGKILL');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
