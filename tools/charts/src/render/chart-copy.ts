/**
 * A copy of a chart that Helm can render as it is. `helm dependency build` would pack the library into the chart's own folder, where it
 * is in the way of whoever changes the library and of whoever renders at the same time.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ChartError } from '../errors.ts';

export interface ChartFile {
  readonly name: string;
  readonly version: string;
  readonly type?: string;
  readonly kubeVersion?: string;
  readonly dependencies?: readonly {
    readonly name: string;
    readonly version: string;
    readonly repository?: string;
    readonly alias?: string;
    readonly 'import-values'?: readonly string[];
  }[];
}

/** Returns the Chart.yaml of a folder. Throws a `ChartError` when there is none. */
export function readChartFile(folder: string): ChartFile {
  const file = join(folder, 'Chart.yaml');
  if (!existsSync(file)) throw new ChartError(`${folder} is no chart: it has no Chart.yaml.`);
  return parse(readFileSync(file, 'utf8')) as ChartFile;
}

export interface ChartCopy extends Disposable {
  readonly folder: string;
}

/** Copies the chart in `folder` with the charts it depends on; disposing removes the copy. Throws a `ChartError`. */
export function copyChart(folder: string): ChartCopy {
  const temporary = mkdtempSync(join(tmpdir(), 'chart-'));
  const copy = join(temporary, basename(folder));
  const dispose = () => rmSync(temporary, { recursive: true, force: true });
  try {
    copyInto(copy, folder);
  } catch (error) {
    dispose();
    throw error;
  }
  return { folder: copy, [Symbol.dispose]: dispose };
}

const FILE = 'file://';

function copyInto(copy: string, folder: string): void {
  const { name: chart, dependencies = [] } = readChartFile(folder);
  const packed = join(folder, 'charts');
  cpSync(folder, copy, { recursive: true, filter: (path) => path !== packed });
  for (const { name, version, repository = '', alias } of dependencies) {
    if (!repository.startsWith(FILE)) {
      throw new ChartError(
        `${chart}: dependencies.${name}: comes from "${repository}"; only charts of this repository can be rendered, name ${FILE}../${name}`,
      );
    }
    const from = resolve(folder, repository.slice(FILE.length));
    const found = readChartFile(from).version;
    if (found !== version) {
      throw new ChartError(
        `${chart}: dependencies.${name}: asks for version ${version}, and ${from} is ${found}; change one of them`,
      );
    }
    copyInto(join(copy, 'charts', alias ?? name), from);
  }
}
