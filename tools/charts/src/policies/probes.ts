import type { Policy, Violation } from './policy.ts';
import { containersOf, workloadsOf } from './workloads.ts';

export const probes: Policy = {
  name: 'probes',
  why: 'Without a readiness probe a roll-out sends requests to what cannot answer yet; without a liveness probe what hangs stays.',
  check: ({ objects }) =>
    workloadsOf(objects).flatMap((workload) =>
      containersOf(workload)
        .filter(({ longRunning }) => longRunning)
        .flatMap(({ container, path }) =>
          PROBES.filter((probe) => container[probe] === undefined).map((probe): Violation => ({
            object: workload.object,
            path: `${path}.${probe}`,
            reason: 'is missing; every container that runs on needs one',
          })),
        ),
    ),
};

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;
