/** A clone of this repository, in which the suite commits what it tries. */
import { runProgram } from '@eda/charts';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError } from './errors.ts';

export class Repository implements Disposable {
  readonly folder: string;
  readonly #publish: string;

  private constructor(folder: string, publish: string) {
    this.folder = folder;
    this.#publish = publish;
  }

  /** Clones what is committed in `workspace`; `publish` is the shell command, run in the clone, that gives the cluster its newest commit. */
  static async clone(workspace: string, publish: string): Promise<Repository> {
    const folder = mkdtempSync(join(tmpdir(), 'cluster-repository-'));
    await git(folder, ['clone', '--quiet', workspace, '.']);
    return new Repository(folder, publish);
  }

  /** Changes a file. Throws a `ClusterError` when `edit` leaves it as it was: what is tried would not be what is committed. */
  edit(file: string, edit: (text: string) => string): void {
    const path = join(this.folder, file);
    const before = readFileSync(path, 'utf8');
    const after = edit(before);
    if (after === before) throw new ClusterError(`${file} is not as the suite expects it`);
    writeFileSync(path, after);
  }

  /** Commits all changes, gives them to the cluster, and returns the commit. */
  async commit(message: string): Promise<string> {
    await git(this.folder, ['add', '--all']);
    await git(this.folder, [
      '-c',
      'user.name=cluster suite',
      '-c',
      'user.email=cluster-suite@localhost',
      'commit',
      '--quiet',
      '--message',
      message,
    ]);
    return this.publish();
  }

  /** Makes all files what they were in `commit`, without going back in history. */
  async restore(commit: string): Promise<void> {
    await git(this.folder, ['checkout', '--quiet', '--no-overlay', commit, '--', '.']);
  }

  /** Gives the cluster what is committed, and returns the commit. */
  async publish(): Promise<string> {
    const { code, stderr } = await runProgram('sh', ['-c', this.#publish], { cwd: this.folder });
    if (code !== 0) throw new ClusterError(`--publish: ${this.#publish}: ${stderr.trim()}`);
    return (await git(this.folder, ['rev-parse', 'HEAD'])).trim();
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram('git', args, { cwd });
  if (code !== 0) throw new ClusterError(`git ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}
