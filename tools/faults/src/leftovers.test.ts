import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger, startTimeOf } from '@eda/platform';
import { expect, it, onTestFinished } from 'vitest';
import { endEarlierRuns } from './leftovers.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faults-leftovers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it('Data of a run that was killed goes; its journals, and a run that lives, stay', async () => {
  const parent = temporaryFolder();
  const killed = join(parent, 'faults-1');
  const living = join(parent, 'faults-2');
  for (const run of [killed, living]) {
    openLedger(join(run, 'cluster-direct'));
    mkdirSync(join(run, 'row-1'));
  }
  const owner = spawn('true');
  await once(owner, 'close');
  const file = join(killed, 'cluster-direct', 'processes.json');
  const sleeper = spawn('sleep', ['100'], { stdio: 'ignore' });
  onTestFinished(() => {
    sleeper.kill('SIGKILL');
  });
  const startTime = startTimeOf(sleeper.pid ?? 0);
  const processes = [{ name: 'Kafka broker 1', pid: sleeper.pid, startTime, port: 0 }];
  writeFileSync(file, JSON.stringify({ pid: owner.pid, startTime: 'long ago', keep: false, processes }));

  const notes: string[] = [];
  await endEarlierRuns(parent, (text) => notes.push(text));
  expect(notes).toEqual([
    `ended Kafka broker 1 (process ${sleeper.pid ?? 0}), which process ${owner.pid ?? 0} had left behind`,
  ]);
  expect(sleeper.signalCode ?? (await once(sleeper, 'exit'))[1]).toBe('SIGKILL');
  expect([existsSync(join(killed, 'cluster-direct')), existsSync(join(killed, 'row-1'))]).toEqual([
    false,
    true,
  ]);
  expect(existsSync(join(living, 'cluster-direct'))).toBe(true);
});
