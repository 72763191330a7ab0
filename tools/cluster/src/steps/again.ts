import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { kubectl, list, type LiveObject } from '../kubectl.ts';
import { changesBetween, snapshot } from '../snapshot.ts';
import { until, untilGreen } from '../wait.ts';
import { BOOTSTRAP } from './bootstrap.ts';
import type { Step, StepContext } from './step.ts';

interface Binding extends LiveObject {
  readonly roleRef: { readonly name: string };
  readonly subjects?: readonly { readonly name: string }[];
}

interface Job extends LiveObject {
  readonly status?: { readonly active?: number; readonly succeeded?: number };
}

export const again: Step = {
  name: 'again',
  title: 'applying the same again changes nothing, and leaves no rights behind',
  async run({ repository, note, timeoutSeconds }: StepContext) {
    const revision = await repository.publish();
    await untilGreen(revision, { note: () => undefined, timeoutSeconds });
    await jobsEnded(timeoutSeconds);
    const before = await snapshot();
    const began = Date.now();
    await kubectl(['apply', '-f', join(repository.folder, BOOTSTRAP)]);
    // The Job that the apply makes, if any, begins within this time.
    await sleep(5_000);
    await jobsEnded(timeoutSeconds);
    const took = Math.round((Date.now() - began) / 1000);
    await untilGreen(revision, { note, timeoutSeconds });
    const problems = changesBetween(before, await snapshot());
    const left = await administrators();
    return {
      seen: `${before.size} objects are the same ${took} s after a second apply`,
      problems: [
        ...problems,
        ...left.map((name) => `ClusterRoleBinding ${name} still makes the bootstrap a cluster-admin`),
      ],
    };
  },
};

async function jobsEnded(timeoutSeconds: number): Promise<void> {
  await until(
    async () => {
      const jobs = await list<Job>('jobs', 'argocd');
      return jobs.some(({ status }) => (status?.active ?? 0) > 0) ? undefined : true;
    },
    'the Jobs in namespace argocd end',
    timeoutSeconds,
  );
}

/** The account of the Job, of gitops/bootstrap/10-rbac.yaml. */
const ACCOUNT = 'argocd-bootstrap';

/** Bindings that make it a cluster-admin. */
async function administrators(): Promise<string[]> {
  const bindings = await list<Binding>('clusterrolebindings');
  return bindings
    .filter(({ roleRef }) => roleRef.name === 'cluster-admin')
    .filter(({ subjects = [] }) => subjects.some(({ name }) => name === ACCOUNT))
    .map(({ metadata }) => metadata.name);
}
