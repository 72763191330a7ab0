import { add, all, type Broken, edit, file, set } from '../broken.setup.ts';

const APPS = 'dev/root/AppProject/apps';
const IN_ARGOCD = { server: 'https://kubernetes.default.svc', namespace: 'argocd' };

export const BROKEN: readonly Broken[] = [
  [
    'a repository for all',
    set(APPS, 'spec.sourceRepos', ['*']),
    'dev: AppProject/apps: spec.sourceRepos: * stands for more than one repository; write them down',
  ],
  [
    'a repository that is not used',
    set(APPS, 'spec.sourceRepos.+', 'https://charts.example.org'),
    'dev: AppProject/apps: spec.sourceRepos: https://charts.example.org is not used; remove it',
  ],
  [
    'a namespace for all',
    set(APPS, 'spec.destinations.0.namespace', '*'),
    'dev: AppProject/apps: spec.destinations: * stands for more than one namespace; write them down',
  ],
  [
    'another cluster',
    set(APPS, 'spec.destinations.0.server', 'https://example.org'),
    'dev: AppProject/apps: spec.destinations: https://example.org is another cluster; remove it',
  ],
  [
    'a namespace that is not used',
    set(APPS, 'spec.destinations.+', IN_ARGOCD),
    'dev: AppProject/apps: spec.destinations: nothing is put into argocd; remove it from namespace or alsoNamespaces of its applications',
  ],
  [
    'all kinds',
    set(APPS, 'spec.namespaceResourceWhitelist.0', { group: '*', kind: '*' }),
    'dev: AppProject/apps: spec: */* stands for more than one kind; write them down',
  ],
  [
    'services that make users',
    set(APPS, 'spec.namespaceResourceWhitelist.+', { group: 'kafka.strimzi.io', kind: 'KafkaUser' }),
    'dev: AppProject/apps: spec.namespaceResourceWhitelist: services may not make rights or credentials; remove kafka.strimzi.io/KafkaUser',
    'AppProject/apps: no environment makes kafka.strimzi.io/KafkaUser; remove it from projects.apps in gitops/root/values.yaml',
  ],
  [
    'services that make users, all of them with Kustomize',
    all(
      ...['console', 'inventory', 'replenishment', 'store', 'store-simulator'].map((app) =>
        set(`dev/${app}`, 'spec.source.path', `gitops/kustomize/${app}/overlays/dev`),
      ),
      set(APPS, 'spec.namespaceResourceWhitelist.+', { group: 'kafka.strimzi.io', kind: 'KafkaUser' }),
    ),
    'dev: AppProject/apps: spec.namespaceResourceWhitelist: services may not make rights or credentials; remove kafka.strimzi.io/KafkaUser',
    'AppProject/apps: no environment makes kafka.strimzi.io/KafkaUser; remove it from projects.apps in gitops/root/values.yaml',
  ],
  [
    'services that make something of the cluster',
    set(APPS, 'spec.clusterResourceWhitelist.+', { group: '', kind: 'Namespace' }),
    "dev: AppProject/apps: spec.clusterResourceWhitelist: services may make nothing of the cluster's; remove /Namespace",
    'AppProject/apps: no environment makes /Namespace; remove it from projects.apps in gitops/root/values.yaml',
  ],
  [
    'a kind that is not allowed',
    add('dev/store', 'apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: apps }'),
    'dev: store: Secret/a: the project apps may not make /Secret; add it to projects.apps.namespacedKinds in gitops/root/values.yaml, if it is meant',
  ],
  [
    'an object of the cluster',
    add('dev/store', 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: a }'),
    'dev: store: ClusterRole/a: the project apps may not make rbac.authorization.k8s.io/ClusterRole; add it to projects.apps.clusterKinds in gitops/root/values.yaml, if it is meant',
  ],
  [
    'an object in a namespace of others',
    set('dev/store/Service/store', 'metadata.namespace', 'kafka'),
    'dev: store: Service/store: metadata.namespace: the project apps may not put anything into kafka; use the namespace of the application, or add it to alsoNamespaces',
  ],
  [
    'an object in the values of a chart of others',
    file(
      'gitops/platform/strimzi/more.yaml',
      'extra: [{ apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: { name: a, namespace: kafka } }]',
    ),
    'all: strimzi: gitops/platform/strimzi/more.yaml: Kafka/a: the project operators may not make kafka.strimzi.io/Kafka; add it to projects.operators.namespacedKinds in gitops/root/values.yaml, if it is meant',
  ],
  [
    'a kind that nobody makes',
    set('prod/root/AppProject/platform', 'spec.namespaceResourceWhitelist.+', {
      group: 'postgresql.cnpg.io',
      kind: 'ScheduledBackup',
    }),
    'AppProject/platform: no environment makes postgresql.cnpg.io/ScheduledBackup; remove it from projects.platform in gitops/root/values.yaml',
  ],
  [
    'a root that may make anything',
    edit(
      'gitops/bootstrap/30-root.yaml',
      "- { group: '', kind: Namespace }",
      "- { group: '', kind: Namespace }\n            - { group: '', kind: Node }",
    ),
    'gitops/bootstrap/30-root.yaml: AppProject/bootstrap: the root does not make /Node; remove it',
  ],
  [
    'a root that makes more than it may',
    add('dev/root', 'apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: argocd }'),
    'gitops/bootstrap/30-root.yaml: AppProject/bootstrap: the root makes /Secret, and may not; add it',
  ],
  [
    'a root that may be read from anywhere',
    edit('gitops/bootstrap/30-root.yaml', '- &repository', "- '*'\n            - &repository"),
    'gitops/bootstrap/30-root.yaml: AppProject/bootstrap: spec.sourceRepos: the root is not read from *; remove it',
  ],
  [
    'a root of another cluster',
    edit(
      'gitops/bootstrap/30-root.yaml',
      '- server: https://kubernetes.default.svc',
      '- server: https://example.org',
    ),
    'gitops/bootstrap/30-root.yaml: AppProject/bootstrap: spec.destinations: https://example.org is another cluster; remove it',
  ],
  [
    'services that may open what is sealed for others',
    set('dev/root/AppProject/apps', 'spec.namespaceResourceWhitelist.+', {
      group: 'bitnami.com',
      kind: 'SealedSecret',
    }),
    'dev: AppProject/apps: spec.namespaceResourceWhitelist: services may not make rights or credentials; remove bitnami.com/SealedSecret',
    'AppProject/apps: no environment makes bitnami.com/SealedSecret; remove it from projects.apps in gitops/root/values.yaml',
  ],
];
