/** `preflight`: tells whether Argo CD can be installed on the cluster of kubectl's current context. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT_FILE } from '../adoption/root-file.ts';
import { argocdChart } from '../bootstrap/bootstrap-files.ts';
import { GitopsError } from '../errors.ts';
import { SEALING } from '../sealing/sealing-keys.ts';
import type { CommandContext } from './context.ts';
import { readArguments } from './read-arguments.ts';

const HELP = `Tells whether the cluster of kubectl's context can be bootstrapped; changes nothing there.

Usage: npm run preflight
`;

/** Prints what the bootstrap Job would check first. Throws a `GitopsError` when something is in the way. */
export function preflightCommand(args: readonly string[], { workspace, out, log }: CommandContext): number {
  if (readArguments(args, {}).values.help) {
    out(HELP.trimEnd());
    return 0;
  }
  const { repoURL, version } = argocdChart(workspace);
  const { status, error } = spawnSync('sh', [join(workspace, 'gitops/install/preflight.sh')], {
    stdio: 'inherit',
    env: {
      ...process.env,
      ROOT_FILE: join(workspace, ROOT_FILE),
      SEALING: join(workspace, SEALING),
      CHART_REPOSITORY: repoURL,
      CHART_VERSION: version,
    },
  });
  if (error) throw new GitopsError(`A shell cannot be started: ${error.message}`);
  if (status !== 0) throw new GitopsError('Something is in the way: see the lines with ✗.');
  log('Nothing is in the way: kubectl apply -f gitops/bootstrap');
  return 0;
}
