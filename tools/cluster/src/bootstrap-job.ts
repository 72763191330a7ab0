/** What the bootstrap's Job leaves behind, and what it must not. */
import { list, type LiveObject } from './kubectl.ts';
import { until } from './wait.ts';

interface Binding extends LiveObject {
  readonly roleRef: { readonly name: string };
  readonly subjects?: readonly { readonly name: string }[];
}

interface Job extends LiveObject {
  readonly status?: { readonly active?: number };
}

/** Resolves when no Job of Argo CD's namespace is at work. Throws a `ClusterError` when that takes too long. */
export async function jobsEnded(timeoutSeconds: number): Promise<void> {
  await until(
    async () => {
      const jobs = await list<Job>('jobs', 'argocd');
      return jobs.some(({ status }) => (status?.active ?? 0) > 0) ? undefined : true;
    },
    'the Jobs in namespace argocd end',
    timeoutSeconds,
  );
}

/** The account of the Job, of gitops/bootstrap/10-rbac.yaml. */
const ACCOUNT = 'argocd-bootstrap';

/** Returns the names of the bindings that make the Job's account a cluster-admin. */
export async function administrators(): Promise<string[]> {
  const bindings = await list<Binding>('clusterrolebindings');
  return bindings
    .filter(({ roleRef }) => roleRef.name === 'cluster-admin')
    .filter(({ subjects = [] }) => subjects.some(({ name }) => name === ACCOUNT))
    .map(({ metadata }) => metadata.name);
}
