/** What the tests of the commands run: real programs, and some that only say what they were called with. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const WORKSPACE = resolve(import.meta.dirname, '../../..');

/** What the programs of ours and the fake ones call. */
const REAL = ['sh', 'git', 'cat', 'mktemp', 'rm', 'touch'];

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Returns how a program ended, without throwing. */
export async function ended(
  program: string,
  args: readonly string[],
  { env = {}, input, cwd }: { env?: Record<string, string>; input?: Uint8Array; cwd?: string } = {},
): Promise<Ended> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, cwd });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (part: Buffer) => (texts[name] += part.toString()));
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed).once('close', done);
  });
  return { code, ...texts };
}

/** Returns a folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A machine with these programs in PATH, each a shell script that first writes its arguments down. */
export function machine(programs: Readonly<Record<string, string>>) {
  const root = temporaryFolder();
  const bin = join(root, 'bin');
  const log = join(root, 'log');
  mkdirSync(bin);
  for (const program of REAL) symlinkSync(whereIs(program), join(bin, program));
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> ${log}\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return {
    root,
    bin,
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []),
  };
}

function whereIs(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${program} is not in PATH`);
  return found;
}

/** When all commits were made. */
const DATE = '2020-01-02T03:04:05Z';

/** A repository of one commit, with these folders of this one. */
export async function someRepository(...folders: readonly string[]) {
  const folder = temporaryFolder();
  for (const name of folders) cpSync(join(WORKSPACE, name), join(folder, name), { recursive: true });
  const env = { GIT_AUTHOR_DATE: DATE, GIT_COMMITTER_DATE: DATE };
  const git = async (...args: readonly string[]) => {
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
    const { code, stdout, stderr } = await ended('git', [...author, ...args], { cwd: folder, env });
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  /** Returns the new commit. */
  const commit = async (message: string) => {
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  await git('init', '--quiet', '--initial-branch=work');
  await commit('first');
  return { folder, git, commit };
}
