/** Which process has which port in mind, as a file for each port: also while nothing listens there. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
      const text = readFileSync(file, 'utf8');
      if (isHeld(text)) return false;
      // Of two that find the same stale file only one can rename it.
      const aside = `${file}.${process.pid}`;
      renameSync(file, aside);
      const renamed = readFileSync(aside, 'utf8');
      rmSync(aside);
      if (renamed !== text || !take(file)) return false;
    }
  } catch (error) {
    // Another process was quicker.
    if (codeOf(error) === 'ENOENT') return false;
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

function isHeld(text: string): boolean {
  const [pid = '', ...startTime] = text.split(' ');
  // Another process has made the file and not written into it yet.
  return pid === '' || isSameProcess(Number(pid), startTime.join(' '));
}
