/** `generate`: writes what the charts of the apps have from code and contracts. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appChartFiles } from '../apps/app-charts.ts';
import type { CommandContext } from './validate.ts';

/** Writes the generated files of the charts and tells which changed. */
export async function generateCommand({ workspace, out }: CommandContext): Promise<void> {
  for (const [file, content] of await appChartFiles(workspace)) {
    const path = join(workspace, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    writeFileSync(path, content);
    out(`${file} written`);
  }
}
