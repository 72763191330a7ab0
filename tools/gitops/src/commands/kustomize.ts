/** `kustomize <app>`: an app that is deployed with Kustomize instead of Helm. */
import { resolveTool } from '@eda/helm';
import { UsageError } from '../errors.ts';
import { readInventory } from '../inventory.ts';
import { kustomizedFiles } from '../kustomize/kustomized-apps.ts';
import { KUSTOMIZE } from '../kustomize/kustomize-files.ts';
import { writeFiles } from '../write-files.ts';
import type { CommandContext } from './context.ts';
import { readArguments } from './read-arguments.ts';

const HELP = `Writes an app as base and overlays of Kustomize. docs/how-to/deploy-an-app-with-kustomize.md shows how to work with it.

Usage: npm run gitops -- kustomize <app>
`;

/** Writes base and overlays of `app`, and tells what to change so that Argo CD takes them. Throws `UsageError`. */
export async function kustomizeCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { workspace, out, log } = context;
  const { values, positionals } = readArguments(args, {});
  if (values.help) {
    out(HELP.trimEnd());
    return 0;
  }
  const [app] = positionals;
  const ours = [...readInventory(workspace).applications].filter(([, { project }]) => project === 'apps');
  const names = ours.map(([name]) => name).join(', ');
  if (app === undefined) throw new UsageError(`Which app? ${names}`);
  if (!ours.some(([name]) => name === app)) throw new UsageError(`There is no app "${app}". Apps: ${names}.`);
  const helm = await resolveTool('helm', { log });
  writeFiles(await kustomizedFiles(workspace, helm, [app]), context);
  out(
    `In gitops/root/values.yaml, write "kustomize: ${KUSTOMIZE}/${app}" instead of "path:" for ${app}. See docs/how-to/deploy-an-app-with-kustomize.md`,
  );
  return 0;
}
