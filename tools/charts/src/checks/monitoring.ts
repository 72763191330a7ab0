/** Alerts and dashboards: their names, their pages, and the tests of the rules. */
import { basename, resolve } from 'node:path';
import { resolveTool } from '@eda/helm';
import { checkMonitoring, MonitoringError, testRules } from '@eda/monitoring';
import type { Finding } from '../finding.ts';
import { copyChart } from '../render/chart-copy.ts';

/** Returns what is wrong with the chart kafka-monitoring; nothing for other charts. */
export async function checkAlerts(folder: string, log: (line: string) => void): Promise<Finding[]> {
  const chart = basename(folder);
  if (chart !== 'kafka-monitoring') return [];
  const root = resolve(folder, '../..');
  const helm = await resolveTool('helm', { log });
  const promtool = await resolveTool('promtool', { log });
  const problems = await checkMonitoring(root);
  using copy = copyChart(folder);
  try {
    await testRules(root, { helm, promtool, chart: copy.folder });
  } catch (error) {
    if (!(error instanceof MonitoringError)) throw error;
    problems.push(error.message);
  }
  return problems.map((reason) => ({ chart, reason }));
}
