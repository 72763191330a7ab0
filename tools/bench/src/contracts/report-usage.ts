/** Loaded before a program that is measured (`node --import`): writes down at its end what it took. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Usage } from './measure-command.ts';

const file = process.env['USAGE_FILE'] ?? '';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage: Usage = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakRssBytes: 1024 * (highWaterMark() ?? maxRSS),
  };
  writeFileSync(file, JSON.stringify(usage));
});

/** In KiB. What Linux says of the memory itself: `maxRSS` also counts the process that it was started from. */
function highWaterMark(): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes);
  } catch {
    return undefined;
  }
}
