/** What runs of the matrix have left that were killed: processes and data go, journals and logs of rows stay. */
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftovers } from '@eda/platform';

/** Folders with processes in the folder of a run. */
const WITH_PROCESSES = ['cluster-direct', 'cluster-proxied', 'postgres', 'row-17/registry'];

/** Ends what earlier runs below `parent` have left running, by process id and start time; says each to `onNote`. */
export async function endEarlierRuns(parent: string, onNote: (text: string) => void): Promise<void> {
  if (!existsSync(parent)) return;
  for (const run of readdirSync(parent).filter((name) => /^faults-\d+$/.test(name))) {
    for (const name of WITH_PROCESSES) {
      const folder = join(parent, run, name);
      const left = await endLeftovers(folder);
      if (left === undefined || left.ownerRuns) continue;
      for (const { name: what, pid } of left.ended)
        onNote(`ended ${what} (process ${pid}), which process ${left.owner} had left behind`);
      rmSync(folder, { recursive: true, force: true });
    }
    if (readdirSync(join(parent, run)).length === 0) rmdirSync(join(parent, run));
  }
}
