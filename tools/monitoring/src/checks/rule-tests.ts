/** Every alert is seen to fire and seen to be silent in the tests for promtool. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Alert, CHART, filesIn } from '../chart.ts';

interface RuleTests {
  readonly tests: readonly {
    readonly promql_expr_test?: readonly {
      readonly expr: string;
      readonly exp_samples: readonly unknown[];
    }[];
  }[];
}

/** Returns the alerts of which the tests in the workspace `root` do not show both, and the tests of alerts there are none of. */
export function checkRuleTests(root: string, alerts: readonly Alert[]): string[] {
  const fires = new Set<string>();
  const silent = new Set<string>();
  const problems: string[] = [];
  const names = new Set(alerts.map(({ alert }) => alert));
  for (const name of filesIn(root, 'promtool', '.yaml')) {
    const file = `${CHART}/promtool/${name}`;
    const { tests } = parse(readFileSync(join(root, file), 'utf8')) as RuleTests;
    for (const { expr, exp_samples: samples } of tests.flatMap((test) => test.promql_expr_test ?? [])) {
      const alert = /^ALERTS\{alertname="(\w+)", alertstate="firing"\}$/.exec(expr)?.[1];
      if (alert === undefined) continue;
      if (!names.has(alert)) problems.push(`${file}: tests ${alert}, which is no alert; remove the test.`);
      (samples.length > 0 ? fires : silent).add(alert);
    }
  }
  for (const { alert, file } of alerts) {
    if (!fires.has(alert))
      problems.push(`${file}: ${alert}: no test in ${CHART}/promtool sees it fire; add one.`);
    if (!silent.has(alert))
      problems.push(`${file}: ${alert}: no test in ${CHART}/promtool sees it silent; add one.`);
  }
  return problems;
}
