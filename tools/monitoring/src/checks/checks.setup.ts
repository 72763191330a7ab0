/** A copy of what the checks read, in which a test may break something. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHART, RUNBOOKS } from '../chart.ts';

const WORKSPACE = join(import.meta.dirname, '../../../..');

export interface WorkspaceCopy extends Disposable {
  readonly root: string;
  /** Replaces text in a file; it must be there. */
  edit(file: string, from: string, to: string): void;
}

/** Returns a copy of the chart's rules, tests, dashboards and values, of the runbooks and of the list of our metrics. */
export function copyWorkspace(): WorkspaceCopy {
  const root = mkdtempSync(join(tmpdir(), 'eda-monitoring-'));
  for (const part of ['rules', 'promtool', 'dashboards', 'values.yaml']
    .map((name) => `${CHART}/${name}`)
    .concat(RUNBOOKS, 'docs/metrics.md'))
    cpSync(join(WORKSPACE, part), join(root, part), { recursive: true });
  return {
    root,
    edit: (file, from, to) => {
      const path = join(root, file);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not hold "${from}"`);
      writeFileSync(path, text.replaceAll(from, to));
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
