/** The alerts as the chart renders them, through promtool. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { CHART, filesIn } from './chart.ts';
import { MonitoringError } from './errors.ts';

export interface TestRulesOptions {
  /** Programs, when they are not those on the PATH. */
  readonly helm?: string;
  readonly promtool?: string;
  /** The chart with its dependencies, when that is not the workspace's own folder of it. */
  readonly chart?: string;
  /** More arguments of `helm template`, for example `--set`. */
  readonly arguments?: readonly string[];
}

/**
 * Renders the chart of the workspace `root` (its dependencies have to be there: `helm dependency build`), checks its rules and runs their
 * tests; resolves with what promtool says. Throws a `MonitoringError` with its words when a rule or a test fails.
 */
export async function testRules(root: string, options: TestRulesOptions = {}): Promise<string> {
  const { helm = 'helm', promtool = 'promtool' } = options;
  const folder = await mkdtemp(join(tmpdir(), 'eda-monitoring-'));
  try {
    const chart = await run(helm, [
      'template',
      'monitoring',
      options.chart ?? join(root, CHART),
      ...(options.arguments ?? []),
    ]);
    await writeFile(join(folder, 'rules.yaml'), rulesOf(chart));
    const tests = filesIn(root, 'promtool', '.yaml');
    for (const name of tests) await copyFile(join(root, CHART, 'promtool', name), join(folder, name));
    const checked = await run(promtool, ['check', 'rules', '--lint-fatal', 'rules.yaml'], folder);
    return `${checked}${await run(promtool, ['test', 'rules', ...tests], folder)}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the groups of all PrometheusRules in a render, as Prometheus reads them. */
export function rulesOf(render: string): string {
  const groups = parseAllDocuments(render)
    .map((document) => document.toJS() as { kind?: string; spec?: { groups: unknown[] } } | null)
    .flatMap((object) => (object?.kind === 'PrometheusRule' ? (object.spec?.groups ?? []) : []));
  if (groups.length === 0) throw new MonitoringError('The chart renders no PrometheusRule.');
  return stringify({ groups });
}

async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    return (
      await promisify(execFile)(program, args, { maxBuffer: 16 << 20, ...(cwd === undefined ? {} : { cwd }) })
    ).stdout;
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 'ENOENT')
      throw new MonitoringError(
        `There is no ${program} on the PATH; node tools/helm/src/main.ts ${program} --path finds or builds one.`,
      );
    throw new MonitoringError(`${program} ${args[0] ?? ''} fails:\n${`${stdout}${stderr}`.trim()}`);
  }
}
