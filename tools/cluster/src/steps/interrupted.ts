import { join } from 'node:path';
import { applications, needsOf } from '../application.ts';
import { administrators, jobsEnded } from '../bootstrap-job.ts';
import { kubectl, list, type LiveObject } from '../kubectl.ts';
import { brokenEdges } from '../time-line.ts';
import { until, untilGreen } from '../wait.ts';
import { BOOTSTRAP } from './bootstrap.ts';
import type { Step, StepContext } from './step.ts';

/** A place where somebody or something ends the bootstrap. */
interface Interruption {
  readonly title: string;
  /** What is applied; the folder when absent. */
  readonly files?: readonly string[];
  /** Holds the bootstrap where it is to be interrupted. */
  readonly hold?: () => Promise<unknown>;
  /** Resolves when the bootstrap has come so far. */
  readonly reached: () => Promise<true | undefined>;
  readonly interrupt: () => Promise<void>;
}

export const interrupted: Step = {
  name: 'interrupted',
  title: 'a bootstrap that is interrupted at five points, and applied again each time, ends as any other',
  async run({ repository, note, timeoutSeconds }: StepContext) {
    if ((await applications()).size > 0)
      return {
        seen: 'not tried',
        problems: ['there are applications; take an empty cluster, or one after teardown'],
      };
    await forgetArgocd();
    const revision = await repository.publish();
    const folder = join(repository.folder, BOOTSTRAP);
    for (const [index, { title, files = ['.'], hold, reached, interrupt }] of INTERRUPTIONS.entries()) {
      await hold?.();
      for (const file of files) await kubectl(['apply', '-f', join(folder, file)]);
      await until(reached, title, timeoutSeconds);
      await interrupt();
      note(`${index + 1}. interrupted: ${title}`);
    }
    const began = Date.now();
    await kubectl(['apply', '-f', folder]);
    const milestones = await untilGreen(revision, { timeoutSeconds });
    const took = Math.round((Date.now() - began) / 1000);
    await jobsEnded(timeoutSeconds);
    const all = await applications();
    const left = [
      ...(await administrators()).map(
        (name) => `ClusterRoleBinding ${name} still makes the bootstrap a cluster-admin`,
      ),
      ...(await unfinishedReleases()).map(
        ({ metadata }) => `Secret ${metadata.name} is left of a Helm that was ended`,
      ),
    ];
    return {
      seen: `${all.size} applications green ${took} s after the last of ${INTERRUPTIONS.length + 1} applies`,
      problems: [
        ...brokenEdges(
          milestones,
          new Map([...all].map(([name, application]) => [name, needsOf(application)])),
        ),
        ...left,
      ],
    };
  },
};

const INTERRUPTIONS: readonly Interruption[] = [
  {
    title: 'the apply itself, after the namespace and the rights',
    files: ['00-namespace.yaml', '10-rbac.yaml'],
    reached: () => Promise.resolve(true),
    interrupt: () => Promise.resolve(),
  },
  {
    title: 'the Job, deleted when its pod has just begun',
    reached: async () => isThere(await pods()),
    interrupt: deleteJob,
  },
  {
    title: 'Helm, killed while it installs Argo CD',
    reached: async () => isThere(await unfinishedReleases()),
    interrupt: kill,
  },
  {
    title: 'the Job, killed when Argo CD is installed and there is no root application yet',
    hold: () => kubectl([...ARGOCD, 'create', 'quota', QUOTA, '--hard', 'count/applications.argoproj.io=0']),
    reached: async () =>
      isThere((await outcomes()).filter((text) => text.includes('root application is refused'))),
    interrupt: async () => {
      await kill();
      await kubectl([...ARGOCD, 'delete', 'quota', QUOTA]);
    },
  },
  {
    title: 'the controller of Argo CD, killed when the root is in the middle of its waves',
    reached: async () => ((await applications()).size >= SOME_WAVES ? true : undefined),
    interrupt: async () => {
      await kubectl([...ARGOCD, 'delete', 'pod', 'argocd-application-controller-0', ...AT_ONCE]);
      await deleteJob();
    },
  },
];

/** So many applications are there when the operators are green and what they look after is being made. */
const SOME_WAVES = 9;
const ARGOCD = ['--namespace', 'argocd'];
const QUOTA = 'no-applications';
const AT_ONCE = ['--grace-period=0', '--force', '--ignore-not-found', '--wait=false'];
const OF_BOOTSTRAP = ['--selector', 'app.kubernetes.io/name=argocd-bootstrap'];

function isThere(found: readonly unknown[]): true | undefined {
  return found.length > 0 ? true : undefined;
}

async function pods(): Promise<readonly LiveObject[]> {
  const all = await list<LiveObject & { readonly status?: { readonly phase?: string } }>('pods', 'argocd');
  return all.filter(
    ({ metadata, status }) =>
      metadata.labels?.['app.kubernetes.io/name'] === 'argocd-bootstrap' && status?.phase === 'Running',
  );
}

/** As somebody does who is tired of waiting: the pod may come to its end. */
async function deleteJob(): Promise<void> {
  await kubectl([...ARGOCD, 'delete', 'job', ...OF_BOOTSTRAP, '--ignore-not-found']);
}

/** As a node does that is lost: the pod is not asked. */
async function kill(): Promise<void> {
  await kubectl([...ARGOCD, 'delete', 'pod', ...OF_BOOTSTRAP, ...AT_ONCE]);
  await deleteJob();
}

/** What the Job says of how it goes. */
async function outcomes(): Promise<string[]> {
  const all = await list<LiveObject & { readonly data?: { readonly message?: string } }>(
    'configmaps',
    'argocd',
  );
  return all
    .filter(({ metadata }) => metadata.name === 'argocd-bootstrap-result')
    .map(({ data }) => data?.message ?? '');
}

async function releases(...states: readonly string[]): Promise<readonly LiveObject[]> {
  return (await list('secrets', 'argocd')).filter(
    ({ metadata: { labels } }) => labels?.['owner'] === 'helm' && states.includes(labels['status'] ?? ''),
  );
}

function unfinishedReleases(): Promise<readonly LiveObject[]> {
  return releases('pending-install', 'pending-upgrade', 'pending-rollback');
}

/** What a teardown leaves in place, so that the cluster is as empty as before the first apply. */
async function forgetArgocd(): Promise<void> {
  await kubectl(['delete', 'namespace', 'argocd', '--ignore-not-found']);
  const kinds = ['applications', 'applicationsets', 'appprojects'].map((kind) => `${kind}.argoproj.io`);
  await kubectl(['delete', 'crd', ...kinds, '--ignore-not-found']);
  await kubectl([
    'delete',
    'clusterrole,clusterrolebinding',
    '--selector',
    'app.kubernetes.io/part-of=argocd',
    '--ignore-not-found',
  ]);
}
