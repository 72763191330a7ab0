/** Which charts a command is about. */
import { basename, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { chartFolders } from '../render/variants.ts';

/** Returns the folders of the charts of these names, or of all. Throws `UsageError` for a chart that is not there. */
export function chooseCharts(workspace: string, names: readonly string[]): string[] {
  const all = chartFolders(join(workspace, 'charts'));
  const known = all.map((folder) => basename(folder));
  const absent = names.find((name) => !known.includes(name));
  if (absent !== undefined)
    throw new UsageError(`There is no chart "${absent}". Charts: ${known.join(', ')}.`);
  return all.filter((folder) => names.length === 0 || names.includes(basename(folder)));
}
