/** The cluster that the current context of kubectl leads to. */
import { type KubeObject, runProgram } from '@eda/charts';
import { ClusterError } from './errors.ts';
import { mustRun } from './must-run.ts';

const MISSING = 'Install it, or add its folder to PATH.';

/** Returns what kubectl writes. Throws a `ClusterError` with its message when it fails. */
export function kubectl(args: readonly string[]): Promise<string> {
  return mustRun('kubectl', args, { missing: MISSING });
}

/** An object as the cluster has it. */
export interface LiveObject extends KubeObject {
  readonly metadata: KubeObject['metadata'] & {
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly generation?: number;
    readonly finalizers?: readonly string[];
  };
}

/** Returns the objects of a kind (`kafkatopics.kafka.strimzi.io`), of all namespaces or one; none when there is no such kind. */
export async function list<T extends LiveObject>(kind: string, namespace?: string): Promise<readonly T[]> {
  const scope = namespace === undefined ? ['--all-namespaces'] : ['--namespace', namespace];
  const { code, stdout, stderr } = await runProgram('kubectl', ['get', kind, ...scope, '-o', 'json'], {
    missing: MISSING,
  });
  if (code === 0) return (JSON.parse(stdout) as { items: readonly T[] }).items;
  if (/doesn't have a resource type|could not find the requested resource/.test(stderr)) return [];
  throw new ClusterError(`kubectl get ${kind}: ${stderr.trim()}`);
}
