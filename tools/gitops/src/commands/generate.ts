/** `generate`: writes what gitops/ has from elsewhere. */
import { resolveTool } from '@eda/helm';
import { generatedFiles } from '../generated-files.ts';
import { kustomizedApps, kustomizedFiles } from '../kustomize/kustomized-apps.ts';
import { writeFiles } from '../write-files.ts';
import type { CommandContext } from './context.ts';
import { readArguments } from './read-arguments.ts';

const HELP = `Writes what gitops/ and its pages have from elsewhere, and tells which files changed.

Usage: npm run gitops -- generate
`;

/** Writes the generated files of gitops/ and tells which changed. */
export async function generateCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { workspace, out, log } = context;
  if (readArguments(args, {}).values.help) {
    out(HELP.trimEnd());
    return 0;
  }
  writeFiles(generatedFiles(workspace), context);
  const apps = kustomizedApps(workspace);
  if (apps.length > 0)
    writeFiles(await kustomizedFiles(workspace, await resolveTool('helm', { log }), apps), context);
  return 0;
}
