import { setTimeout as delay } from 'node:timers/promises';
import type { InternalCluster } from './client-internals.ts';

const TRIES = 10;
const PAUSE_MS = 300;

/**
 * Takes a member out of its group whose session ended without a goodbye, because the connection was gone. Its successor would
 * otherwise wait for the whole session time-out until it is given partitions. Best effort: resolves also when it does not work.
 */
export async function removeFormerMember(
  cluster: InternalCluster,
  groupId: string,
  memberId: string,
): Promise<void> {
  try {
    await cluster.connect();
    // A coordinator that has just started loads its groups first.
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        const coordinator = await cluster.findGroupCoordinator({ groupId });
        await coordinator.leaveGroup({ groupId, memberId });
        return;
      } catch (error) {
        if ((error as { type?: unknown }).type === 'UNKNOWN_MEMBER_ID') return;
        await delay(PAUSE_MS);
      }
    }
  } catch {
    // No broker answers; joining will say so.
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}
