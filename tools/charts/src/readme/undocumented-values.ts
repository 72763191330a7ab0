/** Values without a description, which the tables of the READMEs therefore leave out. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { Finding } from '../finding.ts';
import { documentedValues } from './documented-values.ts';

/**
 * Returns a finding for each value in the values.yaml of the chart in `folder` that neither itself nor the object it is in describes.
 * What a chart sets of an imported value is described where that comes from.
 */
export function undocumentedValues(folder: string, described: readonly string[] = []): Finding[] {
  const text = readFileSync(join(folder, 'values.yaml'), 'utf8');
  const known = new Set([...described, ...documentedValues(text).map(({ path }) => path.join('.'))]);
  return leaves(parse(text))
    .filter((path) => !path.some((_, index) => known.has(path.slice(0, index + 1).join('.'))))
    .map((path) => ({
      chart: basename(folder),
      object: 'values.yaml',
      path: path.join('.'),
      reason: 'is described nowhere; put a comment "# -- What it is." above it',
    }));
}

/** The paths of what is no object, or an empty one. */
function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return path.length === 0 ? [] : [path];
  const entries = Object.entries(value);
  if (entries.length === 0 && path.length > 0) return [path];
  return entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
