import { resolveTool } from '@eda/helm';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyChart } from './chart-copy.ts';
import { renderChart } from './render-chart.ts';
import { tinyChart } from './tiny-chart.setup.ts';
import { variantsOf } from './variants.ts';

const log = (line: string) => void process.stderr.write(`${line}\n`);
let helm = '';

beforeAll(async () => {
  helm = await resolveTool('helm', { log });
}, 600_000);

describe('A render', () => {
  it('is what Helm makes of the chart and the values', async () => {
    const { folder, write } = tinyChart();
    const values = [write('ci/more-values.yaml', 'replicas: 3'), write('ci/most-values.yaml', 'replicas: 5')];
    const { objects, chart, manifest } = await renderChart({
      helm,
      folder,
      values,
      namespace: 'shop',
      release: 'one',
    });
    expect(chart).toBe('tiny');
    expect(objects).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'one', namespace: 'shop' },
        data: { image: 'example.org/tiny:1.0.0', replicas: '5' },
      },
    ]);
    expect(manifest).toContain('kind: ConfigMap');
  });

  it('tells the templates which release of Kubernetes it is for', async () => {
    const { folder } = tinyChart({
      'templates/config-map.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Capabilities.KubeVersion.Version }}" }\n',
    });
    const { objects } = await renderChart({ helm, folder, kubernetes: '1.35.4' });
    expect(objects[0]?.metadata.name).toBe('v1.35.4');
  });

  it('has no object for a document that is empty', async () => {
    const { folder } = tinyChart({ 'templates/none.yaml': '---\n# nothing\n---\n' });
    expect((await renderChart({ helm, folder })).objects).toHaveLength(1);
  });
});

describe('A copy of a chart', () => {
  const CHILD = 'apiVersion: v2\nname: lib\nversion: 0.2.0\ntype: library\n';
  const PARENT = (version: string) =>
    `apiVersion: v2\nname: tiny\nversion: 0.1.0\ndependencies: [{ name: lib, version: ${version}, repository: file://../lib }]\n`;

  it('has what the chart depends on beside it, as it is now, and the chart is left alone', async () => {
    const { folder, write } = tinyChart({ 'Chart.yaml': PARENT('0.2.0'), 'values.schema.json': '{}' });
    write('../lib/Chart.yaml', CHILD);
    write('../lib/templates/_name.tpl', '{{ define "lib.name" }}from-lib{{ end }}');
    write(
      'templates/config-map.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ include "lib.name" . }} }\n',
    );
    using copy = copyChart(folder);
    const { objects } = await renderChart({ helm, folder: copy.folder });
    expect(objects[0]?.metadata.name).toBe('from-lib');
    expect(existsSync(join(folder, 'charts'))).toBe(false);
  });

  it('is not made when the version that is asked for is not the one that is there', () => {
    const { folder, write } = tinyChart({ 'Chart.yaml': PARENT('0.1.0') });
    write('../lib/Chart.yaml', CHILD);
    expect(() => copyChart(folder)).toThrow(
      /^tiny: dependencies\.lib: asks for version 0\.1\.0, and .*lib is 0\.2\.0/,
    );
  });

  it('is gone after use', () => {
    const copy = copyChart(tinyChart().folder);
    expect(existsSync(copy.folder)).toBe(true);
    copy[Symbol.dispose]();
    expect(existsSync(copy.folder)).toBe(false);
  });
});

describe('The variants of a chart', () => {
  it('are its ci values, and what each environment says for it', () => {
    const { folder, write } = tinyChart({ 'ci/full-values.yaml': '{}' });
    write('../envs/dev/tiny/version.yaml', '{}');
    write('../envs/dev/tiny/settings.yaml', '{}');
    write('../envs/dev/other/settings.yaml', '{}');
    expect(
      variantsOf(folder, join(folder, '../envs')).map(({ name, files }) => [name, files.length]),
    ).toEqual([
      ['default', 1],
      ['full', 1],
      ['env dev', 2],
    ]);
  });

  it('are only its ci values when there are no environments', () => {
    const { folder } = tinyChart();
    expect(variantsOf(folder, join(folder, 'nowhere')).map(({ name }) => name)).toEqual(['default']);
  });
});
