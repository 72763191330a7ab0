/** All checks of the chart kafka-monitoring that need nothing but the files of the workspace. */
import { alertsOf, readRules } from './chart.ts';
import { checkAlerts } from './checks/alerts.ts';
import { checkDashboards } from './checks/dashboards.ts';
import { checkExpressions } from './checks/expressions.ts';
import { checkRuleTests } from './checks/rule-tests.ts';
import { checkRunbooks } from './checks/runbooks.ts';
import { lookupIn, readKnownMetrics } from './known-metrics.ts';

/** Resolves with what is wrong with the alerts, runbooks and dashboards of the workspace `root`, one line each, with the way to mend it. */
// eslint-disable-next-line @typescript-eslint/require-await -- others call it as a step that may take its time
export async function checkMonitoring(root: string): Promise<string[]> {
  const { rules, problems } = readRules(root);
  const alerts = alertsOf(rules);
  const known = readKnownMetrics(root);
  return [
    ...problems,
    ...checkExpressions(rules, known),
    ...checkAlerts(alerts),
    ...checkRunbooks(root, alerts, lookupIn(known)),
    ...checkRuleTests(root, alerts),
    ...checkDashboards(root, known),
  ];
}
