/** The sets of values that a chart is checked with. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Variant {
  readonly name: string;
  /** Values files, the last one wins. */
  readonly files: readonly string[];
}

const SUFFIX = '-values.yaml';

/** What a chart gets besides in every environment: what it deploys, from the contracts. */
const GENERATED = 'values.generated.yaml';

/**
 * Returns the variants of the chart in `folder`: each of its ci/*-values.yaml, then, when there is `environments` (gitops/envs), the
 * files of each environment for an app of the chart's name, in the order of their names and after what is generated for the chart.
 */
export function variantsOf(folder: string, environments?: string): Variant[] {
  const own = entries(join(folder, 'ci'))
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => ({ name: file.slice(0, -SUFFIX.length), files: [join(folder, 'ci', file)] }));
  const chart = basename(folder);
  const generated = entries(folder)
    .filter((file) => file === GENERATED)
    .map((file) => join(folder, file));
  const deployed = (environments === undefined ? [] : entries(environments)).flatMap((environment) => {
    const app = join(environments ?? '', environment, chart);
    const files = entries(app).filter((file) => file.endsWith('.yaml'));
    return files.length === 0
      ? []
      : [{ name: `env ${environment}`, files: [...generated, ...files.map((file) => join(app, file))] }];
  });
  return [...own, ...deployed];
}

/** Returns the folders of the charts below `charts` that can be installed or are a library, by name. */
export function chartFolders(charts: string): string[] {
  return entries(charts)
    .map((name) => join(charts, name, 'Chart.yaml'))
    .filter((file) => existsSync(file))
    .map((file) => dirname(file));
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
