import { add, type Broken, edit } from '../broken.setup.ts';

const HEALTH = 'gitops/platform/argocd/health.generated.yaml';

export const BROKEN: readonly Broken[] = [
  [
    'a kind that Argo CD does not know',
    add('dev/store', 'apiVersion: example.org/v1\nkind: Shop\nmetadata: { name: a, namespace: apps }'),
    'dev: store: Shop/a: Argo CD has no health for example.org/Shop; write gitops/health/example.org_Shop.lua, or add it with a reason to NONE in health.ts',
  ],
  [
    'a kind that a project may make',
    add(
      'dev/root',
      'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: { name: more }\nspec: { namespacedResourceWhitelist: [], clusterResourceWhitelist: [{ group: example.org, kind: Shop }] }',
    ),
    'dev: AppProject/more: Argo CD has no health for example.org/Shop; write gitops/health/example.org_Shop.lua, or add it with a reason to NONE in health.ts',
  ],
  [
    'a script that is gone',
    edit(HEALTH, 'resource.customizations.health.access.strimzi.io_KafkaAccess:', 'other:'),
    'all: console: KafkaAccess/console-kafka: Argo CD has no health for access.strimzi.io/KafkaAccess; write gitops/health/access.strimzi.io_KafkaAccess.lua, or add it with a reason to NONE in health.ts',
  ],
  [
    'applications without health',
    edit(HEALTH, 'resource.customizations.health.argoproj.io_Application:', 'other:'),
    'all: Application/argocd: Argo CD has no health for argoproj.io/Application; write gitops/health/argoproj.io_Application.lua, or add it with a reason to NONE in health.ts',
  ],
];
