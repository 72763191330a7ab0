import { nameOf } from '@eda/charts';
import { parse } from 'yaml';
import { ROOT_FILE } from '../adoption/root-file.ts';
import { type Application, sourcesOf } from '../tree/application.ts';
import { SOME_REPOSITORY, SOME_REVISION } from '../tree/render-tree.ts';
import type { Finding, Invariant } from './invariant.ts';
import { at, listAt, textAt } from './look.ts';
import { rootApplication } from './root-application.ts';
import type { Environment, Subject } from './subject.ts';

export const applications: Invariant = {
  name: 'applications',
  why: 'An application that is not pinned, does not retry, or is not cleaned up behaves unlike all others when something goes wrong, which is when nobody looks.',
  check: (subject) => [
    ...ofRoot(subject),
    ...subject.environments.flatMap((environment) =>
      environment.children.flatMap(({ name, application }) =>
        [
          ...ofSync(application),
          ...ofPlace(application, environment),
          ...ofSources(application, subject, environment),
        ].map((found) => ({ environment: environment.environment, application: name, ...found })),
      ),
    ),
  ],
};

/** What Argo CD fills in: the root tells its children where it was read, and which commit. */
const FILLED_IN = { repoURL: '$ARGOCD_APP_SOURCE_REPO_URL', revision: '$ARGOCD_APP_REVISION' };

function ofRoot(subject: Subject): Finding[] {
  const root = rootApplication(subject)?.application;
  if (root === undefined)
    return [{ object: ROOT_FILE, reason: 'has no Application with a repoURL, or no AppProject; add it' }];
  const policy = root.spec['syncPolicy'];
  const parameters = listAt(root, 'spec', 'source', 'helm', 'parameters');
  const found: Finding[] = ofSync(root).filter(({ path }) => path !== RETRY_LIMIT && path !== OPTIONS_PATH);
  if (at(policy, 'retry', 'limit') !== -1)
    found.push({
      path: RETRY_LIMIT,
      reason: `is ${textAt(policy, 'retry', 'limit') || 'missing'}; set -1: a root that has given up does not see the repair`,
    });
  for (const option of ['PruneLast=true', 'ServerSideApply=true'])
    if (!listAt(policy, 'syncOptions').includes(option))
      found.push({ path: OPTIONS_PATH, reason: `lacks ${option}; add it` });
  for (const [name, value] of Object.entries(FILLED_IN)) {
    const parameter = parameters.find((one) => textAt(one, 'name') === name);
    if (textAt(parameter, 'value') !== value || at(parameter, 'forceString') !== true)
      found.push({
        path: `spec.source.helm.parameters.${name}`,
        reason: `is not ${value} as a string, so that applications are not pinned to the commit of the root; set it`,
      });
  }
  return found.map((finding) => ({ object: `${ROOT_FILE}: ${nameOf(root)}`, ...finding }));
}

const RETRY_LIMIT = 'spec.syncPolicy.retry.limit';
const OPTIONS_PATH = 'spec.syncPolicy.syncOptions';

const OPTIONS = [
  'CreateNamespace=false',
  'FailOnSharedResource=true',
  'PruneLast=true',
  'PrunePropagationPolicy=foreground',
  'RespectIgnoreDifferences=true',
  'ServerSideApply=true',
  'SkipDryRunOnMissingResource=true',
];

const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** Argo CD itself: with the finalizer, deleting the root would delete what has to do the deleting. */
const KEPT = 'argocd';

function ofSync({ metadata, spec }: Application): Finding[] {
  const policy = spec['syncPolicy'];
  const found: Finding[] = [];
  for (const key of ['prune', 'selfHeal']) {
    if (at(policy, 'automated', key) !== true)
      found.push({
        path: `spec.syncPolicy.automated.${key}`,
        reason: 'is not true, so that the cluster drifts from Git; set it',
      });
  }
  const limit = at(policy, 'retry', 'limit');
  if (typeof limit !== 'number' || limit < 1)
    found.push({
      path: RETRY_LIMIT,
      reason: `is ${textAt(policy, 'retry', 'limit') || 'missing'}; set a finite number: without end, it keeps to the commit it failed with`,
    });
  if (at(policy, 'retry', 'refresh') !== true)
    found.push({
      path: 'spec.syncPolicy.retry.refresh',
      reason: 'is not true, so that a retry does not see the repair; set it',
    });
  const missing = OPTIONS.filter((option) => !listAt(policy, 'syncOptions').includes(option));
  if (missing.length > 0) found.push({ path: OPTIONS_PATH, reason: `lacks ${missing.join(', ')}; add it` });
  const cleansUp = listAt(metadata, 'finalizers').includes(FINALIZER);
  if (cleansUp === (metadata.name === KEPT))
    found.push({
      path: 'metadata.finalizers',
      reason: cleansUp
        ? 'deletes Argo CD while it deletes; set keep: true in the inventory'
        : `lacks ${FINALIZER}, so that what it made outlives it; remove keep from the inventory`,
    });
  return found;
}

