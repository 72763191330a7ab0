/** The apps in gitops/kustomize, and their files as they must be. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '@eda/charts';
import { environmentsOf } from '../tree/environments.ts';
import { renderTree } from '../tree/render-tree.ts';
import { KUSTOMIZE, kustomizeFiles } from './kustomize-files.ts';

/** Returns the names of the apps that have a folder in gitops/kustomize. */
export function kustomizedApps(workspace: string): string[] {
  const folder = join(workspace, KUSTOMIZE);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Returns the generated files of these apps, by their paths below the repository's folder. Throws a `GitopsError` or a `RenderError`. */
export async function kustomizedFiles(
  workspace: string,
  helm: string,
  apps: readonly string[],
): Promise<[file: string, content: string][]> {
  if (apps.length === 0) return [];
  const trees = await Promise.all(
    environmentsOf(workspace).map((environment) => renderTree({ helm, workspace, environment })),
  );
  return apps.flatMap((app) => {
    const renders = new Map<string, readonly KubeObject[]>();
    for (const { environment, children } of trees) {
      const objects = children.find(({ name }) => name === app)?.objects;
      if (objects !== undefined) renders.set(environment, objects);
    }
    return [...kustomizeFiles(app, renders)].map(([file, content]): [string, string] => [
      `${KUSTOMIZE}/${app}/${file}`,
      content,
    ]);
  });
}
