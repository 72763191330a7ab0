import { type Broken, edit, file, set } from '../broken.setup.ts';

export const BROKEN: readonly Broken[] = [
  [
    'what is not pruned',
    set('dev/store', 'spec.syncPolicy.automated.prune', false),
    'dev: store: spec.syncPolicy.automated.prune: is not true, so that the cluster drifts from Git; set it',
  ],
  [
    'what may drift',
    set('dev/store', 'spec.syncPolicy.automated', undefined),
    'dev: store: spec.syncPolicy.automated.prune: is not true, so that the cluster drifts from Git; set it',
    'dev: store: spec.syncPolicy.automated.selfHeal: is not true, so that the cluster drifts from Git; set it',
  ],
  [
    'retries without end',
    set('dev/store', 'spec.syncPolicy.retry.limit', -1),
    'dev: store: spec.syncPolicy.retry.limit: is -1; set a finite number: without end, it keeps to the commit it failed with',
  ],
  [
    'retries of what was',
    set('dev/store', 'spec.syncPolicy.retry.refresh', undefined),
    'dev: store: spec.syncPolicy.retry.refresh: is not true, so that a retry does not see the repair; set it',
  ],
  [
    'client-side apply',
    set('dev/strimzi', 'spec.syncPolicy.syncOptions', [
      'CreateNamespace=false',
      'FailOnSharedResource=true',
      'PruneLast=true',
      'PrunePropagationPolicy=foreground',
      'RespectIgnoreDifferences=true',
    ]),
    'dev: strimzi: spec.syncPolicy.syncOptions: lacks ServerSideApply=true, SkipDryRunOnMissingResource=true; add it',
  ],
  [
    'what outlives its application',
    set('dev/store', 'metadata.finalizers', undefined),
    'dev: store: metadata.finalizers: lacks resources-finalizer.argocd.argoproj.io, so that what it made outlives it; remove keep from the inventory',
  ],
  [
    'an Argo CD that deletes itself',
    set('dev/argocd', 'metadata.finalizers', ['resources-finalizer.argocd.argoproj.io']),
    'dev: argocd: metadata.finalizers: deletes Argo CD while it deletes; set keep: true in the inventory',
  ],
  [
    'a wave that is no number',
    set('dev/store', ['metadata', 'annotations', 'argocd.argoproj.io/sync-wave'], 'late'),
    'dev: store: metadata.annotations["argocd.argoproj.io/sync-wave"]: is "late", which Argo CD takes for 0; write a whole number',
  ],
  [
    'a project that is not there',
    set('dev/store', 'spec.project', 'shop'),
    'dev: store: spec.project: there is no project shop; add it to projects',
  ],
  [
    'a branch',
    set('dev/store', 'spec.source.targetRevision', 'main'),
    'dev: store: spec.source.targetRevision: is main of https://git.example.org/some/repository.git, not the commit that the root is at; use repoURL and revision',
  ],
  [
    'a range of versions',
    set('dev/strimzi', 'spec.sources.0.targetRevision', '1.x'),
    'dev: strimzi: spec.sources[0].targetRevision: is 1.x, which may be another chart tomorrow; write one version',
  ],
  [
    'a values file that is misspelt',
    set('dev/kafka-topics', 'spec.source.helm.valueFiles.0', 'values.generatd.yaml'),
    'dev: kafka-topics: spec.source.helm.valueFiles[0]: there is no charts/kafka-topics/values.generatd.yaml, and Argo CD would pass over it; correct valueFiles',
  ],
  [
    'a chart of others whose values are gone',
    file('gitops/platform/strimzi/values.yaml', undefined),
    'all: strimzi: spec.sources[0].helm.valueFiles[0]: there is no gitops/platform/strimzi/values.yaml, and Argo CD would pass over it; correct valueFiles',
  ],
  [
    'a library that nobody watches',
    edit('charts/store/Chart.yaml', 'file://../service', 'file://../other'),
    'all: store: metadata.annotations["argocd.argoproj.io/manifest-generate-paths"]: lacks /charts/other, so that a change there would not be seen; add it',
  ],
  [
    'values that nobody watches',
    set(
      'dev/store',
      ['metadata', 'annotations', 'argocd.argoproj.io/manifest-generate-paths'],
      '.;/charts/service',
    ),
    'dev: store: metadata.annotations["argocd.argoproj.io/manifest-generate-paths"]: lacks /gitops/envs/dev/store, so that a change there would not be seen; add it',
  ],
  [
    'a root that gives up',
    edit('gitops/bootstrap/30-root.yaml', 'limit: -1', 'limit: 5'),
    'gitops/bootstrap/30-root.yaml: Application/root: spec.syncPolicy.retry.limit: is 5; set -1: a root that has given up does not see the repair',
  ],
  [
    'a root that retries what was',
    edit('gitops/bootstrap/30-root.yaml', 'refresh: true', 'refresh: false'),
    'gitops/bootstrap/30-root.yaml: Application/root: spec.syncPolicy.retry.refresh: is not true, so that a retry does not see the repair; set it',
  ],
  [
    'a root that drifts',
    edit('gitops/bootstrap/30-root.yaml', 'selfHeal: true', 'selfHeal: false'),
    'gitops/bootstrap/30-root.yaml: Application/root: spec.syncPolicy.automated.selfHeal: is not true, so that the cluster drifts from Git; set it',
  ],
  [
    'a root that leaves everything behind',
    edit(
      'gitops/bootstrap/30-root.yaml',
      'finalizers: [resources-finalizer.argocd.argoproj.io]',
      'finalizers: []',
    ),
    'gitops/bootstrap/30-root.yaml: Application/root: metadata.finalizers: lacks resources-finalizer.argocd.argoproj.io, so that what it made outlives it; remove keep from the inventory',
  ],
  [
    'a root that deletes before others have moved on',
    edit('gitops/bootstrap/30-root.yaml', '- PruneLast=true', '- PruneLast=false'),
    'gitops/bootstrap/30-root.yaml: Application/root: spec.syncPolicy.syncOptions: lacks PruneLast=true; add it',
  ],
  [
    'a root that pins its children to a branch',
    edit('gitops/bootstrap/30-root.yaml', '$ARGOCD_APP_REVISION', 'main'),
    'gitops/bootstrap/30-root.yaml: Application/root: spec.source.helm.parameters.revision: is not $ARGOCD_APP_REVISION as a string, so that applications are not pinned to the commit of the root; set it',
  ],
  [
    'no root',
    edit(
      'gitops/bootstrap/30-root.yaml',
      'kind: Application\n        metadata',
      'kind: Something\n        metadata',
    ),
    'gitops/bootstrap/30-root.yaml: has no Application with a repoURL, or no AppProject; add it',
  ],
];
