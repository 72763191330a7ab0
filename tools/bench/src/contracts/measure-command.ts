/** Runs one command of the contract compiler as a process of its own, and says what it took. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WORKSPACE } from '@eda/platform';

const PROGRAM = join(WORKSPACE, 'tools/contracts/src/main.ts');
const REPORTER = join(import.meta.dirname, 'report-usage.ts');
const MAX_OUTPUT = 256 * 1_048_576;

/** What a process took; that of processes it starts itself, such as git, is not among it. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
}

export interface CommandRun extends Usage {
  /** From the start of the process to its end. */
  readonly wallSeconds: number;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `contracts` with `args` on this repository, or with `--root` on another. */
export function measureCommand(args: readonly string[], nodeFlags: readonly string[] = []): CommandRun {
  const folder = mkdtempSync(join(tmpdir(), 'bench-usage-'));
  const file = join(folder, 'usage.json');
  try {
    const started = performance.now();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...nodeFlags, '--import', REPORTER, PROGRAM, ...args],
      { encoding: 'utf8', maxBuffer: MAX_OUTPUT, env: { ...process.env, USAGE_FILE: file } },
    );
    const wallSeconds = (performance.now() - started) / 1000;
    const usage = JSON.parse(readFileSync(file, 'utf8')) as Usage;
    return { ...usage, wallSeconds, code: status, out: stdout, err: stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
