import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withLock } from './file-lock.ts';
import { startTimeOf } from './process-identity.ts';
import { temporaryFolder } from './temporary-folder.ts';

const quiet = { signal: new AbortController().signal, onWait: () => undefined };

describe('The lock', () => {
  it('is free again when the work is done, and also when it failed', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'lock');
    await expect(withLock(file, quiet, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(file, quiet, () => Promise.resolve('done'))).toBe('done');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is waited for while another process holds it, and the wait can be broken off', async () => {
    const file = join(temporaryFolder(), 'lock');
    const holder = process.ppid;
    writeFileSync(file, JSON.stringify({ pid: holder, startTime: startTimeOf(holder) }));
    const giveUp = new AbortController();
    const told: number[] = [];
    const onWait = (pid: number) => {
      told.push(pid);
      giveUp.abort(new Error('given up'));
    };
    await expect(withLock(file, { signal: giveUp.signal, onWait }, () => Promise.resolve())).rejects.toThrow(
      'given up',
    );
    expect(told).toEqual([holder]);
  });

  it('of a process that died is taken over', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'lock');
    const { pid } = spawnSync('true');
    writeFileSync(file, JSON.stringify({ pid, startTime: '1' }));
    expect(await withLock(file, quiet, () => Promise.resolve('done'))).toBe('done');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a process whose id another one has now is taken over', async () => {
    const file = join(temporaryFolder(), 'lock');
    writeFileSync(file, JSON.stringify({ pid: process.ppid, startTime: 'long ago' }));
    expect(await withLock(file, quiet, () => Promise.resolve('done'))).toBe('done');
  });
});
