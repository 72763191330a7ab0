/** Folders of the repository as a commit has them, on disk, for programs that read files. */
import type { Git } from '@eda/contracts-cli/command-line';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface CommittedFolders extends Disposable {
  /** What stands for the repository's folder. */
  readonly workspace: string;
}

/** Writes `folders` of `commit` below a temporary folder; disposing removes it. Throws `CannotCheck`. */
export function committedFolders(git: Git, commit: string, folders: readonly string[]): CommittedFolders {
  const files = git.filesOf(commit, folders, (path) => !path.split('/').includes('..'));
  const workspace = mkdtempSync(join(tmpdir(), 'gitops-at-'));
  const dispose = () => rmSync(workspace, { recursive: true, force: true });
  try {
    for (const { path, bytes, isLink } of files) {
      const file = join(workspace, path);
      mkdirSync(dirname(file), { recursive: true });
      if (isLink) symlinkSync(bytes().toString(), file);
      else writeFileSync(file, bytes());
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { workspace, [Symbol.dispose]: dispose };
}
