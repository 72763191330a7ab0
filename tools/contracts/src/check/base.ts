import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { oneLine } from '../finding.ts';
import { inspectContracts } from '../load-contracts.ts';
import type { Inspection } from '../load-contracts.ts';
import { CannotCheck } from './cannot-check.ts';
import type { CommittedFile, Git } from './git.ts';
import { readHistory } from './lock.ts';
import type { Frozen } from './lock.ts';
import { readReaderSchemas } from './reader-schemas.ts';
import type { ReaderSchema } from './reader-schemas.ts';

const WANTED = [
  /^schemas\/(?!golden\/).*\.(avsc|yaml|json)$/,
  /^apps\/[^/]+\/asyncapi\.yaml$/,
  /^apps\/[^/]+\/consumes\/[^/]+\.avsc$/,
];

/** The contracts as they are at a commit. */
export interface Base {
  /** As it was asked for, for example `origin/main`. */
  readonly ref: string;
  readonly commit: string;
  readonly contracts: Pick<Inspection, 'model' | 'apps'>;
  readonly readers: readonly ReaderSchema[];
  readonly frozen: readonly Frozen[];
}

/**
 * Reads the contracts at `ref`; undefined when there were none. Throws `CannotCheck` when `ref` is unknown or when what it holds
 * is wrong.
 */
export function readBase(git: Git, ref: string): Base | undefined {
  const commit = git.commitOf(ref);
  const isWanted = (path: string) =>
    !path.split('/').includes('..') && WANTED.some((pattern) => pattern.test(path));
  const files = git.filesOf(commit, ['schemas', 'apps'], isWanted);
  if (!files.some(({ path }) => path.startsWith('schemas/'))) return undefined;
  return inTemporaryFolder(files, (root) => {
    const { model, apps, sources, problems } = inspectContracts(root);
    const found = [...problems];
    const { frozen } = readHistory(root, sources, found);
    const readers = readReaderSchemas(root, sources, model?.events ?? [], apps, found);
    const errors = sources.findings(found).filter(({ severity }) => severity === 'error');
    if (errors.length > 0)
      throw new CannotCheck(
        `The contracts at ${ref} are wrong, so nothing can be compared with them:\n` +
          errors.map((finding) => `  ${ref}:${oneLine(finding)}`).join('\n'),
      );
    return { ref, commit, contracts: { apps, ...(model && { model }) }, readers, frozen };
  });
}

/** Outside of the repository, where no watcher, no lint and no commit meets them. */
function inTemporaryFolder<T>(files: readonly CommittedFile[], use: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), 'contracts-base-'));
  try {
    for (const { path, content, isLink } of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (isLink) symlinkSync(content.toString(), join(root, path));
      else writeFileSync(join(root, path), content);
    }
    return use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
