import { join } from 'node:path';
import { applications, needsOf, waveOf } from '../application.ts';
import { kubectl, list } from '../kubectl.ts';
import { brokenEdges, timeLine } from '../time-line.ts';
import { untilGreen } from '../wait.ts';
import type { Step, StepContext } from './step.ts';

/** The folder that is applied. */
export const BOOTSTRAP = 'gitops/bootstrap';

export const bootstrap: Step = {
  name: 'bootstrap',
  title: 'one apply makes everything of an empty cluster, in order',
  async run({ repository, note, timeoutSeconds }: StepContext) {
    const present = await list('namespaces');
    if (present.some(({ metadata }) => metadata.name === 'argocd'))
      return { seen: 'not tried', problems: ['there is a namespace argocd already; take an empty cluster'] };
    const revision = await repository.publish();
    const began = Date.now();
    await kubectl(['apply', '-f', join(repository.folder, BOOTSTRAP)]);
    const milestones = await untilGreen(revision, { note, timeoutSeconds });
    const took = Math.round((Date.now() - began) / 1000);
    const all = await applications();
    const needs = new Map([...all].map(([name, application]) => [name, needsOf(application)]));
    const waves = new Map([...all].map(([name, application]) => [name, waveOf(application)]));
    for (const line of timeLine(milestones, waves)) note(line);
    const edges = [...needs.values()].reduce((sum, { length }) => sum + length, 0);
    return {
      seen: `${all.size} applications green after ${took} s; ${edges} needs were green before what needs them was made`,
      problems: brokenEdges(milestones, needs),
    };
  },
};
