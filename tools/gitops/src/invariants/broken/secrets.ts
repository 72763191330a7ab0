import { add, type Broken, file } from '../broken.setup.ts';

export const BROKEN: readonly Broken[] = [
  [
    'a Secret in the values of a chart of others',
    file(
      'gitops/platform/kube-prometheus-stack/more.yaml',
      'extra: [{ apiVersion: v1, kind: Secret, metadata: { name: grafana }, stringData: { password: secret } }]',
    ),
    'all: kube-prometheus-stack: gitops/platform/kube-prometheus-stack/more.yaml: Secret/grafana: holds its data; let an operator make it',
  ],
  [
    'a Secret in the values of one environment',
    file(
      'gitops/envs/prod/strimzi/settings.yaml',
      'extra: [{ apiVersion: v1, kind: Secret, metadata: { name: pull }, data: { a: Yg== } }]',
    ),
    'prod: strimzi: gitops/envs/prod/strimzi/settings.yaml: Secret/pull: holds its data; let an operator make it',
  ],
  [
    'a password in the values of a chart of others',
    file('gitops/envs/prod/kube-prometheus-stack/settings.yaml', 'grafana: { adminPassword: hunter2 }'),
    'prod: kube-prometheus-stack: gitops/envs/prod/kube-prometheus-stack/settings.yaml: grafana.adminPassword: can be read by whoever has a copy; name a Secret that an operator makes, or seal it',
  ],
  [
    'a sealed secret where every cluster is new',
    add(
      'dev/postgres',
      'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: a, namespace: apps }',
    ),
    'dev: postgres: SealedSecret/a: cannot be opened by a cluster that is new, and this environment is made anew at any time; let an operator make the Secret',
  ],
  [
    'sealed secrets whose certificate nobody has',
    file('gitops/sealing/prod.crt', undefined),
    'prod: gitops/sealing/prod.crt: is missing, and SealedSecret/store-database was sealed with it; npm run seal -- key prod makes another',
  ],
  [
    'a certificate that nothing is sealed with',
    file('gitops/sealing/dev.crt', 'a certificate'),
    'dev: gitops/sealing/dev.crt: nothing is sealed with it; remove it',
  ],
];
