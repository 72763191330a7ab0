import { describe, expect, it } from 'vitest';
import { stableSelectors } from './stable-selectors.ts';
import {
  BUDGET,
  changed,
  DEPLOYMENT,
  NETWORK_POLICY,
  SERVICE,
  SERVICE_MONITOR,
  told,
} from './policy.setup.ts';

const LABELS = '{ app.kubernetes.io/name: store, app.kubernetes.io/instance: one }';
const ONLY = 'has to be app.kubernetes.io/name and app.kubernetes.io/instance and nothing else';
const ALL = [DEPLOYMENT, SERVICE, BUDGET, NETWORK_POLICY, SERVICE_MONITOR];

describe('Selectors', () => {
  it('of name and instance that all select the same pods are right', () => {
    expect(told(stableSelectors, ...ALL)).toEqual([]);
  });

  it.each([
    ['Deployment/store spec.selector', DEPLOYMENT],
    ['Service/store spec.selector', SERVICE],
    ['PodDisruptionBudget/store spec.selector', BUDGET],
    ['NetworkPolicy/store spec.podSelector', NETWORK_POLICY],
    ['ServiceMonitor/store spec.selector', SERVICE_MONITOR],
  ])('%s may not name what changes', (place, text) => {
    const versioned = changed(text, LABELS, LABELS.replace(' }', ', app.kubernetes.io/version: 1.0.0 }'));
    expect(told(stableSelectors, ...ALL.map((one) => (one === text ? versioned : one)))).toEqual([
      `${place}: ${ONLY}`,
    ]);
  });

  it('may not be expressions', () => {
    const expression = changed(
      BUDGET,
      `{ matchLabels: ${LABELS} }`,
      '{ matchExpressions: [{ key: app.kubernetes.io/name, operator: In, values: [store] }] }',
    );
    expect(told(stableSelectors, DEPLOYMENT, expression)).toEqual([
      `PodDisruptionBudget/store spec.selector: ${ONLY}`,
    ]);
  });

  it.each([
    ['Service/store spec.selector', SERVICE],
    ['PodDisruptionBudget/store spec.selector', BUDGET],
    ['NetworkPolicy/store spec.podSelector', NETWORK_POLICY],
  ])('%s has to select pods of the chart', (place, text) => {
    const other = changed(text, LABELS, LABELS.replace('store', 'shop'));
    expect(told(stableSelectors, DEPLOYMENT, other)).toEqual([
      `${place}: selects no pods of this chart; use the labels of their selector`,
    ]);
  });

  it('of a workload have to select its own pods', () => {
    const other = changed(
      DEPLOYMENT,
      `{ matchLabels: ${LABELS} }`,
      `{ matchLabels: ${LABELS.replace('one', 'two')} }`,
    );
    expect(told(stableSelectors, other)).toEqual([
      'Deployment/store spec.selector: does not select its own pods; give them its labels',
    ]);
  });

  it('of a ServiceMonitor have to select a Service of the chart', () => {
    expect(told(stableSelectors, DEPLOYMENT, SERVICE_MONITOR)).toEqual([
      'ServiceMonitor/store spec.selector: selects no Service of this chart; use the labels of one',
    ]);
  });

  it('that are empty would take in the whole namespace', () => {
    expect(
      told(stableSelectors, DEPLOYMENT, changed(NETWORK_POLICY, `{ matchLabels: ${LABELS} }`, '{}')),
    ).toEqual([
      'NetworkPolicy/store spec.podSelector: selects all pods of the namespace; name those that are meant',
    ]);
  });

  it('of pods that an operator makes have the labels of the operator', () => {
    expect(told(stableSelectors, changed(NETWORK_POLICY, LABELS, '{ strimzi.io/cluster: eda }'))).toEqual([]);
  });

  it('that spread pods spread their own', () => {
    const spread = (labels: string) =>
      changed(
        DEPLOYMENT,
        '      volumes:',
        `      topologySpreadConstraints: [{ labelSelector: { matchLabels: ${labels} } }]\n      volumes:`,
      );
    expect(told(stableSelectors, spread(LABELS))).toEqual([]);
    expect(told(stableSelectors, spread('{ app: store }'))).toEqual([
      'Deployment/store spec.template.spec.topologySpreadConstraints[0].labelSelector: spreads other pods than its own; use the labels of spec.selector',
    ]);
  });
});
