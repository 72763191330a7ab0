/** `generate`: writes what the charts have from code, contracts and the comments of their values. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appChartFiles } from '../apps/app-charts.ts';
import { readmeWithValues } from '../readme/values-table.ts';
import { chartFolders } from '../render/variants.ts';
import type { CommandContext } from './validate.ts';

/** Writes the generated files of the charts and tells which changed. */
export async function generateCommand({ workspace, out }: CommandContext): Promise<void> {
  const write = ([file, content]: readonly [string, string]) => {
    const path = join(workspace, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
    writeFileSync(path, content);
    out(`${file} written`);
  };
  for (const file of await appChartFiles(workspace)) write(file);
  for (const folder of chartFolders(join(workspace, 'charts')))
    for (const file of readmeWithValues(folder)) write(file);
}