function ofPlace({ metadata, spec }: Application, { root }: Environment): Finding[] {
  const wave = metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? '';
  const found: Finding[] = [];
  if (!/^-?\d+$/.test(wave))
    found.push({
      path: 'metadata.annotations["argocd.argoproj.io/sync-wave"]',
      reason: `is "${wave}", which Argo CD takes for 0; write a whole number`,
    });
  if (!root.some(({ kind, metadata: { name } }) => kind === 'AppProject' && name === spec.project))
    found.push({ path: 'spec.project', reason: `there is no project ${spec.project}; add it to projects` });
  return found;
}

function ofSources(application: Application, subject: Subject, { environment }: Environment): Finding[] {
  const { name } = application.metadata;
  return sourcesOf(application).flatMap((source, index): Finding[] => {
    const path = application.spec.source === undefined ? `spec.sources[${index}]` : 'spec.source';
    const ours = source.chart === undefined;
    const pinned = ours
      ? source.repoURL === SOME_REPOSITORY && source.targetRevision === SOME_REVISION
      : /^v?\d+\.\d+\.\d+$/.test(source.targetRevision);
    const found: Finding[] = pinned
      ? []
      : [
          {
            path: `${path}.targetRevision`,
            reason: ours
              ? `is ${source.targetRevision} of ${source.repoURL}, not the commit that the root is at; use repoURL and revision`
              : `is ${source.targetRevision}, which may be another chart tomorrow; write one version`,
          },
        ];
    // Argo CD passes over a file that is not there, as it must where an environment has nothing to say; a misspelt one, too.
    const own = `gitops/envs/${environment}/${name}/`;
    for (const [position, file] of (source.helm?.valueFiles ?? []).entries()) {
      const target = resolveFile(source.path ?? '', file);
      if (!target.startsWith(own) && !subject.files.has(target))
        found.push({
          path: `${path}.helm.valueFiles[${position}]`,
          reason: `there is no ${target}, and Argo CD would pass over it; correct valueFiles`,
        });
    }
    if (source.path?.startsWith('charts/')) found.push(...ofPaths(application, source.path, own, subject));
    return found;
  });
}

function resolveFile(folder: string, file: string): string {
  return file.startsWith('$repository/')
    ? file.slice('$repository/'.length)
    : new URL(file, `file:///${folder}/`).pathname.slice(1);
}

/** What Argo CD does not watch, it renders from its memory when it changes. */
function ofPaths({ metadata }: Application, folder: string, own: string, { files }: Subject): Finding[] {
  const key = 'argocd.argoproj.io/manifest-generate-paths';
  const watched = (metadata.annotations?.[key] ?? '')
    .split(';')
    .map((path) =>
      path.startsWith('/') ? path.slice(1) : new URL(path, `file:///${folder}/`).pathname.slice(1),
    )
    .map((path) => path.replace(/\/?$/, '/'));
  const libraries = listAt(parse(files.get(`${folder}/Chart.yaml`) ?? ''), 'dependencies')
    .map((dependency) => textAt(dependency, 'repository'))
    .filter((repository) => repository.startsWith('file://'))
    .map((repository) => `${resolveFile(folder, repository.slice('file://'.length)).replace(/\/$/, '')}/`);
  return [`${folder}/`, own, ...libraries]
    .filter((needed) => !watched.some((path) => needed.startsWith(path)))
    .map((needed) => ({
      path: `metadata.annotations["${key}"]`,
      reason: `lacks /${needed.slice(0, -1)}, so that a change there would not be seen; add it`,
    }));
}
