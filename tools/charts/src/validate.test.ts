import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeFinding } from './finding.ts';
import { EXCEPTIONS_FILE } from './policies/exceptions.ts';
import { type TinyChart, tinyChart } from './render/tiny-chart.setup.ts';
import { validateChart, type ValidationTools, type VariantOutcome } from './validate.ts';
import { validationTools } from './validation-tools.ts';

let tools: ValidationTools;

beforeAll(async () => {
  tools = await validationTools((line) => process.stderr.write(`${line}\n`));
}, 600_000);

const LABELS = `
  labels:
    app.kubernetes.io/name: tiny
    app.kubernetes.io/instance: {{ .Release.Name }}
    app.kubernetes.io/version: 1.0.0
    app.kubernetes.io/managed-by: {{ .Release.Service }}
    app.kubernetes.io/part-of: eda-blueprint
    helm.sh/chart: tiny-0.1.0`;

/** A ConfigMap that nothing is wrong with, with `data` and what stands in its head. */
const configMap = (data = '{}', head = '') => `${head}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}${LABELS}
data: ${data}
`;

const chartWith = (template: string, more: Readonly<Record<string, string>> = {}) =>
  tinyChart({ 'templates/config-map.yaml': template, ...more });

async function found({ folder }: TinyChart, environments?: string): Promise<string[]> {
  const findings = await validateChart(folder, {
    tools,
    ...(environments === undefined ? {} : { environments }),
  });
  return findings.map(describeFinding);
}

