import type { FileTree } from './file-tree.ts';

/** What stands in a folder; paths from the root of the repository, with `/`, sorted, so that every run sees the same order. */
export interface Listing {
  readonly files: readonly string[];
  /** Symbolic links, to files or folders. They are not followed, so a circle of them ends. */
  readonly links: readonly string[];
}

/** Lists `folder` with everything in it, except what is installed (`node_modules`). Throws what Node throws when it cannot be read. */
export function listFolder(tree: FileTree, folder: string): Listing {
  const files: string[] = [];
  const links: string[] = [];
  const open = [folder];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const { name, kind } of tree.entries(current)) {
      const path = `${current}/${name}`;
      if (kind === 'link') links.push(path);
      else if (kind === 'file') files.push(path);
      else if (kind === 'folder' && name !== 'node_modules') open.push(path);
    }
  }
  return { files: files.sort(), links: links.sort() };
}

/** Returns the paths under `folder` that fit `pattern`, sorted. */
export function listFiles(tree: FileTree, folder: string, pattern: RegExp): string[] {
  return listFolder(tree, folder).files.filter((file) => pattern.test(file));
}

/** True when there is something, a link too, at `path`. */
export function isThere(tree: FileTree, path: string): boolean {
  const end = path.lastIndexOf('/');
  return tree.entries(path.slice(0, Math.max(0, end))).some(({ name }) => name === path.slice(end + 1));
}
