import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closestOf } from '../problems.ts';
import { type FileTree, type TreeFile, treeOf } from '../read/file-tree.ts';
import { CannotCheck } from './cannot-check.ts';

const MAX_OUTPUT = 512 * 1_048_576;

/** A file as a commit holds it. */
export interface CommittedFile extends TreeFile {
  /** True when it is the same where it was compared with. */
  readonly isSame: boolean;
}

/** The git repository around a folder, read only: neither work tree nor index are touched. */
export class Git {
  readonly #root: string;

  /** Throws `CannotCheck` when there is no git, or no repository. */
  constructor(root: string) {
    this.#root = root;
    const { ok, err } = this.#run(['rev-parse', '--is-inside-work-tree']);
    if (ok) return;
    throw new CannotCheck(
      err.includes('not a git repository')
        ? `${root} is in no git repository, so there is nothing to compare it with`
        : `git does not work in ${root}: ${firstLine(err)}`,
    );
  }

  /** Returns the commit that `ref` names. Throws `CannotCheck` when there is none, with what may be meant. */
  commitOf(ref: string): string {
    // A name that begins with a dash would be taken for an option.
    const { ok, out } = ref.startsWith('-')
      ? { ok: false, out: '' }
      : this.#run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    if (ok) return out.toString().trim();
    const refs = this.#lines('for-each-ref', '--format=%(refname:short)');
    const closest = refs.find((known) => known.endsWith(`/${ref}`)) ?? closestOf(ref, refs);
    if (closest !== undefined) throw new CannotCheck(`git knows no "${ref}". Did you mean "${closest}"?`);
    if (this.#lines('rev-parse', '--is-shallow-repository').includes('true'))
      throw new CannotCheck(
        `git knows no "${ref}", and this clone is shallow. Run git fetch --unshallow, ` +
          'or in a workflow give actions/checkout "fetch-depth: 0".',
      );
    const some = refs.slice(0, 5).join(', ');
    throw new CannotCheck(`git knows no "${ref}"${some === '' ? '' : `. It knows for example ${some}`}`);
  }

  /** Returns the paths in `folders` that are not as the last commit has them, new files included, from the root of the repository. */
  uncommitted(folders: readonly string[]): string[] {
    const { ok, out, err } = this.#run([
      'status',
      '--porcelain',
      '-z',
      '--no-renames',
      '--untracked-files=all',
      '--',
      ...folders,
    ]);
    if (!ok) throw new CannotCheck(`git cannot tell what is committed: ${firstLine(err)}`);
    return out
      .toString()
      .split('\0')
      .filter(Boolean)
      .map((line) => line.slice(3));
  }

  /** Returns the address of a remote, undefined when there is none of that name. */
  remote(name: string): string | undefined {
    const { ok, out } = this.#run(['remote', 'get-url', name]);
    return ok ? out.toString().trim() : undefined;
  }

  /** Returns all files that git keeps or would keep, from the root of the repository. */
  files(): string[] {
    const { ok, out, err } = this.#run(['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    if (!ok) throw new CannotCheck(`git cannot list the files: ${firstLine(err)}`);
    return [...new Set(out.toString().split('\0').filter(Boolean))].sort();
  }

  /** True when everything in `commit` is also in what is checked out. */
  isInHead(commit: string): boolean {
    return this.#run(['merge-base', '--is-ancestor', commit, 'HEAD']).ok;
  }

  /**
   * Returns the files of `commit` in `folders` whose path fits `wanted`. One that stands in `now` as it does there is read from
   * `now`, all others at once. Throws `CannotCheck` when git cannot give them.
   */
  filesOf(
    commit: string,
    folders: readonly string[],
    wanted: (path: string) => boolean,
    now: FileTree = treeOf([]),
  ): CommittedFile[] {
    const { ok, out, err } = this.#run(['ls-tree', '-r', '-z', commit, '--', ...folders]);
    if (!ok) throw new CannotCheck(`git cannot list ${commit}: ${firstLine(err)}`);
    const entries = out
      .toString()
      .split('\0')
      .flatMap((line) => {
        const [, mode = '', id = '', path = ''] = /^(\d+) blob (\w+)\t(.*)$/s.exec(line) ?? [];
        return path !== '' && wanted(path) ? [{ path, id, isLink: mode === '120000' }] : [];
      })
      .map((entry) => ({ ...entry, isSame: !entry.isLink && isBlob(now, entry.path, entry.id) }));
    const contents = this.#contents(entries.filter(({ isSame }) => !isSame).map(({ id }) => id));
    return entries.map(({ path, id, isLink, isSame }) => {
      if (isSame) return { path, isLink, isSame, bytes: () => now.bytes(path) };
      const content = contents.get(id);
      if (content) return { path, isLink, isSame, bytes: () => content };
      throw new CannotCheck(
        `git has no content of ${path} in ${commit}: this clone is a partial one. Run git fetch --refetch --no-filter`,
      );
    });
  }

  #contents(ids: readonly string[]): Map<string, Buffer> {
    const contents = new Map<string, Buffer>();
    if (ids.length === 0) return contents;
    const { ok, out, err } = this.#run(['cat-file', '--batch'], `${ids.join('\n')}\n`);
    if (!ok) throw new CannotCheck(`git cannot read the files: ${firstLine(err)}`);
    let at = 0;
    for (const id of ids) {
      const end = out.indexOf('\n', at);
      const [, size] = /^\w+ blob (\d+)$/.exec(out.subarray(at, end).toString()) ?? [];
      at = end + 1;
      if (size === undefined) continue;
      contents.set(id, out.subarray(at, at + Number(size)));
      at += Number(size) + 1;
    }
    return contents;
  }

  #lines(...args: readonly string[]): string[] {
    return this.#run(args).out.toString().split('\n').filter(Boolean);
  }

  #run(args: readonly string[], input?: string): { ok: boolean; out: Buffer; err: string } {
    const { status, stdout, stderr, error } = spawnSync('git', ['-C', this.#root, ...args], {
      input,
      maxBuffer: MAX_OUTPUT,
      // What git says is read here, so it has to be in one language.
      env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
    });
    if (error)
      throw new CannotCheck(
        (error as NodeJS.ErrnoException).code === 'ENOENT'
          ? 'git is not installed, or not in PATH'
          : `git cannot be run: ${error.message}`,
      );
    return { ok: status === 0, out: stdout, err: stderr.toString() };
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

/** True when the file is what git keeps under `id`. */
function isBlob(tree: FileTree, path: string, id: string): boolean {
  try {
    const bytes = tree.bytes(path);
    const hash = createHash(id.length === 40 ? 'sha1' : 'sha256')
      .update(`blob ${bytes.length}\0`)
      .update(bytes);
    return hash.digest('hex') === id;
  } catch {
    // It is not there, or no file: what is wrong with it is told elsewhere.
    return false;
  }
}
