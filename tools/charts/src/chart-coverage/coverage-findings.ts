/** What of a chart no test and no variant sees: templates, sides of branches, values. */
import { basename, join } from 'node:path';
import { ChartError } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { readChartFile } from '../render/chart-copy.ts';
import { chartFolders } from '../render/variants.ts';
import { coverageReport, type Report, type Side } from './report.ts';

/**
 * Returns what is never rendered, taken or read in the suites and variants of a chart below `root`/charts. A library is held against
 * those of all charts that build on it.
 */
export async function coverageFindings(
  root: string,
  chart: string,
  log: (line: string) => void = () => undefined,
): Promise<Finding[]> {
  const folder = join(root, 'charts', chart);
  try {
    if (readChartFile(folder).type !== 'library')
      return findingsOf(chart, await coverageReport(folder, { log }));
    const reports: Report[] = [];
    for (const user of usersOf(folder)) reports.push(await coverageReport(user, { log, values: false }));
    return libraryFindings(chart, reports);
  } catch (error) {
    if (!(error instanceof ChartError)) throw error;
    return [{ chart, reason: `nothing can be told of what its tests see: ${error.message}` }];
  }
}

/** Returns what a report says of a chart itself, and of the library as far as the chart's values lead into it. */
export function findingsOf(chart: string, { templates, sides, values }: Report): Finding[] {
  return [
    ...templates
      .filter(({ documents }) => !documents)
      .map(({ file }) => ({
        chart,
        object: file,
        reason: 'no test gets a document of it; add one that looks at what it renders',
      })),
    ...sides
      .filter(({ seen, by, ...side }) => !seen && (side.chart === chart || by !== undefined))
      .map((side) => ({ chart, ...sideFinding(chart, side) })),
    ...values
      .filter(({ used }) => !used)
      .map(({ path, own }) => ({
        chart,
        object: own ? 'values.yaml' : 'imported values',
        path,
        reason:
          'nothing changes in any test or variant when it is another; remove it, or add a test in which it matters',
      })),
  ];
}

/** Returns the sides of a library's branches to which none of the reports comes. */
export function libraryFindings(chart: string, reports: readonly Report[]): Finding[] {
  const sides = new Map<string, Side>();
  for (const side of reports.flatMap((report) => report.sides)) {
    if (side.chart !== chart) continue;
    const key = [side.file, side.line, side.kind, side.side, side.text].join('\n');
    sides.set(key, { ...side, seen: side.seen || (sides.get(key)?.seen ?? false) });
  }
  return [...sides.values()]
    .filter(({ seen }) => !seen)
    .map(({ file, line, ...side }) => ({
      chart,
      object: `${file}:${line}`,
      reason: `${never(side)} in a test or a variant of any chart; add a test to the suites, or take it out`,
    }));
}

function sideFinding(
  chart: string,
  { chart: owner, file, line, by, ...side }: Side,
): Pick<Finding, 'object' | 'reason'> {
  const way = by === undefined ? '' : `, though another value of ${by} leads there`;
  return {
    object: `${owner === chart ? '' : `${owner}/`}${file}:${line}`,
    reason: `${never(side)} in a test or a variant${way}; add a test${by === undefined ? ', or take it out' : ''}`,
  };
}

const LONG = 80;

function never({ kind, text, side }: Pick<Side, 'kind' | 'text' | 'side'>): string {
  if (kind === 'define') return `"${text}" is never included`;
  const shown = text.length > LONG ? `${text.slice(0, LONG)}…` : text;
  const [filled, empty] = kind === 'if' ? ['true', 'false'] : ['filled', 'empty'];
  return `\`${kind} ${shown}\` is never ${side ? filled : empty}`;
}

/** The charts beside the library that build on it. */
function usersOf(folder: string): string[] {
  const { name } = readChartFile(folder);
  return chartFolders(join(folder, '..')).filter(
    (user) =>
      readChartFile(user).dependencies?.some(
        ({ name: used, repository }) => used === name && repository === `file://../${basename(folder)}`,
      ) ?? false,
  );
}
