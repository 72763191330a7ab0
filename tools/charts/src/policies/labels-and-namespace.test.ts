import { describe, expect, it } from 'vitest';
import { labelsAndNamespace } from './labels-and-namespace.ts';
import { changed, DEPLOYMENT, KAFKA, told } from './policy.setup.ts';

describe('Labels and namespace', () => {
  it('of every object are those of the release', () => {
    expect(told(labelsAndNamespace, DEPLOYMENT)).toEqual([]);
  });

  it('are missed one by one', () => {
    expect(told(labelsAndNamespace, 'apiVersion: v1\nkind: Service\nmetadata: { name: a }')).toEqual([
      'Service/a metadata.namespace: is missing; use .Release.Namespace',
      ...[
        'app.kubernetes.io/name',
        'app.kubernetes.io/instance',
        'app.kubernetes.io/version',
        'app.kubernetes.io/managed-by',
        'app.kubernetes.io/part-of',
        'helm.sh/chart',
      ].map(
        (label) => `Service/a metadata.labels["${label}"]: is missing; use the labels of the library chart`,
      ),
    ]);
  });

  it('may not name a namespace by themselves', () => {
    expect(told(labelsAndNamespace, changed(DEPLOYMENT, 'namespace: shop', 'namespace: kafka'))).toEqual([
      'Deployment/store metadata.namespace: is kafka, whatever namespace the release is in; use .Release.Namespace',
    ]);
  });

  it('leave out the version of the chart where an operator would restart pods for it', () => {
    expect(told(labelsAndNamespace, changed(KAFKA, '    helm.sh/chart: store-0.1.0\n', ''))).toEqual([]);
    expect(
      told(labelsAndNamespace, changed(DEPLOYMENT, '    helm.sh/chart: store-0.1.0\n', '')),
    ).toHaveLength(1);
  });

  it('have no namespace where there is none', () => {
    const role = DEPLOYMENT.replace('kind: Deployment', 'kind: ClusterRole');
    expect(told(labelsAndNamespace, role)).toEqual([
      'ClusterRole/store metadata.namespace: a ClusterRole is in no namespace; remove it',
    ]);
    expect(told(labelsAndNamespace, changed(role, '  namespace: shop\n', ''))).toEqual([]);
  });
});
