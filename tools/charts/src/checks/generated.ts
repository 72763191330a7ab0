/** What is generated for a chart must be what the code and the contracts lead to now. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { appChartFiles } from '../apps/app-charts.ts';
import type { Finding } from '../finding.ts';
import { undocumentedValues } from '../readme/undocumented-values.ts';
import { importedValues, readmeWithValues } from '../readme/values-table.ts';

/** Returns a finding for each generated file of the chart in `folder` that is not up to date, and for each value that it cannot describe. */
export async function checkGenerated(folder: string): Promise<Finding[]> {
  const root = resolve(folder, '../..');
  const chart = basename(folder);
  const files = [...(await appChartFiles(root)), ...readmeWithValues(folder)].filter(([file]) =>
    file.startsWith(`charts/${chart}/`),
  );
  const stale = files
    .filter(
      ([file, content]) =>
        !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== content,
    )
    .map(([file]) => ({
      chart,
      object: file.slice(`charts/${chart}/`.length),
      reason: 'is not what code, contracts and the comments of the values say; npm run generate',
    }));
  const described = importedValues(folder).map(({ path }) => path.join('.'));
  return [...stale, ...undocumentedValues(folder, described)];
}
