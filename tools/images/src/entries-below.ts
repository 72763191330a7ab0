import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Entry {
  /** Relative to the folder that was asked for, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
}

/** Returns what stands below `folder`, sorted. It looks into folders unless `enters` says no, and never follows a link. */
export function entriesBelow(
  folder: string,
  enters: (name: string) => boolean = () => true,
  below = '',
): Entry[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): Entry[] => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isSymbolicLink()) return [{ path, kind: 'link' }];
      if (!entry.isDirectory()) return [{ path, kind: 'file' }];
      return [{ path, kind: 'folder' }, ...(enters(entry.name) ? entriesBelow(folder, enters, path) : [])];
    });
}
