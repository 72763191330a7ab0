/** The chart as its files say: rules with the default values in them, and dashboards. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { MonitoringError } from './errors.ts';

/** Where the chart stands in the workspace. */
export const CHART = 'charts/kafka-monitoring';
/** Where the runbooks stand in the workspace. */
export const RUNBOOKS = 'docs/runbooks';

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The file it stands in, from the workspace. */
  readonly file: string;
}

/** A rule that is an alert. */
export type Alert = Rule & { readonly alert: string };

export interface Rules {
  readonly rules: readonly Rule[];
  /** Names in the values that no rule uses, and names in rules that no value has. */
  readonly problems: readonly string[];
}

export const alertsOf = (rules: readonly Rule[]): Alert[] =>
  rules.filter((rule): rule is Alert => rule.alert !== undefined);

/** Returns all rules of the chart in the workspace `root`, `[[name]]` filled with the default values. */
export function readRules(root: string): Rules {
  const values = parse(readFileSync(join(root, CHART, 'values.yaml'), 'utf8')) as Record<string, object>;
  const fillings = new Map([
    ...flat(values['thresholds'] ?? {}),
    ...flat({ namespaces: values['namespaces'] ?? {} }),
  ]);
  const unused = new Set(fillings.keys());
  const problems: string[] = [];
  const rules: Rule[] = [];
  for (const name of filesIn(root, 'rules', '.yaml')) {
    const file = `${CHART}/rules/${name}`;
    const text = readFileSync(join(root, file), 'utf8')
      .replaceAll(/^\s*#.*$/gm, '')
      .replaceAll(/\[\[(.+?)\]\]/g, (_, key: string) => {
        unused.delete(key);
        if (!fillings.has(key))
          problems.push(`${file}: [[${key}]] is no threshold in ${CHART}/values.yaml; add it there.`);
        return fillings.get(key) ?? '0';
      });
    const { groups } = parse(text) as { groups: { rules: Omit<Rule, 'file'>[] }[] };
    for (const group of groups) rules.push(...group.rules.map((rule) => ({ ...rule, file })));
  }
  for (const key of unused)
    problems.push(`${CHART}/values.yaml: ${key} is used by no rule; remove it, or write [[${key}]] in one.`);
  return { rules, problems };
}

export interface Dashboard {
  /** From the workspace. */
  readonly file: string;
  readonly content: unknown;
}

/** Returns the dashboards of the chart in the workspace `root`. */
export function readDashboards(root: string): Dashboard[] {
  return filesIn(root, 'dashboards', '.json').map((name) => {
    const file = `${CHART}/dashboards/${name}`;
    return { file, content: JSON.parse(readFileSync(join(root, file), 'utf8')) as unknown };
  });
}

/** Returns the names of the files with `extension` in a folder of the chart, in order. */
export function filesIn(root: string, folder: string, extension: string): string[] {
  const path = join(root, CHART, folder);
  if (!existsSync(path)) throw new MonitoringError(`${CHART}/${folder}: is missing.`);
  return readdirSync(path)
    .filter((name) => name.endsWith(extension))
    .map((name) => basename(name))
    .sort();
}

const flat = (values: object, prefix = ''): [string, string][] =>
  Object.entries(values).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? flat(value, `${prefix}${key}.`)
      : [[`${prefix}${key}`, String(value)]],
  );
