import { groupOf, type KubeObject } from '../render/kube-object.ts';
import type { Policy, Violation } from './policy.ts';

export const labelsAndNamespace: Policy = {
  name: 'labels-and-namespace',
  why: 'An object without a namespace lands wherever the client points to; one without the common labels is found by no dashboard and by no person.',
  check: ({ objects, namespace }) =>
    objects.flatMap((object) => [...ofNamespace(object, namespace), ...ofLabels(object)]),
};

/** Kinds that stand in no namespace. */
const CLUSTER_WIDE = [
  'APIService',
  'ClusterIssuer',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterSecretStore',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
];

function ofNamespace(object: KubeObject, namespace: string): Violation[] {
  const path = 'metadata.namespace';
  const actual = object.metadata.namespace;
  if (CLUSTER_WIDE.includes(object.kind))
    return actual === undefined
      ? []
      : [{ object, path, reason: `a ${object.kind} is in no namespace; remove it` }];
  if (actual === undefined) return [{ object, path, reason: 'is missing; use .Release.Namespace' }];
  return actual === namespace
    ? []
    : [
        {
          object,
          path,
          reason: `is ${actual}, whatever namespace the release is in; use .Release.Namespace`,
        },
      ];
}

const LABELS = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/part-of',
  'helm.sh/chart',
];

/** Operators copy the labels of these to the pods they make, so a version of the chart in them would restart what has not changed. */
const COPIED = ['kafka.strimzi.io', 'postgresql.cnpg.io'];

function ofLabels(object: KubeObject): Violation[] {
  const { labels = {} } = object.metadata;
  const expected = COPIED.includes(groupOf(object))
    ? LABELS.filter((label) => label !== 'helm.sh/chart')
    : LABELS;
  return expected
    .filter((label) => !labels[label])
    .map((label) => ({
      object,
      path: `metadata.labels["${label}"]`,
      reason: 'is missing; use the labels of the library chart',
    }));
}
