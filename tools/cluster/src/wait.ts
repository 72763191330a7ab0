/** Waiting for the cluster, with a line whenever there is something new. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Application, applications, greenSince, isGreen, ROOT, whyNotGreen } from './application.ts';
import { ClusterError } from './errors.ts';

/** When an application was there and when it was green for the first time, as the API server's clock has it. */
export interface Milestone {
  readonly created: string;
  readonly syncStarted: string;
  readonly green: string;
}

export interface WaitOptions {
  /** Takes a line for each application that is green. */
  readonly note?: (line: string) => void;
  readonly timeoutSeconds: number;
}

/**
 * Resolves with the milestones of all applications once all are green and the root is at `revision`. Throws a `ClusterError` that names
 * what is not green when that takes too long.
 */
export async function untilGreen(
  revision: string,
  { note = () => undefined, timeoutSeconds }: WaitOptions,
): Promise<ReadonlyMap<string, Milestone>> {
  const milestones = new Map<string, Milestone>();
  const began = Date.now();
  for (;;) {
    const all = await applications();
    for (const [name, application] of all) {
      if (milestones.has(name) || !isGreen(application) || !isAt(application, revision)) continue;
      milestones.set(name, {
        created: application.metadata.creationTimestamp,
        syncStarted: application.status?.operationState?.startedAt ?? '',
        green: greenSince(application),
      });
      note(`${seconds(began).padStart(5)} s  ${name} (${milestones.size}/${all.size})`);
    }
    // A child that a commit takes away goes while the root syncs.
    const open = [...all].filter(([, application]) => !isGreen(application) || !isAt(application, revision));
    if (all.has(ROOT) && open.length === 0) return milestones;
    if (Date.now() - began > timeoutSeconds * 1000) {
      const reasons = open.map(([name, application]) => `  ${name}: ${whyNotGreen(application)}`);
      throw new ClusterError(
        `not all green within ${timeoutSeconds} s:\n${all.has(ROOT) ? reasons.join('\n') : '  there is no root application; see the log of the Job in namespace argocd'}`,
      );
    }
    // Each look is a kubectl, whose start takes a quarter of a second of the processor that Argo CD works with.
    await sleep(1_000);
  }
}

/** Whether what it has applied is of that commit, or would be the same of that commit. */
function isAt({ status }: Application, revision: string): boolean {
  const { revision: one, revisions } = status?.sync ?? {};
  return one === revision || (revisions?.includes(revision) ?? false);
}

function seconds(began: number): string {
  return Math.round((Date.now() - began) / 1000).toString();
}

/** Polls until `look` returns something. Throws a `ClusterError` with `description` when that takes too long. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  description: string,
  timeoutSeconds: number,
): Promise<T> {
  const end = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new ClusterError(`not within ${timeoutSeconds} s: ${description}`);
    await sleep(500);
  }
}
