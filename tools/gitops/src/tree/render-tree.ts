/** Everything that Argo CD applies in one environment, rendered without a cluster. */
import { copyChart, type KubeObject, renderChart } from '@eda/charts';
import { existsSync } from 'node:fs';
import { buildOverlay } from '../kustomize/build-overlay.ts';
import { KUSTOMIZE } from '../kustomize/kustomize-files.ts';
import { join, resolve } from 'node:path';
import { type Application, isApplication, sourcesOf } from './application.ts';

export interface RenderTreeOptions {
  readonly helm: string;
  /** The program, where an application has overlays. */
  readonly kustomize?: string;
  /** The repository's folder. */
  readonly workspace: string;
  readonly environment: string;
  /** What the root Application would pass. */
  readonly repoURL?: string;
  readonly revision?: string;
  /** Files of values that others are read instead of, by their paths, for what is not written yet. */
  readonly standIns?: ReadonlyMap<string, string>;
}

export interface Tree {
  readonly environment: string;
  /** What the root makes: projects, namespaces, applications. */
  readonly root: readonly KubeObject[];
  readonly children: readonly Child[];
}

export interface Child {
  readonly name: string;
  readonly application: Application;
  /** What it renders to; absent for the chart of others, which is not here. */
  readonly objects?: readonly KubeObject[];
}

/** A repository and a commit that nobody has. */
export const SOME_REPOSITORY = 'https://git.example.org/some/repository.git';
export const SOME_REVISION = '0123456789abcdef0123456789abcdef01234567';

/** Returns all that one environment consists of. Throws a `RenderError` that names chart, key and reason. */
export async function renderTree(options: RenderTreeOptions): Promise<Tree> {
  const root = await renderRoot(options);
  const applications = root.filter(isApplication);
  const children = await Promise.all(
    applications.map(async (application) => {
      const objects = await renderApplication(application, options);
      return { name: application.metadata.name, application, ...(objects === undefined ? {} : { objects }) };
    }),
  );
  return { environment: options.environment, root, children };
}

/** Returns what the chart gitops/root renders to. Throws a `RenderError`. */
export async function renderRoot({
  helm,
  workspace,
  environment,
  repoURL = SOME_REPOSITORY,
  revision = SOME_REVISION,
}: RenderTreeOptions): Promise<readonly KubeObject[]> {
  const folder = join(workspace, 'gitops/root');
  const { objects } = await renderChart({
    helm,
    folder,
    namespace: 'argocd',
    values: [join(folder, `values-${environment}.yaml`)],
    strings: { repoURL, revision },
  });
  return objects;
}

/** Returns what an application renders to, undefined for the chart of others, which is not here. Throws a `RenderError`. */
export async function renderApplication(
  application: Application,
  {
    helm,
    kustomize,
    workspace,
    standIns = new Map(),
  }: Pick<RenderTreeOptions, 'helm' | 'kustomize' | 'workspace' | 'standIns'>,
): Promise<readonly KubeObject[] | undefined> {
  const [source] = sourcesOf(application);
  if (source?.path === undefined) return undefined;
  if (source.path.startsWith(`${KUSTOMIZE}/`)) return buildOverlay(kustomize, join(workspace, source.path));
  const folder = join(workspace, source.path);
  // A file that an environment does not have is left out, as Argo CD does.
  const values = (source.helm?.valueFiles ?? [])
    .map((file) => resolve(folder, file))
    .map((file) => standIns.get(file) ?? file)
    .filter((file) => existsSync(file));
  using copy = copyChart(folder);
  const { objects } = await renderChart({
    helm,
    folder: copy.folder,
    values,
    strings: Object.fromEntries((source.helm?.parameters ?? []).map(({ name, value }) => [name, value])),
    release: application.metadata.name,
    namespace: application.spec.destination.namespace,
  });
  return objects;
}
