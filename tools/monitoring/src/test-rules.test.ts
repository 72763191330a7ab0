import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MonitoringError } from './errors.ts';
import { rulesOf, testRules } from './test-rules.ts';

const WORKSPACE = join(import.meta.dirname, '../../..');

describe('rulesOf', () => {
  it('takes the groups of all PrometheusRules and nothing else', () => {
    const render = [
      'kind: ConfigMap',
      '---',
      'kind: PrometheusRule\nspec:\n  groups: [{ name: a, rules: [] }]',
      '---',
      '# empty',
      '---',
      'kind: PrometheusRule\nspec:\n  groups: [{ name: b, rules: [] }]',
    ].join('\n');
    expect(rulesOf(render)).toBe('groups:\n  - name: a\n    rules: []\n  - name: b\n    rules: []\n');
  });

  it('does not take nothing for success', () => {
    expect(() => rulesOf('kind: ConfigMap')).toThrow(
      new MonitoringError('The chart renders no PrometheusRule.'),
    );
  });
});

it('says how to get a program that is missing', async () => {
  await expect(testRules(WORKSPACE, { helm: 'helm-that-is-not-there' })).rejects.toThrow(
    'There is no helm-that-is-not-there on the PATH; node tools/helm/src/main.ts helm-that-is-not-there --path finds or builds one.',
  );
});
