import { type Broken, type Change, edit, file, set } from '../broken.setup.ts';
import { rootApplication } from '../root-application.ts';

const ROOT = 'gitops/bootstrap/30-root.yaml';

/** A change that needs the address, which is another in each copy of this repository. */
const withAddress =
  (change: (address: string) => Change): Change =>
  (draft) =>
    change(rootApplication(draft)?.repoURL ?? '')(draft);

export const BROKEN: readonly Broken[] = [
  [
    'an address in the values of an environment',
    withAddress((address) =>
      file('gitops/envs/dev/store/settings.yaml', `a: ${address.replace(/\.git$/, '')}/blob/main/docs`),
    ),
    'gitops/envs/dev/store/settings.yaml: names the repository, which stands in 30-root.yaml; take it from there (repoURL, or links in gitops/root/values.yaml)',
  ],
  [
    'an address in a chart',
    withAddress((address) => file('charts/store/templates/deployment.yaml', `# ${address}`)),
    'charts/store/templates/deployment.yaml: names the repository, which stands in 30-root.yaml; take it from there (repoURL, or links in gitops/root/values.yaml)',
  ],
  [
    'an address that is written twice in the root',
    withAddress((address) => edit(ROOT, 'repoURL: *repository', `repoURL: ${address}`)),
    'gitops/bootstrap/30-root.yaml: names the repository 2 times; write it once and refer to it (&repository, *repository)',
  ],
  [
    'a root without address',
    withAddress((address) => edit(ROOT, `&repository ${address}`, "&repository ''")),
    'gitops/bootstrap/30-root.yaml: names no repository; the root needs one',
  ],
  [
    'an application of a fixed repository',
    set('dev/store', 'spec.source.repoURL', 'https://example.org/a.git'),
    'dev: Application/store: does not follow the repository that the root is told; use repoURL and revision as they are',
  ],
  [
    'an application of a fixed commit',
    set('dev/store', 'spec.source.targetRevision', 'main'),
    'dev: Application/store: does not follow the repository that the root is told; use repoURL and revision as they are',
  ],
];
