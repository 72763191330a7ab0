import { describe, expect, it } from 'vitest';
import { jobs } from './jobs.ts';
import { changed, told } from './policy.setup.ts';

const JOB = `
apiVersion: batch/v1
kind: Job
metadata: { name: registration-0a1b2c3d, annotations: {} }
spec: { backoffLimit: 3, activeDeadlineSeconds: 600 }
`;
const job = (from: string, to: string) => told(jobs, changed(JOB, from, to));

describe('A Job', () => {
  it('with a hash in its name and an end is right', () => {
    expect(told(jobs, JOB)).toEqual([]);
  });

  it.each([
    [
      '-0a1b2c3d',
      '',
      'Job/registration metadata.name: does not end in a hash of its content; add one, so that a change makes a new Job',
    ],
    [
      'spec: { ',
      'spec: { ttlSecondsAfterFinished: 60, ',
      'Job/registration-0a1b2c3d spec.ttlSecondsAfterFinished: deletes the Job, and Argo CD makes it again; remove it',
    ],
    [
      'backoffLimit: 3, ',
      '',
      'Job/registration-0a1b2c3d spec.backoffLimit: is missing; say how often it is tried',
    ],
    [
      ', activeDeadlineSeconds: 600',
      '',
      'Job/registration-0a1b2c3d spec.activeDeadlineSeconds: is missing; say when it has failed',
    ],
    [
      'annotations: {}',
      'annotations: { helm.sh/hook: test }',
      'Job/registration-0a1b2c3d metadata.annotations: is a hook that is never deleted, and the next one of its name fails; set a hook-delete-policy',
    ],
  ])('is wrong when "%s" becomes "%s"', (from, to, line) => {
    expect(job(from, to)).toEqual([line]);
  });

  it('that is a hook and deleted as one needs no hash', () => {
    const hook =
      '{ name: golden, annotations: { helm.sh/hook: test, helm.sh/hook-delete-policy: before-hook-creation } }';
    expect(job('{ name: registration-0a1b2c3d, annotations: {} }', hook)).toEqual([]);
  });
});
