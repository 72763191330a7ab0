/** A lock between processes, as a file that names its holder; a holder that died loses it. */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './errors.ts';
import { isSameProcess, startTimeOf } from './process-identity.ts';
import { pause } from './wait.ts';

interface Holder {
  readonly pid: number;
  readonly startTime: string;
  /** The holder's own name of the file. */
  readonly link?: string;
}

/**
 * Runs `work` while no other process holds `file`, waiting for it as long as needed; `onWait` is told once who holds it.
 * Rejects when `signal` is aborted while it waits.
 */
export async function withLock<T>(
  file: string,
  { signal, onWait }: { signal: AbortSignal; onWait: (pid: number) => void },
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${randomUUID()}`;
  const startTime = startTimeOf(process.pid) ?? '';
  writeFileSync(mine, JSON.stringify({ pid: process.pid, startTime, link: mine } satisfies Holder));
  try {
    let told = false;
    while (!take(mine, file)) {
      const holder = holderOf(file);
      if (holder && !isSameProcess(holder.pid, holder.startTime)) {
        breakLock(file, mine);
      } else {
        if (holder && !told) onWait(holder.pid);
        told ||= holder !== undefined;
        await pause(200, signal);
      }
    }
    try {
      return await work();
    } finally {
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Linking is atomic and the file is complete the moment it has the name. */
function take(mine: string, file: string): boolean {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes a dead holder's file away; when another process was quicker and holds it anew, that one gets it back. */
function breakLock(file: string, mine: string): void {
  const aside = `${mine}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const holder = holderOf(aside);
  if (holder && isSameProcess(holder.pid, holder.startTime)) take(aside, file);
  else if (holder?.link) rmSync(holder.link, { force: true });
  rmSync(aside, { force: true });
}
