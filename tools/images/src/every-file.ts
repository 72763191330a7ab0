import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Returns every file below `folder`, sorted, with `/` and relative to it; without nested `node_modules` and without links. */
export function everyFile(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : everyFile(folder, path);
      return entry.isFile() ? [path] : [];
    });
}
