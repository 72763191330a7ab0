import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What stands in a folder; paths from the root of the repository, with `/`, sorted, so that every run sees the same order. */
export interface Listing {
  readonly files: readonly string[];
  /** Symbolic links, to files or folders. They are not followed, so a circle of them ends. */
  readonly links: readonly string[];
}

/** Lists `folder` with everything in it, except what is installed (`node_modules`). Throws what Node throws when it cannot be read. */
export function listFolder(root: string, folder: string): Listing {
  const files: string[] = [];
  const links: string[] = [];
  const open = [folder];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const entry of readdirSync(join(root, current), { withFileTypes: true })) {
      const path = `${current}/${entry.name}`;
      if (entry.isSymbolicLink()) links.push(path);
      else if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && entry.name !== 'node_modules') open.push(path);
    }
  }
  return { files: files.sort(), links: links.sort() };
}

/** Returns the paths under `folder` (from `root`) that fit `pattern`, sorted. */
export function listFiles(root: string, folder: string, pattern: RegExp): string[] {
  return listFolder(root, folder).files.filter((file) => pattern.test(file));
}