describe('The validation of a chart', () => {
  it('has nothing against a chart that is as it should be, and tells each variant', async () => {
    const outcomes: VariantOutcome[] = [];
    const { folder } = chartWith(configMap(), { 'ci/more-values.yaml': 'replicas: 3' });
    expect(await validateChart(folder, { tools, onVariant: (outcome) => outcomes.push(outcome) })).toEqual(
      [],
    );
    expect(outcomes).toEqual([
      { chart: 'tiny', variant: 'default', objects: 1, findings: [] },
      { chart: 'tiny', variant: 'more', objects: 1, findings: [] },
    ]);
  });

  it('finds what a schema says, once for all releases of Kubernetes', async () => {
    expect(await found(chartWith(configMap('{ replicas: {{ .Values.replicas }} }')))).toEqual([
      'tiny (default): ConfigMap/tiny: data.replicas: got number, want string; ConfigMap of v1 says so',
    ]);
  });

  it('finds what only one release of Kubernetes refuses', async () => {
    const head = '{{ $old := semverCompare "<1.31.0-0" .Capabilities.KubeVersion.Version }}';
    expect(await found(chartWith(configMap('{ old: {{ ternary "1" "text" $old }} }', head)))).toEqual([
      'tiny (default): ConfigMap/tiny: data.old: got number, want string; ConfigMap of v1 says so (Kubernetes 1.30.14)',
    ]);
  });

  it('finds what a policy says', async () => {
    const unlabelled = configMap().replace('    helm.sh/chart: tiny-0.1.0', '');
    expect(await found(chartWith(unlabelled))).toEqual([
      'tiny (default): ConfigMap/tiny: metadata.labels["helm.sh/chart"]: is missing; use the labels of the library chart [labels-and-namespace]',
    ]);
  });

  it('finds what is random, in the template and in the render', async () => {
    const [call, render, ...more] = await found(chartWith(configMap('{ a: {{ randAlphaNum 9 | quote }} }')));
    expect(call).toMatch(/^tiny: templates\/config-map\.yaml:14: randAlphaNum is random, /);
    expect(render).toMatch(
      /^tiny \(default\): a second render is not the same: line \d+ is "data: \{ a: "\w{9}" \}", then "data: \{ a: "\w{9}" \}"; remove what is random$/,
    );
    // Helm 3 throws dice of its own.
    expect(more).toHaveLength(1);
  });

  it('finds what Helm 3 renders otherwise', async () => {
    expect(
      await found(
        chartWith(configMap('{ helm: {{ (semver .Capabilities.HelmVersion.Version).Major | quote }} }')),
      ),
    ).toEqual([
      'tiny (default): ConfigMap/tiny: data.helm: is "4" by Helm 4, "3" by Helm 3; write it so that both agree',
    ]);
  });

  it('finds an object that is rendered twice', async () => {
    expect(await found(chartWith(`${configMap()}---\n${configMap()}`))).toContain(
      'tiny (default): ConfigMap/tiny: is rendered twice, and the later one wins; give one another name',
    );
  });

  it('tells a variant that does not render, and goes on with the others', async () => {
    const chart = chartWith(configMap(), { 'ci/bad-values.yaml': 'replicas: -1' });
    expect(await found(chart)).toEqual(['tiny (bad): replicas: is -1, and has to be at least 0']);
  });

  it('renders with what environments set', async () => {
    const chart = chartWith(configMap('{ replicas: {{ .Values.replicas }} }'), {
      'ci/default-values.yaml': '{}',
    });
    chart.write('../envs/dev/tiny/settings.yaml', 'replicas: 3');
    expect((await found(chart, join(chart.folder, '../envs'))).at(-1)).toMatch(
      /^tiny \(env dev\): ConfigMap\/tiny: data\.replicas/,
    );
  });

  it('asks for the defaults to be a variant', async () => {
    const chart = chartWith(configMap());
    rmSync(join(chart.folder, 'ci'), { recursive: true });
    expect(await found(chart)).toEqual([
      'tiny: ci/default-values.yaml: is missing; add it with {} for the defaults',
    ]);
  });

  it('asks for the releases of Kubernetes that are checked', async () => {
    const chart = (line: string) =>
      chartWith(configMap(), { 'Chart.yaml': `apiVersion: v2\nname: tiny\nversion: 0.1.0\n${line}` });
    expect(await found(chart("kubeVersion: '>=1.28.0-0'"))).toEqual([
      'tiny: Chart.yaml: kubeVersion: is >=1.28.0-0, and charts are checked from >=1.30.0-0 on; write that',
    ]);
    expect(await found(chart(''))).toEqual([
      'tiny: Chart.yaml: kubeVersion: is missing, and charts are checked from >=1.30.0-0 on; write that',
    ]);
  });

  it('renders no library', async () => {
    const library = { 'Chart.yaml': 'apiVersion: v2\nname: tiny\nversion: 0.1.0\ntype: library\n' };
    expect(await found(chartWith('{{ define "a" }}{{ now }}{{ end }}', library))).toEqual([
      expect.stringMatching(/^tiny: templates\/config-map\.yaml:1: now gives another result/),
    ]);
  });
});

describe('An exception', () => {
  const unlabelled = configMap().replace('    helm.sh/chart: tiny-0.1.0', '');
  const exception = (policy: string, object: string) => ({
    [EXCEPTIONS_FILE]: `- { policy: ${policy}, object: ${object}, reason: It is made by hand. }`,
  });

  it('takes a finding away', async () => {
    expect(await found(chartWith(unlabelled, exception('labels-and-namespace', 'ConfigMap/tiny')))).toEqual(
      [],
    );
  });

  it('takes no other finding away, and is one itself when it takes none', async () => {
    expect(await found(chartWith(unlabelled, exception('probes', 'ConfigMap/tiny')))).toEqual([
      'tiny (default): ConfigMap/tiny: metadata.labels["helm.sh/chart"]: is missing; use the labels of the library chart [labels-and-namespace]',
      'tiny: ci/exceptions.yaml: nothing is excepted from probes for ConfigMap/tiny; remove it',
    ]);
  });

  it('that is not understood is a finding', async () => {
    expect(await found(chartWith(configMap(), exception('prob', 'ConfigMap/tiny')))).toEqual([
      expect.stringMatching(/^tiny: ci\/exceptions\.yaml: \[0\]: there is no policy "prob"; policies: /),
    ]);
  });
});
