import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { administrators, jobsEnded } from '../bootstrap-job.ts';
import { kubectl } from '../kubectl.ts';
import { changesBetween, snapshot } from '../snapshot.ts';
import { untilGreen } from '../wait.ts';
import { BOOTSTRAP } from './bootstrap.ts';
import { settled } from './settled.ts';
import type { Step, StepContext } from './step.ts';

export const again: Step = {
  name: 'again',
  title: 'applying the same again changes nothing, and leaves no rights behind',
  async run({ repository, note, timeoutSeconds }: StepContext) {
    const revision = await settled({ repository, timeoutSeconds });
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
