import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { reservePort } from './port-reservations.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ports-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** Another process that reserves the port, says whether it got it, and lives until its input ends. */
async function reserveElsewhere(port: number) {
  const script = `
    import { reservePort } from ${JSON.stringify(join(import.meta.dirname, 'port-reservations.ts'))};
    process.stdout.write(String(reservePort(${port}, ${JSON.stringify(folder)})));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  const end = async (how: () => unknown) => {
    const ended = once(child, 'exit');
    how();
    await ended;
  };
  return {
    got: answer.toString().trim() === 'true',
    kill: () => end(() => child.kill('SIGKILL')),
    finish: () => end(() => child.stdin.end()),
  };
}

it('is had by one process only, as long as that lives', async () => {
  const other = await reserveElsewhere(15_001);
  expect(other.got).toBe(true);
  expect(reservePort(15_001, folder)).toBe(false);
  expect(reservePort(15_002, folder)).toBe(true);
  expect(reservePort(15_002, folder)).toBe(false);

  await other.kill();

  expect(reservePort(15_001, folder)).toBe(true);
});

it('is given back when the process ends', async () => {
  const other = await reserveElsewhere(15_001);
  expect(readdirSync(folder)).toEqual(['15001']);
  await other.finish();
  expect(readdirSync(folder)).toEqual([]);
});
