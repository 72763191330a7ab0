import { type KubeObject, parseObjects, runProgram } from '@eda/charts';
import { GitopsError } from '../errors.ts';

/** Returns what an overlay consists of. Throws a `GitopsError` when there is no kustomize, or when it refuses the overlay. */
export async function buildOverlay(kustomize: string | undefined, folder: string): Promise<KubeObject[]> {
  if (kustomize === undefined) throw new GitopsError(`${folder} needs kustomize: npm run helm -- prepare`);
  const { code, stdout, stderr } = await runProgram(kustomize, ['build', folder]);
  if (code !== 0) throw new GitopsError(`kustomize: ${stderr.trim()}`);
  return parseObjects(stdout, folder);
}
