/** The suites of a chart: its own, and those that the library chart has for the groups of values it imports. */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { readChartFile } from './render/chart-copy.ts';

const SUITES = '*_test.yaml';

/** Returns patterns below a chart's copy that name all suites of the chart in `folder`. */
export function suitePatterns(folder: string): string[] {
  const { dependencies = [] } = readChartFile(folder);
  // Only an app's chart is all of the library's; others take parts of it.
  const isApp = existsSync(join(folder, 'contract.generated.yaml'));
  const shared = (isApp ? dependencies : []).flatMap(({ name, 'import-values': groups = [] }) =>
    groups.map((group) => `charts/${name}/suites/${group}/${SUITES}`),
  );
  return [`tests/${SUITES}`, ...shared];
}

/** Returns the files of all suites in a chart's copy, by name. */
export function suiteFiles(copy: string): string[] {
  return suitePatterns(copy)
    .flatMap((pattern) => globSync(pattern, { cwd: copy }).sort())
    .map((file) => join(copy, file));
}
