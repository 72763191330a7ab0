/** Which process has which port in mind, as a file for each port: also while nothing listens there. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './errors.ts';
import { cacheFolder } from './paths.ts';
import { isSameProcess, startTimeOf } from './process-identity.ts';

const reserved = new Set<string>();

/**
 * Reserves `port` for the life of this process; returns false when another living process has it, or this one already.
 * What a process has reserved that is gone counts as free.
 */
export function reservePort(port: number, folder = join(cacheFolder(), 'ports')): boolean {
  const file = join(folder, String(port));
  try {
    mkdirSync(folder, { recursive: true });
    if (!take(file)) {
      if (isHeld(file)) return false;
      rmSync(file, { force: true });
      if (!take(file)) return false;
    }
  } catch {
    // A cache folder that cannot be written is reported by what needs it; a port is likely free without a reservation.
    return true;
  }
  if (reserved.size === 0) process.once('exit', release);
  reserved.add(file);
  return true;
}

function release(): void {
  for (const file of reserved) rmSync(file, { force: true });
}

function take(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${startTimeOf(process.pid) ?? ''}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function isHeld(file: string): boolean {
  try {
    const [pid = '', ...startTime] = readFileSync(file, 'utf8').split(' ');
    // Another process has made the file and not written into it yet.
    return pid === '' || isSameProcess(Number(pid), startTime.join(' '));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
