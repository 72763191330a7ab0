import type { KubeObject } from '../render/kube-object.ts';
import type { Policy, Violation } from './policy.ts';

export const jobs: Policy = {
  name: 'jobs',
  why: 'A Job is immutable, so one whose name does not change with its content cannot be upgraded; one that deletes itself is made again and again by Argo CD.',
  check: ({ objects }) => objects.filter(({ kind }) => kind === 'Job').flatMap(ofJob),
};

const HOOKS = ['helm.sh/hook', 'argocd.argoproj.io/hook'];
const DELETE_POLICIES = ['helm.sh/hook-delete-policy', 'argocd.argoproj.io/hook-delete-policy'];

interface JobSpec {
  readonly ttlSecondsAfterFinished?: number;
  readonly backoffLimit?: number;
  readonly activeDeadlineSeconds?: number;
}

function ofJob(object: KubeObject): Violation[] {
  const { annotations = {}, name } = object.metadata;
  const { ttlSecondsAfterFinished, backoffLimit, activeDeadlineSeconds } = (object.spec ?? {}) as JobSpec;
  const found: Violation[] = [];
  const isHook = HOOKS.some((hook) => hook in annotations);
  if (isHook && !DELETE_POLICIES.some((policy) => policy in annotations))
    found.push({
      object,
      path: 'metadata.annotations',
      reason: 'is a hook that is never deleted, and the next one of its name fails; set a hook-delete-policy',
    });
  if (!isHook && !/-[0-9a-f]{8,}$/.test(name))
    found.push({
      object,
      path: 'metadata.name',
      reason: 'does not end in a hash of its content; add one, so that a change makes a new Job',
    });
  if (!isHook && ttlSecondsAfterFinished !== undefined)
    found.push({
      object,
      path: 'spec.ttlSecondsAfterFinished',
      reason: 'deletes the Job, and Argo CD makes it again; remove it',
    });
  if (backoffLimit === undefined)
    found.push({ object, path: 'spec.backoffLimit', reason: 'is missing; say how often it is tried' });
  if (activeDeadlineSeconds === undefined)
    found.push({ object, path: 'spec.activeDeadlineSeconds', reason: 'is missing; say when it has failed' });
  return found;
}
