import { describe, expect, it } from 'vitest';
import { networkPolicies } from './network-policies.ts';
import { changed, DEPLOYMENT, KAFKA, NETWORK_POLICY, told } from './policy.setup.ts';

const LABELS = '{ app.kubernetes.io/name: store, app.kubernetes.io/instance: one }';
const PODS = 'Deployment/store spec.template.metadata.labels';

describe('The pods of a chart', () => {
  it('are selected by a policy with both directions', () => {
    expect(told(networkPolicies, DEPLOYMENT, NETWORK_POLICY)).toEqual([]);
  });

  it('may be selected by two policies with one direction each', () => {
    const ingress = changed(NETWORK_POLICY, '[Ingress, Egress]', '[Ingress]');
    const egress = changed(NETWORK_POLICY, '[Ingress, Egress]', '[Egress]');
    expect(told(networkPolicies, DEPLOYMENT, ingress, egress)).toEqual([]);
  });

  it.each([
    ['Ingress', '[Egress]'],
    ['Egress', '[Ingress]'],
  ])('are open without %s', (type, types) => {
    expect(told(networkPolicies, DEPLOYMENT, changed(NETWORK_POLICY, '[Ingress, Egress]', types))).toEqual([
      `${PODS}: no NetworkPolicy that selects its pods names ${type}; add it to policyTypes`,
    ]);
  });

  it('are open when none selects them', () => {
    const other = changed(NETWORK_POLICY, LABELS, LABELS.replace('one', 'two'));
    expect(told(networkPolicies, DEPLOYMENT, other)).toEqual([
      `${PODS}: no NetworkPolicy of the chart selects its pods; add one with both directions`,
    ]);
  });

  it('that an operator makes need one too', () => {
    expect(
      told(networkPolicies, KAFKA, changed(NETWORK_POLICY, LABELS, '{ strimzi.io/cluster: eda }')),
    ).toEqual([]);
    expect(told(networkPolicies, KAFKA)).toEqual([
      'Kafka/eda metadata.name: no NetworkPolicy of the chart selects its pods; add one with both directions',
    ]);
  });

  it('are open when a rule allows everything', () => {
    const rule = '[{ to: [{ podSelector: { matchLabels: { a: b } } }], ports: [{ port: 5432 }] }]';
    expect(told(networkPolicies, DEPLOYMENT, changed(NETWORK_POLICY, rule, '[{}]'))).toEqual([
      'NetworkPolicy/store spec.egress[0]: names neither peers nor ports, and so allows everything; name some',
    ]);
    expect(
      told(
        networkPolicies,
        DEPLOYMENT,
        changed(NETWORK_POLICY, rule, '[{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]'),
      ),
    ).toEqual([
      'NetworkPolicy/store spec.egress[0][0]: 0.0.0.0/0 on every port is everything; name the ports',
    ]);
  });
});
