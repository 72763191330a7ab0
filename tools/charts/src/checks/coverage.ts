/** Nothing of a chart is without a test: every template, both sides of every branch, every value. */
import { basename, resolve } from 'node:path';
import { coverageFindings } from '../chart-coverage/coverage-findings.ts';
import type { Finding } from '../finding.ts';

/** Returns what no suite and no variant of the chart in `folder` sees of it. */
export async function checkCoverage(folder: string, log: (line: string) => void): Promise<Finding[]> {
  return coverageFindings(resolve(folder, '../..'), basename(folder), log);
}
