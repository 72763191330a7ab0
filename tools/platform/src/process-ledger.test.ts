import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isSameProcess, startTimeOf } from './process-identity.ts';
import { endLeftovers, openLedger } from './process-ledger.ts';
import type { OwnedProcess } from './state.ts';
import { temporaryFolder } from './temporary-folder.ts';

function startSleeper(name: string): OwnedProcess<string> {
  const child = spawn('sleep', ['100'], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const pid = child.pid ?? 0;
  return { name, pid, startTime: startTimeOf(pid) ?? '', port: 0 };
}

/** Makes the ledger that of a process which has ended. */
async function killOwner(folder: string): Promise<number> {
  const owner = spawn('true');
  const startTime = 'long ago';
  await once(owner, 'close');
  const file = join(folder, 'processes.json');
  const ledger = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...ledger, pid: owner.pid, startTime }));
  return owner.pid ?? 0;
}

const runs = ({ pid, startTime }: OwnedProcess<string>) => isSameProcess(pid, startTime);

it('What a killed process has left running is ended, once, and also when it is paused', async () => {
  const folder = temporaryFolder();
  const sleepers = [startSleeper('one'), startSleeper('two')];
  const ledger = openLedger(folder);
  for (const each of sleepers) ledger.add(each);
  process.kill(sleepers[0]?.pid ?? 0, 'SIGSTOP');
  const owner = await killOwner(folder);

  expect(await endLeftovers(folder)).toEqual({ owner, ownerRuns: false, ended: sleepers, keep: false });
  expect(sleepers.filter(runs)).toEqual([]);
  expect(await endLeftovers(folder)).toBeUndefined();
});

it('A process that only has the same number is left alone', async () => {
  const folder = temporaryFolder();
  const stranger = startSleeper('one');
  openLedger(folder).add({ ...stranger, startTime: 'another' });
  await killOwner(folder);

  expect((await endLeftovers(folder))?.ended).toEqual([]);
  expect(runs(stranger)).toBe(true);
});

it('Nothing is ended while the owner runs; a ledger that was closed is gone', async () => {
  const folder = temporaryFolder();
  const ledger = openLedger(folder);
  const mine = startSleeper('one');
  ledger.add(mine);

  expect(await endLeftovers(folder)).toMatchObject({ owner: process.pid, ownerRuns: true, ended: [] });
  expect(runs(mine)).toBe(true);
  ledger.close();
  expect(existsSync(join(folder, 'processes.json'))).toBe(false);
});

it('Of a name there is one process: the latest', async () => {
  const folder = temporaryFolder();
  const ledger = openLedger(folder);
  const [first, second] = [startSleeper('one'), startSleeper('one')];
  ledger.add(first);
  ledger.add(second);
  await killOwner(folder);

  expect((await endLeftovers(folder))?.ended).toEqual([second]);
});
