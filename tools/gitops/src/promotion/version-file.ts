/** Which version of an application an environment has: `gitops/envs/<environment>/<application>/version.yaml`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GitopsError } from '../errors.ts';
import { readYaml } from '../read-yaml.ts';

/** Returns the file's path from the root of the repository. */
export function versionFile(environment: string, application: string): string {
  return `gitops/envs/${environment}/${application}/version.yaml`;
}

/** Returns the applications that have a version of their own in an environment. */
export function versionedApplications(workspace: string, environment: string): string[] {
  const folder = join(workspace, 'gitops/envs', environment);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(workspace, versionFile(environment, name))))
    .sort();
}

/** Returns what names the image, undefined when there is no such file. Throws a `GitopsError` when it names none. */
export function readVersion(workspace: string, environment: string, application: string): string | undefined {
  const file = versionFile(environment, application);
  if (!existsSync(join(workspace, file))) return undefined;
  const content = readYaml(workspace, file) as { image?: { tag?: unknown; digest?: unknown } } | null;
  const { tag, digest } = content?.image ?? {};
  const version = [tag, digest].filter((part) => typeof part === 'string' && part !== '').join('@');
  if (version === '') throw new GitopsError(`${file} names no version: image.tag is missing or no text.`);
  return version;
}

/** Returns whether `one` is certainly not older than `other`: the same, or a later one of versions that have an order. */
export function isAtLeast(one: string, other: string): boolean {
  if (one === other) return true;
  const [left, right] = [one, other].map((version) => /^v?(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1));
  if (left === undefined || right === undefined) return false;
  for (const [at, number] of left.entries()) {
    const distance = Number(number) - Number(right[at]);
    if (distance !== 0) return distance > 0;
  }
  return true;
}
