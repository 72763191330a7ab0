import type { KubeObject } from '../render/kube-object.ts';
import type { Policy, Violation } from './policy.ts';
import { workloadsOf } from './workloads.ts';

export const serviceAccountToken: Policy = {
  name: 'service-account-token',
  why: 'Whoever gets into a pod with a token can ask the API server in its name; a pod that never asks needs none.',
  check: ({ objects }) => {
    const entitled = entitledAccounts(objects);
    return [
      ...objects
        .filter(({ kind, metadata }) => kind === 'ServiceAccount' && !entitled.has(metadata.name))
        .filter((object) => object['automountServiceAccountToken'] !== false)
        .map((object) => ({ object, path: 'automountServiceAccountToken', reason: FALSE })),
      ...workloadsOf(objects).flatMap(({ object, path, pod }): Violation[] => {
        const account = pod.serviceAccountName;
        const ownAccount =
          account === undefined || account === 'default'
            ? [
                {
                  object,
                  path: `${path}.serviceAccountName`,
                  reason: 'is the account that all pods of the namespace share; name one of its own',
                },
              ]
            : [];
        if (account !== undefined && entitled.has(account)) return ownAccount;
        const projected = (pod.volumes ?? []).flatMap(({ projected }, index): Violation[] =>
          (projected?.sources ?? []).some((source) => 'serviceAccountToken' in source)
            ? [
                {
                  object,
                  path: `${path}.volumes[${index}]`,
                  reason:
                    'mounts a token of an account without rights; remove it, or bind a Role to the account',
                },
              ]
            : [],
        );
        return [
          ...ownAccount,
          ...(pod.automountServiceAccountToken === false
            ? []
            : [{ object, path: `${path}.automountServiceAccountToken`, reason: FALSE }]),
          ...projected,
        ];
      }),
    ];
  },
};

const FALSE = 'has to be false, since no Role is bound to the account; set it, or bind one';

/** The accounts that a binding of the same chart gives rights to. */
function entitledAccounts(objects: readonly KubeObject[]): Set<string> {
  return new Set(
    objects
      .filter(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding')
      .flatMap(({ subjects }) => (subjects ?? []) as { readonly kind: string; readonly name: string }[])
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ name }) => name),
  );
}
