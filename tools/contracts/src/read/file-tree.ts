import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands in a folder under a name. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** Where contracts are read from: a folder, or a commit. Paths are from the root of the repository, with `/`. */
export interface FileTree {
  /** Returns what stands in the folder, nothing when there is none. Throws what Node throws when it cannot be read. */
  readonly entries: (folder: string) => readonly TreeEntry[];
  /** Returns the size of the file in bytes. Throws what Node throws when there is none. */
  readonly size: (file: string) => number;
  /** Returns what the file holds. Throws what Node throws when it cannot be read. */
  readonly bytes: (file: string) => Buffer;
}

/** Returns the files under the folder `root`. */
export function folderTree(root: string): FileTree {
  return {
    entries: (folder) => {
      try {
        return readdirSync(join(root, folder), { withFileTypes: true }).map((entry) => ({
          name: entry.name,
          kind: entry.isSymbolicLink()
            ? 'link'
            : entry.isFile()
              ? 'file'
              : entry.isDirectory()
                ? 'folder'
                : 'other',
        }));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
    size: (file) => lstatSync(join(root, file)).size,
    bytes: (file) => readFileSync(join(root, file)),
  };
}

/** Returns the same tree; a file is read when it is first asked for, and kept for those who ask again. */
export function readOnce(tree: FileTree): FileTree {
  const known = new Map<string, Buffer>();
  const bytes = (file: string): Buffer => {
    const read = known.get(file) ?? tree.bytes(file);
    known.set(file, read);
    return read;
  };
  return { ...tree, bytes };
}

/** A file of a tree that is put together from files. */
export interface TreeFile {
  readonly path: string;
  readonly bytes: () => Buffer;
  readonly isLink?: boolean;
}

/** Returns `files` as a tree; folders are there because files are in them. */
export function treeOf(files: readonly TreeFile[]): FileTree {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = new Map<string, Map<string, TreeEntry>>();
  for (const { path, isLink = false } of files) {
    let kind: TreeEntry['kind'] = isLink ? 'link' : 'file';
    const steps = path.split('/');
    for (let name = steps.pop(); name !== undefined; name = steps.pop()) {
      const folder = steps.join('/');
      const entries = folders.get(folder) ?? new Map<string, TreeEntry>();
      folders.set(folder, entries.set(name, { name, kind }));
      kind = 'folder';
    }
  }
  const bytes = (path: string): Buffer => {
    const file = byPath.get(path);
    if (file) return file.bytes();
    throw Object.assign(new Error(`there is no ${path}`), { code: 'ENOENT', path, syscall: 'open' });
  };
  return {
    entries: (folder) => [...(folders.get(folder)?.values() ?? [])],
    size: (path) => bytes(path).length,
    bytes,
  };
}
