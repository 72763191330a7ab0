import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { codeOf } from './errors.ts';

/** Returns the size of every file under `folder` by relative path; files that vanish meanwhile are left out. */
export function fileSizes(folder: string): Record<string, number> {
  const sizes: Record<string, number> = {};
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const stat = entry.isFile() ? statSync(path, { throwIfNoEntry: false }) : undefined;
      if (stat) sizes[relative(folder, path)] = stat.size;
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  return sizes;
}

/** Returns the bytes of all files under `folder`. */
export function folderSize(folder: string): number {
  return Object.values(fileSizes(folder)).reduce((sum, size) => sum + size, 0);
}
