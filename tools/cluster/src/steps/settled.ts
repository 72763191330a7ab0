import { applications, isLookedAt } from '../application.ts';
import { until, untilGreen } from '../wait.ts';
import type { StepContext } from './step.ts';

/**
 * Gives the cluster what is committed and returns the commit, once all applications are green at it and Argo CD has looked at all that it
 * was asked to: what a step changes begins from there. Throws a `ClusterError` when that takes too long.
 */
export async function settled({
  repository,
  timeoutSeconds,
}: Pick<StepContext, 'repository' | 'timeoutSeconds'>): Promise<string> {
  const revision = await repository.publish();
  await untilGreen(revision, { timeoutSeconds });
  await until(
    async () => ([...(await applications()).values()].some(isLookedAt) ? undefined : true),
    'Argo CD has looked at the applications that it was asked to look at',
    timeoutSeconds,
  );
  return revision;
}
