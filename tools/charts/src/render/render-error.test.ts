import { resolveTool } from '@eda/helm';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderChart } from './render-chart.ts';
import { tinyChart } from './tiny-chart.setup.ts';

const log = (line: string) => void process.stderr.write(`${line}\n`);
let helm = '';

beforeAll(async () => {
  helm = await resolveTool('helm', { log });
}, 600_000);

interface Try {
  readonly values?: string;
  /** Put before the tiny chart's template. */
  readonly template?: string;
  readonly kubernetes?: string;
}

/** What is told when the tiny chart is rendered with these values, paths cut off. */
async function told({ values = '{}', template = '', kubernetes }: Try): Promise<string> {
  const chart = tinyChart();
  const file = chart.write('ci/bad-values.yaml', values);
  if (template !== '') chart.write('templates/first.yaml', template);
  const options = {
    helm,
    folder: chart.folder,
    values: [file],
    ...(kubernetes === undefined ? {} : { kubernetes }),
  };
  return renderChart(options).then(
    () => 'rendered',
    (error: unknown) => (error as Error).message.replace(/[^ ]*\/ci\/bad-values\.yaml/, '<values>'),
  );
}

describe('A render that Helm refuses is told in one line', () => {
  it.each<[string, Try, string]>([
    ['an unknown key', { values: 'replica: 2' }, 'tiny: replica: is no value of this chart; see values.yaml'],
    [
      'an unknown key inside of another',
      { values: 'image: { tags: a }' },
      'tiny: image.tags: is no value of this chart; see values.yaml',
    ],
    [
      'a negative number of replicas',
      { values: 'replicas: -1' },
      'tiny: replicas: is -1, and has to be at least 0',
    ],
    ['an empty tag', { values: "image: { tag: '' }" }, 'tiny: image.tag: is empty'],
    [
      'a text for a number',
      { values: 'replicas: two' },
      'tiny: replicas: is of type string, and has to be integer',
    ],
    ['a value that is taken away', { values: 'image: null' }, 'tiny: image: is missing'],
    ['a place in a list', { values: 'list: [{ name: a }, {}]' }, 'tiny: list[1].name: is missing'],
    [
      'several at once',
      { values: "replicas: -1\nimage: { tag: '', colour: red }" },
      'tiny: image.colour: is no value of this chart; see values.yaml; image.tag: is empty; replicas: is -1, and has to be at least 0',
    ],
    [
      'what the chart says by fail',
      { template: '{{ fail "tiny: mode: b is not there yet; use a" }}' },
      'tiny: mode: b is not there yet; use a',
    ],
    [
      'what it says from within a define',
      { template: '{{ define "a" }}{{ fail "tiny: mode: b" }}{{ end }}{{ include "a" . }}' },
      'tiny: mode: b',
    ],
    [
      'what it says without its name',
      { template: '{{ required "digest: is needed" .Values.digest }}' },
      'tiny: digest: is needed',
    ],
    [
      'a value that is read and is not there',
      { template: '{{ .Values.nothing.there }}' },
      'tiny: nothing.there: is missing, or what it is below of is; templates/first.yaml:1 cannot evaluate .Values.nothing.there',
    ],
    [
      'a define that does not exist',
      { template: '\n{{ include "nowhere" . }}' },
      'tiny: templates/first.yaml:2: cannot evaluate include "nowhere" .: no template "nowhere" associated with template "gotpl"',
    ],
    [
      'a template that renders to no YAML',
      { template: 'a:\n  b: c: d' },
      'tiny: templates/first.yaml: renders to no YAML with these values: line 2: mapping values are not allowed in this context of what it renders to',
    ],
    [
      'a template that cannot be parsed',
      { template: '{{ if }}' },
      'tiny: templates/first.yaml:1: is no template: missing value for if',
    ],
    [
      'values that are no YAML',
      { values: 'a: [' },
      'tiny: <values>: is no YAML: line 1: did not find expected node content',
    ],
    [
      'values that are a list',
      { values: '- a' },
      'tiny: <values>: has to hold keys and values, and holds array',
    ],
    [
      'a release of Kubernetes that is too old',
      { kubernetes: '1.29.0' },
      'tiny: chart requires kubeVersion: >=1.30.0-0 which is incompatible with Kubernetes v1.29.0',
    ],
  ])('%s', async (_, attempt, line) => {
    expect(await told(attempt)).toBe(line);
  });

  it('a file of values that does not exist', async () => {
    const { folder } = tinyChart();
    await expect(renderChart({ helm, folder, values: ['/nowhere/values.yaml'] })).rejects.toThrow(
      /^tiny: .*nowhere\/values\.yaml: there is no such file of values$/,
    );
  });

  it('a chart whose dependencies are not there', async () => {
    const { folder } = tinyChart({
      'Chart.yaml':
        'apiVersion: v2\nname: tiny\nversion: 0.1.0\ndependencies: [{ name: lib, version: 0.1.0, repository: file://../lib }]\n',
    });
    await expect(renderChart({ helm, folder })).rejects.toThrow(
      'tiny: the charts it depends on are not there: lib; helm dependency build',
    );
  });

  it('a document without a name', async () => {
    expect(await told({ template: 'apiVersion: v1\nkind: Service' })).toBe(
      'tiny: templates/first.yaml: renders a document without apiVersion, kind or metadata.name',
    );
  });

  it('a key that is there twice, which Helm takes', async () => {
    expect(
      await told({ template: 'apiVersion: v1\nkind: Service\nkind: Pod\nmetadata: { name: a }' }),
    ).toMatch(/^tiny: the render is no YAML: Map keys must be unique/);
  });
});
