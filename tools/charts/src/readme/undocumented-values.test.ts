import { expect, test } from 'vitest';
import { describeFinding } from '../finding.ts';
import { tinyChart } from '../render/tiny-chart.setup.ts';
import { undocumentedValues } from './undocumented-values.ts';

const found = (values: string, described: readonly string[] = []) =>
  undocumentedValues(tinyChart({ 'values.yaml': values }).folder, described).map(describeFinding);

test('a value without a description is found, also one in a group and an empty one', () => {
  expect(found('# A remark.\nreplicas: 1\nimage:\n  # -- Tag.\n  tag: a\n  digest: b\nlabels: {}\n')).toEqual(
    ['replicas', 'image.digest', 'labels'].map(
      (path) => `tiny: values.yaml: ${path}: is described nowhere; put a comment "# -- What it is." above it`,
    ),
  );
});

test('a description of a group is one of all that is in it', () => {
  expect(found('# -- Probes.\nprobes:\n  startup:\n    period: 1\n')).toEqual([]);
});

test('a value that another chart describes need not be described again', () => {
  expect(found('config:\n  LOG_LEVEL: info\n', ['config'])).toEqual([]);
});

test('a chart without values has nothing to describe', () => {
  expect(found('# Nothing.\n')).toEqual([]);
});
