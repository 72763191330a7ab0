import type { Policy, Violation } from './policy.ts';
import { containersOf, workloadsOf } from './workloads.ts';

export const noSecretData: Policy = {
  name: 'no-secret-data',
  why: 'What a chart renders stands in git or in the history of releases, where a password can be read for ever.',
  check: ({ objects }) => [
    ...objects
      .filter(({ kind }) => kind === 'Secret')
      .flatMap((object) =>
        ['data', 'stringData'].flatMap((field): Violation[] =>
          Object.keys(object[field] ?? {}).map((key) => ({
            object,
            path: `${field}["${key}"]`,
            reason: 'is a secret in a chart; let an operator of the cluster make it',
          })),
        ),
      ),
    ...workloadsOf(objects).flatMap((workload) =>
      containersOf(workload).flatMap(({ container, path }) =>
        (container.env ?? []).flatMap(({ name, value = '' }, index): Violation[] =>
          isSecretName(name) && value !== ''
            ? [
                {
                  object: workload.object,
                  path: `${path}.env[${index}].value`,
                  reason: `${name} stands here in plain text; use secretKeyRef`,
                },
              ]
            : [],
        ),
      ),
    ),
  ],
};

function isSecretName(name: string): boolean {
  return /(^|_)(PASSWORD|PASSPHRASE|SECRET|TOKEN|PRIVATE_KEY|API_KEY|ACCESS_KEY)$/.test(name);
}
