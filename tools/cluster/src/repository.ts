/** A clone of this repository, in which the suite commits what it tries. */
import { runProgram } from '@eda/charts';
import { bootstrapFiles, readRootFile, ROOT_FILE, withSettings } from '@eda/gitops';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError } from './errors.ts';
import { mustRun } from './must-run.ts';

export interface CloneOptions {
  /** The address that the cluster is to read the repository from; what is committed says it otherwise. */
  readonly repo?: string;
  /** The shell command, run in the clone, that gives the cluster its newest commit; otherwise it is pushed to that address. */
  readonly publish?: string;
}

export class Repository implements Disposable {
  readonly folder: string;
  readonly #publish: string;

  private constructor(folder: string, publish: string) {
    this.folder = folder;
    this.#publish = publish;
  }

  /** Clones what is committed in `workspace`. With an address in `repo`, that is what gitops/bootstrap of the clone names. */
  static async clone(workspace: string, { repo, publish }: CloneOptions): Promise<Repository> {
    const folder = mkdtempSync(join(tmpdir(), 'cluster-repository-'));
    try {
      await git(folder, ['clone', '--quiet', workspace, '.']);
      if (repo !== undefined) await nameRepository(folder, repo);
      return new Repository(folder, publish ?? push(folder));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
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
    await commitAll(this.folder, message);
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

/** Commits another address in gitops/bootstrap, and what is generated from it. */
async function nameRepository(folder: string, repository: string): Promise<void> {
  const root = join(folder, ROOT_FILE);
  const before = readFileSync(root, 'utf8');
  const settings = readRootFile(before);
  if (settings.repository === repository) return;
  writeFileSync(root, withSettings(before, { ...settings, repository }));
  for (const [file, content] of bootstrapFiles(folder)) writeFileSync(join(folder, file), content);
  // At the time of the commit before, so that the same is the same commit again.
  const date = (await git(folder, ['log', '-1', '--format=%cI'])).trim();
  await commitAll(folder, `The cluster reads ${repository}`, {
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  });
}

/** To where gitops/bootstrap says that it all comes from. */
function push(folder: string): string {
  const { repository, branch } = readRootFile(readFileSync(join(folder, ROOT_FILE), 'utf8'));
  return `git push --quiet --force '${repository}' 'HEAD:refs/heads/${branch}'`;
}

async function commitAll(
  folder: string,
  message: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await git(folder, ['add', '--all']);
  const author = ['-c', 'user.name=cluster suite', '-c', 'user.email=cluster-suite@localhost'];
  await git(folder, [...author, 'commit', '--quiet', '--message', message], env);
}

function git(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return mustRun('git', args, { cwd, env: { ...process.env, ...env } });
}
