import type { KubeObject } from '../render/kube-object.ts';
import type { Container } from './pod-types.ts';
import type { Policy, Violation } from './policy.ts';
import { parseQuantity } from './quantity.ts';
import { containersOf, workloadsOf } from './workloads.ts';

export const resources: Policy = {
  name: 'resources',
  why: 'Without requests a pod lands on a node that has no room for it; without a limit of memory one leak takes its neighbours along.',
  check: ({ objects }) => [
    ...workloadsOf(objects).flatMap((workload) =>
      containersOf(workload).flatMap(({ container, path }) =>
        violations(workload.object, `${path}.resources`, container.resources),
      ),
    ),
    ...objects
      .filter(({ kind }) => MANAGED.includes(kind))
      .flatMap((object) =>
        violations(object, 'spec.resources', object.spec?.['resources'] as Container['resources']),
      ),
  ],
};

/** Resources whose pods an operator makes with `spec.resources`. */
const MANAGED = ['KafkaNodePool', 'KafkaConnect', 'Cluster'];

function violations(
  object: KubeObject,
  path: string,
  { requests = {}, limits = {} }: Container['resources'] = {},
): Violation[] {
  const found: Violation[] = [];
  for (const [name, given] of [
    ['requests.cpu', requests['cpu']],
    ['requests.memory', requests['memory']],
    ['limits.memory', limits['memory']],
  ] as const) {
    if (given === undefined)
      found.push({ object, path: `${path}.${name}`, reason: 'is missing; say what is needed' });
  }
  for (const [name, limit] of Object.entries(limits)) {
    const request = requests[name];
    if (request !== undefined && parseQuantity(request) > parseQuantity(limit)) {
      found.push({
        object,
        path: `${path}.requests.${name}`,
        reason: `${request} is more than the limit ${limit}, and the pod is refused; raise the limit`,
      });
    }
  }
  return found;
}
