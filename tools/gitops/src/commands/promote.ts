/** `promote`: gives an environment the version of an application that another one has. */
import { resolveTool } from '@eda/helm';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GitopsError, UsageError } from '../errors.ts';
import { readInventory } from '../inventory.ts';
import { kustomizedApps } from '../kustomize/kustomized-apps.ts';
import { objectDiffs } from '../promotion/object-diffs.ts';
import { preparePromotion } from '../promotion/promotion.ts';
import type { CommandContext } from './context.ts';
import { checkKnown } from './known-name.ts';
import { readArguments } from './read-arguments.ts';

const HELP = `Copies gitops/envs/<from>/<app>/version.yaml to <to>, that file and nothing else, and shows what the application renders to in <to>
before and after. docs/how-to/promote-a-version.md shows how to work with it.

Usage: npm run promote -- <app> <from> <to> [--dry-run]

Options:
  --dry-run  shows, and writes nothing
  --help     shows this

Refused: a version that is not committed (then <from> does not run it), an application that is switched off in <from> or <to>, and
overwriting a change that is not committed. Warns when the schemas in <to> are registered by an older version than in <from>.

Exit codes: 0 promoted, or already there, 1 cannot be promoted, 2 wrong usage
`;

/** Promotes, tells what changes, and returns the exit code. */
export async function promoteCommand(
  args: readonly string[],
  { workspace, out, log, colours }: CommandContext,
): Promise<number> {
  const { values, positionals } = readArguments(args, { 'dry-run': { type: 'boolean', default: false } });
  if (values.help) {
    out(HELP.trimEnd());
    return 0;
  }
  const [application, from, to, ...more] = positionals;
  if (application === undefined || from === undefined || to === undefined || more.length > 0)
    throw new UsageError('promote needs an application and two environments: promote <app> <from> <to>.');
  checkNames(workspace, application, from, to);

  const helm = await resolveTool('helm', { log });
  const promotion = await preparePromotion({ helm, workspace, application, from, to });
  const { file, before, after, isThere, objects, warnings } = promotion;
  if (isThere) {
    out(`${to} has ${application} ${after} already there, as ${from} has.`);
    return 0;
  }
  for (const line of objectDiffs(...objects, { colours })) out(line);
  for (const warning of warnings)
    log(colours ? `\u001b[33mwarning: ${warning}\u001b[0m` : `warning: ${warning}`);
  const step = `${application} in ${to}: ${before ?? 'no version'} to ${after}`;
  if (values['dry-run']) {
    out(`${step}; nothing is written (--dry-run)`);
    return 0;
  }
  promotion.apply();
  out(`${step}; ${file} is written.`);
  if (kustomizedApps(workspace).includes(application))
    out(`gitops/kustomize/${application} is made from it: npm run generate`);
  out('Commit it; Argo CD deploys it when it is merged.');
  return 0;
}

function checkNames(workspace: string, application: string, from: string, to: string): void {
  if (!existsSync(join(workspace, 'gitops/root')))
    throw new GitopsError(`${workspace} has no gitops/root, so there are no environments.`);
  const { applications, environments } = readInventory(workspace);
  for (const name of [from, to]) checkKnown('environment', name, [...environments.keys()]);
  checkKnown('application', application, [...applications.keys()]);
  if (from === to) throw new UsageError(`${from} has what it has: name two environments.`);
}
