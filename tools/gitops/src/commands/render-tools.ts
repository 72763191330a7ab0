import { resolveTool } from '@eda/helm';
import { kustomizedApps } from '../kustomize/kustomized-apps.ts';
import type { RenderTreeOptions } from '../tree/render-tree.ts';
import type { CommandContext } from './context.ts';

/** Returns what renders the repository: Helm, and Kustomize where an app has overlays. Throws `ToolMissing`. */
export async function renderTools({
  workspace,
  log,
}: Pick<CommandContext, 'workspace' | 'log'>): Promise<
  Pick<RenderTreeOptions, 'helm' | 'kustomize' | 'workspace'>
> {
  const overlays = kustomizedApps(workspace).length > 0;
  return {
    helm: await resolveTool('helm', { log }),
    workspace,
    ...(overlays ? { kustomize: await resolveTool('kustomize', { log }) } : {}),
  };
}
