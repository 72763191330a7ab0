import { groupOf, nameOf } from '@eda/charts';
import { waveOf } from '../tree/application.ts';
import type { Finding, Invariant } from './invariant.ts';
import { isCustom } from './look.ts';
import type { Environment, Subject } from './subject.ts';
import { worldOf } from './world.ts';

/** That Argo CD's own application has no finalizer is said by `applications`. */
export const teardown: Invariant = {
  name: 'teardown',
  why: 'Waves are deleted in reverse: an operator that goes before its objects leaves them with finalizers that nobody takes away, and their namespace never ends.',
  check: (subject) =>
    subject.environments.flatMap((environment) =>
      [...operators(subject, environment), ...grounds(environment)].map((found) => ({
        environment: environment.environment,
        ...found,
      })),
    ),
};

function operators(subject: Subject, environment: Environment): Finding[] {
  const world = worldOf(subject, environment);
  const waves = new Map(environment.children.map(({ name, application }) => [name, waveOf(application)]));
  const found = new Map<string, Finding>();
  for (const { application, object } of world.all) {
    const operator = isCustom(groupOf(object)) ? world.bringerOf(groupOf(object)) : undefined;
    if (operator === undefined || operator === application) continue;
    const [own, its] = [waves.get(application) ?? 0, waves.get(operator) ?? 0];
    if (its >= own && !found.has(`${application} ${operator}`))
      found.set(`${application} ${operator}`, {
        application,
        object: nameOf(object),
        reason: `is deleted in wave ${own}, when ${operator}, which has to let go of it, is deleted in wave ${its}; give ${operator} an earlier wave`,
      });
  }
  return [...found.values()];
}

/** Projects, then namespaces, then all else: an application can be deleted as long as both are there. */
function grounds({ root }: Environment): Finding[] {
  const rank = (kind: string) => ['AppProject', 'Namespace', 'Application'].indexOf(kind);
  return root.flatMap((object): Finding[] => {
    const later = root.find(
      (other) => rank(other.kind) > rank(object.kind) && waveOf(other) <= waveOf(object),
    );
    return later === undefined || rank(object.kind) < 0
      ? []
      : [
          {
            object: nameOf(object),
            path: 'metadata.annotations["argocd.argoproj.io/sync-wave"]',
            reason: `is ${waveOf(object)}, so that it is deleted no later than ${nameOf(later)} of wave ${waveOf(later)}, which needs it; make it earlier`,
          },
        ];
  });
}
