/** What becomes of an object that Git no longer has: Argo CD deletes it, asks before, or leaves it. */
import type { KubeObject } from '@eda/charts';

export type Fate = 'deleted' | 'asks' | 'stays';

/** An object of an application that goes on (`Prune`), or of one that is deleted with all it made (`Delete`). */
export type How = 'Prune' | 'Delete';

/** Returns what Argo CD does, by what stands on the object in the cluster, which is what Git had before. */
export function fateOf({ metadata }: KubeObject, how: How): Fate {
  const options = (metadata.annotations?.['argocd.argoproj.io/sync-options'] ?? '')
    .split(',')
    .map((option) => option.trim());
  if (options.includes(`${how}=false`)) return 'stays';
  return options.includes(`${how}=confirm`) ? 'asks' : 'deleted';
}
