/** How large an image is, without Node and the system under it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { entriesBelow } from './entries-below.ts';

const MEGABYTE = 1e6;
/** What the app and its dependencies may take together. */
export const BUDGET_BYTES = 40 * MEGABYTE;
const SHOWN = 5;

export interface TreeSize {
  readonly bytes: number;
  readonly files: number;
  /** Bytes of each package, of `apps`, `libs`, `tools`, `schemas` and `dist`; the largest first. */
  readonly parts: readonly (readonly [name: string, bytes: number])[];
}

/** Measures the files of the tree. */
export function treeSize(tree: string): TreeSize {
  const parts = new Map<string, number>();
  let bytes = 0;
  let files = 0;
  for (const { path, kind } of entriesBelow(tree)) {
    if (kind !== 'file') continue;
    const { size } = statSync(join(tree, path));
    const part = partOf(path.split('/'));
    parts.set(part, (parts.get(part) ?? 0) + size);
    bytes += size;
    files += 1;
  }
  return { bytes, files, parts: [...parts].sort(([, a], [, b]) => b - a) };
}

/** The innermost package, or the folder at the top. */
function partOf(path: readonly string[]): string {
  const at = path.lastIndexOf('node_modules');
  if (at === -1) return path[0] ?? '';
  return path.slice(0, at + (path[at + 1]?.startsWith('@') === true ? 3 : 2)).join('/');
}

/** Says how large the image is and what takes most of it. */
export function describeSize(app: string, { bytes, files, parts }: TreeSize): string {
  const largest = parts.slice(0, SHOWN).map(([name, size]) => `  ${megabytes(size).padStart(8)}  ${name}`);
  return [
    `${app}: ${megabytes(bytes)} in ${files} files, of ${megabytes(BUDGET_BYTES)} at most. The largest parts:`,
    ...largest,
    '',
  ].join('\n');
}

/** Returns why the image is too large, or nothing. */
export function overBudget(app: string, { bytes }: TreeSize, budget = BUDGET_BYTES): string | undefined {
  if (bytes <= budget) return undefined;
  return (
    `The image of ${app} is ${megabytes(bytes - budget)} larger than the ${megabytes(budget)} it may have. ` +
    'Do without one of the parts above, or leave out more in tools/images/src/left-out.ts.'
  );
}

const megabytes = (bytes: number) => `${(bytes / MEGABYTE).toFixed(1)} MB`;
