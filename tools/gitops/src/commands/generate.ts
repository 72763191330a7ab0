/** `generate`: writes what gitops/ has from elsewhere. */
import { resolveTool } from '@eda/helm';
import { generatedFiles } from '../generated-files.ts';
import { kustomizedApps, kustomizedFiles } from '../kustomize/kustomized-apps.ts';
import { writeFiles } from '../write-files.ts';
import type { CommandContext } from './context.ts';

/** Writes the generated files of gitops/ and tells which changed. */
export async function generateCommand(context: CommandContext): Promise<void> {
  const { workspace, log } = context;
  writeFiles(generatedFiles(workspace), context);
  const apps = kustomizedApps(workspace);
  if (apps.length > 0)
    writeFiles(await kustomizedFiles(workspace, await resolveTool('helm', { log }), apps), context);
}
