import type { Volume } from './pod-types.ts';
import type { Policy, Violation } from './policy.ts';
import { containersOf, workloadsOf } from './workloads.ts';

export const secretsAsDirectories: Policy = {
  name: 'secrets-as-directories',
  why: 'A Secret that is mounted with subPath never sees its renewal, and the pod goes on with a password that no longer works.',
  check: ({ objects }) =>
    workloadsOf(objects).flatMap((workload) => {
      const secrets = new Set((workload.pod.volumes ?? []).filter(holdsSecret).map(({ name }) => name));
      return containersOf(workload).flatMap(({ container, path }) =>
        (container.volumeMounts ?? []).flatMap(({ name, subPath, subPathExpr }, index): Violation[] =>
          secrets.has(name) && (subPath ?? subPathExpr) !== undefined
            ? [
                {
                  object: workload.object,
                  path: `${path}.volumeMounts[${index}].${subPath === undefined ? 'subPathExpr' : 'subPath'}`,
                  reason: 'mounts one file of a Secret; mount the Secret as a directory',
                },
              ]
            : [],
        ),
      );
    }),
};

function holdsSecret({ secret, projected }: Volume): boolean {
  return secret !== undefined || (projected?.sources ?? []).some((source) => 'secret' in source);
}
