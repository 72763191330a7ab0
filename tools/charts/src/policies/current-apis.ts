import { groupOf } from '../render/kube-object.ts';
import type { Policy, Violation } from './policy.ts';

export const currentApis: Policy = {
  name: 'current-apis',
  why: 'An API that is deprecated goes away with an upgrade of the cluster, and a beta one may be switched off today; then nothing of the chart installs.',
  check: ({ objects }) =>
    objects.flatMap((object): Violation[] => {
      const { apiVersion, kind } = object;
      const instead = DEPRECATED[`${apiVersion}/${kind}`];
      if (instead !== undefined)
        return [
          { object, path: 'apiVersion', reason: `${kind} of ${apiVersion} is deprecated; use ${instead}` },
        ];
      const only = ONLY[groupOf(object)];
      if (only !== undefined && apiVersion !== only)
        return [{ object, path: 'apiVersion', reason: `${apiVersion} is not served any more; use ${only}` }];
      const builtIn = isBuiltIn(groupOf(object));
      return builtIn && /v\d+(alpha|beta)\d+$/.test(apiVersion)
        ? [
            {
              object,
              path: 'apiVersion',
              reason: `${apiVersion} is not stable; use a version without alpha and beta`,
            },
          ]
        : [];
    }),
};

/** What Kubernetes 1.35 still serves and advises against. */
const DEPRECATED: Readonly<Record<string, string>> = {
  'v1/Endpoints': 'EndpointSlice of discovery.k8s.io/v1',
  'v1/ComponentStatus': 'the health endpoints of the API server',
  'v1/ReplicationController': 'Deployment of apps/v1',
};

/** Groups of others of which one version is left. */
const ONLY: Readonly<Record<string, string>> = { 'kafka.strimzi.io': 'kafka.strimzi.io/v1' };

const GROUPS = ['', 'apps', 'autoscaling', 'batch', 'policy'];
/** Projects of Kubernetes that are installed besides it; their own versions say what is stable. */
const BESIDES = ['gateway.networking.k8s.io', 'snapshot.storage.k8s.io'];

function isBuiltIn(group: string): boolean {
  return GROUPS.includes(group) || (group.endsWith('.k8s.io') && !BESIDES.includes(group));
}
