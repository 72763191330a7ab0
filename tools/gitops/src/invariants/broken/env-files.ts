import { resolve } from 'node:path';
import { argocdChart } from '../../bootstrap/bootstrap-files.ts';
import { type Broken, edit, file } from '../broken.setup.ts';

const ARGOCD = argocdChart(resolve(import.meta.dirname, '../../../../..')).version;

export const BROKEN: readonly Broken[] = [
  [
    'values of an environment that is not there',
    file('gitops/envs/test/store/settings.yaml', 'a: 1'),
    'gitops/envs/test/store/settings.yaml: there is no environment test; add gitops/root/values-test.yaml, or remove the folder',
  ],
  [
    'values of an application that is not there',
    file('gitops/envs/dev/stores/settings.yaml', 'a: 1'),
    'dev: gitops/envs/dev/stores/settings.yaml: there is no application stores; correct the name, or remove the folder',
  ],
  [
    'values of an application that is switched off',
    file('gitops/envs/prod/store-simulator/version.yaml', 'image: { tag: 1.0.0 }'),
    'prod: gitops/envs/prod/store-simulator/version.yaml: store-simulator is switched off in prod; switch it on, or remove the folder',
  ],
  [
    'a file that nobody reads',
    file('gitops/envs/dev/store/values.yaml', 'a: 1'),
    'dev: gitops/envs/dev/store/values.yaml: no application reads it; name it version.yaml, replicas.yaml, secrets.yaml, settings.yaml',
  ],
  [
    'a version of a chart of others',
    file('gitops/envs/dev/strimzi/version.yaml', 'image: { tag: 1.0.0 }'),
    'dev: gitops/envs/dev/strimzi/version.yaml: no application reads it; name it settings.yaml',
  ],
  [
    'a file without content',
    file('gitops/envs/dev/store/settings.yaml', '# nothing'),
    'dev: gitops/envs/dev/store/settings.yaml: says nothing; remove it',
  ],
  [
    'more than an image in what is promoted',
    file('gitops/envs/dev/store/version.yaml', 'image: { tag: 0.1.0, repository: example.org/store }'),
    'dev: gitops/envs/dev/store/version.yaml: image.repository: is no matter of version.yaml; move it to settings.yaml',
  ],
  [
    'settings among the replicas',
    file('gitops/envs/dev/store/replicas.yaml', 'replicas: 1\nresources: { limits: { memory: 1Gi } }'),
    'dev: gitops/envs/dev/store/replicas.yaml: resources.limits.memory: is no matter of replicas.yaml; move it to settings.yaml',
  ],
  [
    'a version among the settings',
    file('gitops/envs/dev/store/settings.yaml', 'image: { tag: 0.2.0 }'),
    'dev: gitops/envs/dev/store/settings.yaml: image.tag: stands in a file of its own; move it to version.yaml, replicas.yaml or secrets.yaml',
  ],
  [
    'replicas among the settings',
    file('gitops/envs/dev/store/settings.yaml', 'replicas: 5'),
    'dev: gitops/envs/dev/store/settings.yaml: replicas: stands in a file of its own; move it to version.yaml, replicas.yaml or secrets.yaml',
  ],
  [
    'a version that an environment lacks',
    file('gitops/envs/prod/store/version.yaml', undefined),
    'prod: store: gitops/envs/prod/store/version.yaml: is missing, so that it runs whatever the chart has; add it',
  ],
  [
    'another version than the one that is written',
    file('gitops/envs/prod/store/version.yaml', 'image: { tag: 9.9.9 }'),
    'prod: store: Deployment/store: spec.template.spec.containers[0].image: is ghcr.io/eda-blueprint/eda-blueprint/store:0.1.0, and gitops/envs/prod/store/version.yaml says 9.9.9; say it there only',
  ],
  [
    'an environment of another name',
    edit('gitops/root/values-prod.yaml', 'environment: prod', 'environment: staging'),
    'prod: gitops/root/values-prod.yaml: environment: is staging; write prod',
  ],
  [
    'an environment with waves of its own',
    edit('gitops/root/values-prod.yaml', 'enabled: false', 'enabled: false, wave: 3'),
    'prod: gitops/root/values-prod.yaml: applications.store-simulator.wave: may not differ between environments; move it to values.yaml',
  ],
  [
    'a version of a chart that is of this repository',
    edit(
      'gitops/root/values-prod.yaml',
      '{ enabled: false }',
      '{ enabled: false, chart: { version: 0.2.0 } }',
    ),
    'prod: gitops/root/values-prod.yaml: applications.store-simulator.chart.version: store-simulator is no chart of others; what it runs stands in gitops/envs/prod/store-simulator',
  ],
  [
    'an upgrade that has arrived everywhere',
    edit(
      'gitops/root/values-prod.yaml',
      'applications:',
      `applications:\n  argocd: { chart: { version: ${ARGOCD} } }\n  cert-manager: { chart: { version: v99.0.0 } }`,
    ),
    'prod: gitops/root/values-prod.yaml: applications.argocd.chart.version: is what values.yaml says; remove it',
  ],
  [
    'an environment that switches off what is not there',
    edit('gitops/root/values-prod.yaml', 'store-simulator:', 'simulator:'),
    'prod: gitops/root/values-prod.yaml: applications.simulator.enabled: there is no application simulator; correct the name',
  ],
];
