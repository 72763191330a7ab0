/** The suites of a chart: its own, and those that the library chart has for the groups of values it imports. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { resolveTool } from '@eda/helm';
import type { Finding } from '../finding.ts';
import { copyChart, readChartFile } from '../render/chart-copy.ts';
import { runProgram } from '../run-program.ts';
import { suitePatterns } from '../suite-files.ts';

/** Returns what helm-unittest finds wrong, as one finding with its report; tells `tests` how many passed. */
export async function checkSuites(
  folder: string,
  log: (line: string) => void,
  tests: (count: number) => void,
): Promise<Finding[]> {
  const { type } = readChartFile(folder);
  if (type === 'library') return [];
  const chart = basename(folder);
  if (!existsSync(join(folder, 'tests')))
    return [{ chart, object: 'tests', reason: 'is missing; a chart has a suite for each of its templates' }];
  const program = await resolveTool('helm-unittest', { log });
  using copy = copyChart(folder);
  const files = suitePatterns(folder).flatMap((pattern) => ['--file', pattern]);
  const { code, stdout, stderr } = await runProgram(program, [
    '--strict',
    '--with-subchart=false',
    ...files,
    copy.folder,
  ]);
  const passed = Number(/^Tests:.*?(\d+) passed/m.exec(stdout)?.[1] ?? 0);
  tests(passed);
  if (code !== 0) return [{ chart, reason: `its suites fail:\n${failures(stdout)}${stderr}`.trim() }];
  return passed === 0 ? [{ chart, object: 'tests', reason: 'holds no test' }] : [];
}

/** Without what passed. */
function failures(report: string): string {
  return report
    .split('\n')
    .filter((line) => !line.startsWith(' PASS '))
    .join('\n')
    .trim();
}
