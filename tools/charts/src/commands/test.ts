/** `test [chart...]`: everything that concerns one chart, and nothing else. */
import { basename } from 'node:path';
import { checkAppContract } from '../checks/app-contract.ts';
import { checkCoverage } from '../checks/coverage.ts';
import { checkGenerated } from '../checks/generated.ts';
import { checkAlerts } from '../checks/monitoring.ts';
import { checkRenders } from '../checks/renders.ts';
import { checkSuites } from '../checks/suites.ts';
import { describeFinding, type Finding } from '../finding.ts';
import { chooseCharts } from './choose-charts.ts';
import type { CommandContext } from './validate.ts';

/** Checks the charts of these names, or all, and returns whether nothing was found. Throws `UsageError` for a chart that is not there. */
export async function testCommand(
  names: readonly string[],
  { workspace, out, log }: CommandContext,
): Promise<boolean> {
  let fine = true;
  for (const folder of chooseCharts(workspace, names)) {
    out(basename(folder));
    let tests = 0;
    const checks: [string, () => Promise<Finding[]>][] = [
      ['generated files', () => checkGenerated(folder)],
      ['suites', () => checkSuites(folder, log, (count) => (tests = count))],
      ['coverage', () => checkCoverage(folder, log)],
      ['code and chart', () => checkAppContract(folder, log)],
      ['renders', () => checkRenders(folder, log)],
      ['alerts', () => checkAlerts(folder, log)],
    ];
    for (const [title, check] of checks) {
      const began = performance.now();
      const findings = await check();
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const count = title === 'suites' ? `, ${tests} tests` : '';
      out(`  ${findings.length === 0 ? '✓' : '✗'} ${title}${count} (${seconds} s)`);
      for (const finding of findings) out(`    ${describeFinding(finding).replaceAll('\n', '\n    ')}`);
      fine &&= findings.length === 0;
    }
  }
  return fine;
}
