/** Gives an environment the version that another one has, and says what that changes. */
import { Git } from '@eda/contracts-cli/command-line';
import type { KubeObject } from '@eda/charts';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GitopsError } from '../errors.ts';
import { readInventory } from '../inventory.ts';
import { isApplication } from '../tree/application.ts';
import { renderApplication, renderRoot } from '../tree/render-tree.ts';
import { isAtLeast, readVersion, versionedApplications, versionFile } from './version-file.ts';

export interface PromotionRequest {
  readonly helm: string;
  readonly workspace: string;
  readonly application: string;
  readonly from: string;
  readonly to: string;
}

export interface Promotion {
  /** The file that is written, from the root of the repository. */
  readonly file: string;
  /** What the environment has; undefined when it has no version yet. */
  readonly before: string | undefined;
  readonly after: string;
  /** Whether the environment has exactly this already. */
  readonly isThere: boolean;
  /** What the application renders to there, now and then. */
  readonly objects: readonly [before: readonly KubeObject[], after: readonly KubeObject[]];
  readonly warnings: readonly string[];
  /** Writes the file. */
  readonly apply: () => void;
}

const REGISTRATION = 'schema-registration';

/** Returns what promoting would do; nothing is written before `apply`. Throws a `GitopsError`, a `ChartError` or `CannotCheck`. */
export async function preparePromotion({
  helm,
  workspace,
  application,
  from,
  to,
}: PromotionRequest): Promise<Promotion> {
  const inventory = readInventory(workspace);
  const runs = (environment: string) => inventory.environments.get(environment)?.has(application) === true;
  if (!runs(from))
    throw new GitopsError(`${application} is switched off in ${from}: there is no version to promote.`);
  if (!runs(to))
    throw new GitopsError(
      `${application} is switched off in ${to}: gitops/root/values-${to}.yaml has to switch it on first.`,
    );
  const [source, file] = [versionFile(from, application), versionFile(to, application)];
  const overlays = inventory.applications.get(application)?.kustomize;
  if (overlays !== undefined)
    throw new GitopsError(
      `${application} is deployed with Kustomize: its version stands in ${overlays}/overlays/${to}/kustomization.yaml.`,
    );
  const after = readVersion(workspace, from, application);
  if (after === undefined)
    throw new GitopsError(
      `${source} is not there: ${application} has no version in ${from}. Versions have ${versionedApplications(workspace, from).join(', ') || 'none'}.`,
    );
  const [origin, target] = [join(workspace, source), join(workspace, file)];
  const content = readFileSync(origin);
  const isThere = existsSync(target) && readFileSync(target).equals(content);
  refuseUncommitted(workspace, { source, file, from, isThere });
  // Bytes count for the copy, so a version that cannot be read is one that is to be replaced.
  const before = versionOrNone(workspace, to, application);
  const objects = isThere ? ([[], []] as const) : await renderBoth();
  return {
    file,
    before,
    after,
    isThere,
    objects,
    warnings: isThere ? [] : registrationWarning(workspace, { application, from, to }, inventory),
    apply: () => {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    },
  };

  async function renderBoth(): Promise<readonly [readonly KubeObject[], readonly KubeObject[]]> {
    const root = await renderRoot({ helm, workspace, environment: to });
    const found = root.filter(isApplication).find(({ metadata }) => metadata.name === application);
    if (found === undefined)
      throw new GitopsError(`gitops/root renders no application ${application} in ${to}.`);
    const standIns = new Map([[target, origin]]);
    // The new one first: it is the one that has to render.
    const next = await renderApplication(found, { helm, workspace, standIns });
    const now = before === undefined ? [] : await renderApplication(found, { helm, workspace });
    return [now ?? [], next ?? []];
  }
}

function versionOrNone(workspace: string, environment: string, application: string): string | undefined {
  try {
    return readVersion(workspace, environment, application);
  } catch (error) {
    if (error instanceof GitopsError) return undefined;
    throw error;
  }
}

/** An environment runs what is committed, and what somebody wrote and did not commit would be lost. */
function refuseUncommitted(
  workspace: string,
  {
    source,
    file,
    from,
    isThere,
  }: { readonly source: string; readonly file: string; readonly from: string; readonly isThere: boolean },
): void {
  const uncommitted = new Git(workspace).uncommitted([source, file]);
  if (uncommitted.includes(source))
    throw new GitopsError(
      `${source} is not committed as it is, so ${from} does not run it. Commit it first, or undo it: git checkout -- ${source}`,
    );
  if (!isThere && uncommitted.includes(file))
    throw new GitopsError(
      `${file} has a change that is not committed and would be lost. Commit it first, or undo it: git checkout -- ${file}`,
    );
}

/** An application writes with the schemas of its version, and nobody but the registration registers them. */
function registrationWarning(
  workspace: string,
  { application, from, to }: { readonly application: string; readonly from: string; readonly to: string },
  { applications, environments }: ReturnType<typeof readInventory>,
): string[] {
  const needs = applications.get(application)?.needs ?? [];
  if (!needs.includes(REGISTRATION) || environments.get(to)?.has(REGISTRATION) !== true) return [];
  const [has, wanted] = [to, from].map((environment) => versionOrNone(workspace, environment, REGISTRATION));
  if (wanted === undefined || (has !== undefined && isAtLeast(has, wanted))) return [];
  return [
    `${to} registers the schemas of ${has ?? 'no version'}, ${from} those of ${wanted}: ${application} may write with schemas that ` +
      `nobody registered there, and would stop. Before: npm run promote -- ${REGISTRATION} ${from} ${to}`,
  ];
}
