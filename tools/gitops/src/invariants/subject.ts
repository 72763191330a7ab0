/** What the invariants look at: everything that Argo CD would apply, and the files that it comes from. */
import { ChartError, type KubeObject } from '@eda/charts';
import { TOPOLOGY, type Topology } from '@eda/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitopsError } from '../errors.ts';
import { type Inventory, readInventory } from '../inventory.ts';
import { readYaml } from '../read-yaml.ts';
import { environmentsOf } from '../tree/environments.ts';
import { renderRoot, renderTree, type RenderTreeOptions, type Tree } from '../tree/render-tree.ts';
import { textAt } from './look.ts';

export interface Subject {
  readonly environments: readonly Environment[];
  readonly inventory: Inventory;
  /** The texts of all files below gitops/ and charts/, by their paths from the repository's folder. */
  readonly files: ReadonlyMap<string, string>;
  /** Who sends and receives what, as the apps' documents say. */
  readonly topology: Topology;
}

export interface Environment extends Tree {
  /** What the root makes when the repository is another, at another commit. */
  readonly elsewhere: readonly KubeObject[];
}

/** Another repository and another commit that nobody has. */
export const OTHER_REPOSITORY = 'https://elsewhere.example.com/fork.git';
export const OTHER_REVISION = 'fedcba9876543210fedcba9876543210fedcba98';

/** Returns all environments, rendered, with the files that they come from. Throws a `GitopsError` that names the environment and why it cannot be looked at. */
export async function loadSubject({
  topology = TOPOLOGY,
  ...tools
}: Pick<RenderTreeOptions, 'helm' | 'kustomize' | 'workspace'> & {
  readonly topology?: Topology;
}): Promise<Subject> {
  const { workspace } = tools;
  const environments: Environment[] = [];
  // One after the other: each uses all processors.
  for (const environment of environmentsOf(workspace)) {
    refuseOtherName(workspace, environment);
    const tree = await renderTree({ ...tools, environment }).catch((error: unknown) => {
      throw error instanceof ChartError
        ? new GitopsError(`${environment} cannot be rendered: ${error.message}`)
        : error;
    });
    const elsewhere = await renderRoot({
      ...tools,
      environment,
      repoURL: OTHER_REPOSITORY,
      revision: OTHER_REVISION,
    });
    environments.push({ ...tree, elsewhere });
  }
  return { environments, inventory: readInventory(workspace), files: readFiles(workspace), topology };
}

/** With the name of another, an environment is the other one, and everything in it is wrong. */
function refuseOtherName(workspace: string, environment: string): void {
  const file = `gitops/root/values-${environment}.yaml`;
  const name = textAt(readYaml(workspace, file), 'environment');
  if (name !== environment)
    throw new GitopsError(`${file}: environment: is ${name || 'missing'}; write ${environment}`);
}

function readFiles(workspace: string): Map<string, string> {
  return new Map(
    ['gitops', 'charts'].flatMap((folder) =>
      readdirSync(join(workspace, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path): [string, string] => [path.slice(workspace.length + 1), readFileSync(path, 'utf8')]),
    ),
  );
}
