/** Dashboards are what the code writes, and each panel says what it shows, in which unit, of metrics that there are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART, filesIn } from '../chart.ts';
import { renderDashboards } from '../dashboards/all.ts';
import { type Dashboard, DATASOURCE, type Panel, type Variable } from '../dashboards/model.ts';
import { lookupIn } from '../known-metrics.ts';
import type { Sample } from '../metric-list.ts';
import { analyse, type Lookup } from '../promql.ts';

/** Returns what is wrong with the dashboards of the chart in the workspace `root`. */
export function checkDashboards(root: string, known: ReadonlyMap<string, Sample>): string[] {
  const rendered = renderDashboards();
  const lookup = lookupIn(known);
  const there = filesIn(root, 'dashboards', '.json');
  const problems = there
    .filter((name) => !rendered.has(name))
    .map((name) => `${CHART}/dashboards/${name}: is made by nothing; remove it.`);
  const uids = new Set<string>();
  for (const [name, text] of rendered) {
    const file = `${CHART}/dashboards/${name}`;
    if (!there.includes(name) || readFileSync(join(root, file), 'utf8') !== text)
      problems.push(
        `${file}: is not what the code says; node tools/monitoring/src/main.ts generate writes it.`,
      );
    const dashboard = JSON.parse(text) as Dashboard;
    if (uids.has(dashboard.uid))
      problems.push(`${file}: the uid ${dashboard.uid} is taken by another dashboard.`);
    uids.add(dashboard.uid);
    problems.push(...lintDashboard(dashboard, lookup).map((problem) => `${file}: ${problem}`));
  }
  return problems;
}

/** Returns what is wrong with one dashboard. */
export function lintDashboard(dashboard: Dashboard, lookup: Lookup): string[] {
  const { panels, templating } = dashboard;
  const variables = templating.list;
  const problems = [
    ...duplicates(panels.map(({ id }) => id)).map((id) => `the id ${id} has two panels.`),
    ...duplicates(panels.map(({ title }) => title)).map((title) => `two panels are called "${title}".`),
    ...overlaps(panels).map(([a, b]) => `the panels "${a}" and "${b}" lie on each other.`),
  ];
  if (dashboard.uid === '' || dashboard.title === '' || dashboard.description === '')
    problems.push('needs uid, title and description.');
  if (!variables.some(({ type, name }) => type === 'datasource' && name === 'datasource'))
    problems.push('has no variable "datasource".');
  const texts = JSON.stringify([panels, variables.map(({ query }) => query)]);
  for (const { name } of variables)
    if (!texts.includes(`$${name}`) && !texts.includes(`\${${name}}`))
      problems.push(`the variable ${name} is used by nothing.`);
  for (const variable of variables) problems.push(...lintVariable(variable, lookup));
  for (const panel of panels)
    problems.push(...lintPanel(panel, lookup).map((problem) => `"${panel.title}": ${problem}`));
  return problems;
}

function lintPanel(panel: Panel, lookup: Lookup): string[] {
  if (panel.type === 'row') return [];
  const problems: string[] = [];
  if (!panel.description) problems.push('has no description.');
  if (panel.datasource?.uid !== DATASOURCE.uid)
    problems.push('does not take its data from the variable "datasource".');
  if (!panel.fieldConfig?.defaults.unit) problems.push('has no unit.');
  const refs = (panel.targets ?? []).map(({ refId }) => refId);
  if (refs.length === 0) problems.push('asks for nothing.');
  problems.push(...duplicates(refs).map((ref) => `two queries are called ${ref}.`));
  for (const { refId, expr, legendFormat } of panel.targets ?? []) {
    const analysis = analyse(withoutVariables(expr), lookup);
    problems.push(...analysis.problems.map((problem) => `query ${refId} ${problem}.`));
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    if (analysis.problems.length === 0)
      for (const label of named)
        if (!analysis.labels.has(label))
          problems.push(`the legend of query ${refId} names ${label}, which its result does not have.`);
  }
  return problems;
}

/** `label_values(<selector>, <label>)` is not PromQL; its selector is. */
function lintVariable({ name, type, query }: Variable, lookup: Lookup): string[] {
  if (type !== 'query') return [];
  const [, selector = '', label = ''] = /^label_values\((.+), ?(\w+)\)$/.exec(query) ?? [];
  if (label === '')
    return [`the variable ${name} asks for "${query}", which is no label_values(selector, label).`];
  const { problems, labels } = analyse(withoutVariables(selector), lookup);
  return [
    ...problems.map((problem) => `the variable ${name} ${problem}.`),
    ...(problems.length === 0 && !labels.has(label)
      ? [`the variable ${name} asks for the label ${label}, which nothing in it has.`]
      : []),
  ];
}

/** Grafana fills its variables before Prometheus sees a query. */
export function withoutVariables(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__range', '1h')
    .replaceAll(/\$\{?\w+\}?/g, 'x');
}

const duplicates = <T>(values: readonly T[]) => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];

function overlaps(panels: readonly Panel[]): [string, string][] {
  const found: [string, string][] = [];
  for (const [index, a] of panels.entries())
    for (const b of panels.slice(index + 1)) {
      const apart =
        a.gridPos.x + a.gridPos.w <= b.gridPos.x ||
        b.gridPos.x + b.gridPos.w <= a.gridPos.x ||
        a.gridPos.y + a.gridPos.h <= b.gridPos.y ||
        b.gridPos.y + b.gridPos.h <= a.gridPos.y;
      if (!apart) found.push([a.title, b.title]);
    }
  return found;
}
