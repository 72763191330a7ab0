/** What the clusters of all environments would do if what stands in the files were merged. */
import { ChartError } from '@eda/charts';
import { Git } from '@eda/contracts-cli/command-line';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GitopsError } from '../errors.ts';
import { readInventory } from '../inventory.ts';
import { environmentsOf } from '../tree/environments.ts';
import { renderTree, type Tree } from '../tree/render-tree.ts';
import { committedFolders } from './committed-folders.ts';
import { type ApplicationChange, countLost, environmentChanges } from './environment-changes.ts';
import { changedValues } from './values-changes.ts';

export interface RepositoryChanges {
  /** As it was asked for, for example `origin/main`. */
  readonly against: string;
  readonly commit: string;
  /** What to know of the comparison itself. */
  readonly notes: readonly string[];
  readonly environments: readonly EnvironmentChanges[];
}

export interface EnvironmentChanges {
  readonly name: string;
  /** `deleted`: its root can no longer be rendered, so Argo CD leaves its cluster as it is. */
  readonly change: 'added' | 'changed' | 'same' | 'deleted';
  readonly applications: readonly ApplicationChange[];
}

export interface RepositoryChangesOptions {
  /** Finds a program; kustomize only where an application needs it. */
  readonly tool: (name: 'helm' | 'kustomize') => Promise<string>;
  readonly workspace: string;
  readonly against: string;
  /** One environment; all without it. */
  readonly environment?: string;
}

/** Everything that a render is made of. */
const FOLDERS = ['gitops', 'charts'];

/**
 * Returns what changes between the commit that `against` names and the files as they are. Throws `CannotCheck` when there is no such
 * commit, and a `GitopsError` when one of both cannot be rendered.
 */
export async function repositoryChanges({
  tool,
  workspace,
  against,
  environment,
}: RepositoryChangesOptions): Promise<RepositoryChanges> {
  if (!existsSync(join(workspace, 'gitops/root')))
    throw new GitopsError(`${workspace} has no gitops/root, so there is nothing that Argo CD would deploy.`);
  const git = new Git(workspace);
  const commit = git.commitOf(against);
  using base = committedFolders(git, commit, FOLDERS);
  const had = existsSync(join(base.workspace, 'gitops/root')) ? environmentsOf(base.workspace) : [];
  const has = environmentsOf(workspace);
  const all = [...new Set([...had, ...has])].sort();
  if (environment !== undefined && !all.includes(environment))
    throw new GitopsError(`There is no environment "${environment}"; environments: ${all.join(', ')}.`);

  const environments: EnvironmentChanges[] = [];
  // One after the other: each renders all its charts at once.
  for (const name of environment === undefined ? all : [environment]) {
    const render = (from: string, where: string) => rendered(tool, from, name, where);
    const before = had.includes(name) ? await render(base.workspace, against) : undefined;
    if (!has.includes(name)) {
      environments.push({ name, change: 'deleted', applications: [] });
      continue;
    }
    const after = await render(workspace, 'the files as they are');
    const applications = environmentChanges(before, after, (app) => {
      const deployed = (tree: Tree | undefined, folder: string) => ({
        workspace: folder,
        application: tree?.children.find((child) => child.name === app)?.application,
      });
      // Of an application that comes or goes, that alone is told.
      const [one, other] = [deployed(before, base.workspace), deployed(after, workspace)];
      return one.application && other.application ? changedValues(one, other) : [];
    });
    const change = before === undefined ? 'added' : applications.length === 0 ? 'same' : 'changed';
    environments.push({ name, change, applications });
  }
  const notes = git.isInHead(commit)
    ? []
    : [
        `${against} has commits that are not in here. What they changed looks undone, which a merge would not do: merge ${against} first.`,
      ];
  return { against, commit, notes, environments };
}

/** Returns how much is lost for good in all environments. */
export function lostIn({ environments }: RepositoryChanges): number {
  return environments.reduce((sum, { applications }) => sum + countLost(applications), 0);
}

async function rendered(
  tool: RepositoryChangesOptions['tool'],
  workspace: string,
  environment: string,
  where: string,
): Promise<Tree> {
  const overlays = [...readInventory(workspace).applications].some(
    ([, { kustomize }]) => kustomize !== undefined,
  );
  const tools = { helm: await tool('helm'), ...(overlays && { kustomize: await tool('kustomize') }) };
  try {
    return await renderTree({ ...tools, workspace, environment });
  } catch (error) {
    if (!(error instanceof ChartError || error instanceof GitopsError)) throw error;
    throw new GitopsError(
      `${where} cannot be rendered for ${environment}, so nobody can tell what would change: ${error.message}`,
    );
  }
}
