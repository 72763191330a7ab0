import { parse } from 'yaml';
import type { Finding, Invariant } from './invariant.ts';
import { applied, at, keysAt, kindOf, listAt, textAt } from './look.ts';
import type { Subject } from './subject.ts';

export const health: Invariant = {
  name: 'health',
  why: 'A kind without health counts as healthy once it is applied, so that the next wave begins before what it needs is there.',
  check: (subject) => {
    const known = new Set([...BUILT_IN, ...ours(subject), ...Object.keys(NONE)]);
    return subject.environments.flatMap((tree) => {
      const { environment } = tree;
      const found = new Map<string, Finding>();
      const look = (kind: string, where: Pick<Finding, 'application' | 'object'>) => {
        if (!known.has(kind) && !found.has(kind))
          found.set(kind, {
            environment,
            ...where,
            reason: `Argo CD has no health for ${kind}; write gitops/health/${kind.replace('/', '_')}.lua, or add it with a reason to NONE in health.ts`,
          });
      };
      for (const object of tree.root)
        look(kindOf(object), { object: `${object.kind}/${object.metadata.name}` });
      for (const child of tree.children) {
        for (const object of applied(child))
          look(kindOf(object), { application: child.name, object: `${object.kind}/${object.metadata.name}` });
      }
      // What charts of others make is not here; but it is of kinds that their project may make.
      for (const project of tree.root.filter(({ kind }) => kind === 'AppProject')) {
        for (const list of ['clusterResourceWhitelist', 'namespaceResourceWhitelist']) {
          for (const entry of listAt(project, 'spec', list)) {
            const kind = `${textAt(entry, 'group')}/${textAt(entry, 'kind')}`;
            look(kind, { object: `AppProject/${project.metadata.name}` });
          }
        }
      }
      return [...found.values()];
    });
  },
};

/** Kinds for which Argo CD 3.5 has health: gitops-engine/pkg/health and resource_customizations, as far as they are used here. */
const BUILT_IN = [
  '/Pod',
  '/PersistentVolumeClaim',
  '/Service',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'autoscaling/HorizontalPodAutoscaler',
  'batch/Job',
  'bitnami.com/SealedSecret',
  'cert-manager.io/Certificate',
  'cert-manager.io/Issuer',
  'external-secrets.io/ExternalSecret',
  'external-secrets.io/SecretStore',
  'gateway.networking.k8s.io/HTTPRoute',
  'keda.sh/ScaledObject',
  'monitoring.coreos.com/Alertmanager',
  'monitoring.coreos.com/Prometheus',
  'networking.k8s.io/Ingress',
  'policy/PodDisruptionBudget',
];

/** Kinds without health, and why nothing waits for them. */
const NONE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      '/ConfigMap',
      '/Namespace',
      '/Secret',
      '/ServiceAccount',
      'argoproj.io/AppProject',
      'networking.k8s.io/NetworkPolicy',
      'rbac.authorization.k8s.io/ClusterRole',
      'rbac.authorization.k8s.io/ClusterRoleBinding',
      'rbac.authorization.k8s.io/Role',
      'rbac.authorization.k8s.io/RoleBinding',
    ].map((kind) => [kind, 'Data of the API server: it works as soon as it is there.']),
  ),
  ...Object.fromEntries(
    ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map((kind) => [
      `admissionregistration.k8s.io/${kind}`,
      'Works as soon as it is there; whether somebody answers is told by the Deployment behind it.',
    ]),
  ),
  ...Object.fromEntries(
    ['PodMonitor', 'PrometheusRule', 'ServiceMonitor'].map((kind) => [
      `monitoring.coreos.com/${kind}`,
      'Read by Prometheus in its own time; nothing that is deployed later needs it.',
    ]),
  ),
  'generators.external-secrets.io/Password':
    'Only says how a password is made; whether it was made is told by the ExternalSecret.',
  'keda.sh/TriggerAuthentication':
    'Only says how to sign in; whether that works is told by the ScaledObject.',
};

/** The kinds for which we give Argo CD a script, from the values that it gets. */
function ours({ files }: Subject): string[] {
  const values: unknown = parse(files.get('gitops/platform/argocd/health.generated.yaml') ?? '');
  const prefix = 'resource.customizations.health.';
  return keysAt(at(values, 'configs', 'cm'))
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length).replace('_', '/'));
}
