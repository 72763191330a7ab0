/** `package-lock.json` as npm 7 and later write it (version 2 or 3), as far as production needs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError } from './errors.ts';

const FILE = 'package-lock.json';

type Names = Readonly<Record<string, string>>;

export interface LockEntry {
  readonly version?: string;
  /** Of a link: the workspace it leads to. */
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Names;
  readonly optionalDependencies?: Names;
  readonly peerDependencies?: Names;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/** By location from the root of the workspace: `apps/store`, `node_modules/pg`, `node_modules/a/node_modules/b`. */
export type Lock = Readonly<Record<string, LockEntry>>;

/** What an image runs on, in the words of npm. */
export interface Target {
  readonly os: string;
  readonly cpu: string;
  readonly libc: string;
}

export interface ProductionSet {
  /** The app and the libraries it needs. */
  readonly workspaces: readonly string[];
  /** Where a library is found by its name, with the workspace that stands there. */
  readonly links: ReadonlyMap<string, string>;
  /** The packages of others, with their exact versions. */
  readonly packages: ReadonlyMap<string, string>;
}

/** Returns the lock of the workspace `root`. Throws `ImageError`. */
export function readLock(root: string): Lock {
  let lock: { readonly packages?: Lock } | null;
  try {
    lock = JSON.parse(readFileSync(join(root, FILE), 'utf8')) as typeof lock;
  } catch (error) {
    throw new ImageError(`${FILE} cannot be read: ${(error as Error).message}. Write it anew: npm install`);
  }
  if (typeof lock?.packages !== 'object')
    throw new ImageError(
      `${FILE} has no "packages": a version of npm before 7 wrote it. Write it anew: npm install`,
    );
  return lock.packages;
}

/**
 * Returns what `workspace` (`apps/store`) needs to run on `target`: everything that its `dependencies` lead to, and nothing that only
 * `devDependencies` do. Throws `ImageError` when the lock does not have all of it.
 */
export function productionSet(lock: Lock, workspace: string, target: Target): ProductionSet {
  const workspaces = new Set<string>([workspace]);
  const links = new Map<string, string>();
  const packages = new Map<string, string>();
  const open = [workspace];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    const entry = lock[from];
    if (entry === undefined)
      throw new ImageError(`${FILE} does not have ${from}. Bring it up to date: npm install`);
    for (const [name, optional] of needs(entry)) {
      const location = locate(lock, from, name);
      const found = location === undefined ? undefined : lock[location];
      if (location === undefined || found === undefined) {
        if (optional) continue;
        throw new ImageError(
          `${FILE} does not have ${name}, which ${from} needs. Bring it up to date: npm install`,
        );
      }
      if (found.link === true) {
        const library = found.resolved ?? '';
        links.set(location, library);
        if (!workspaces.has(library)) open.push(library);
        workspaces.add(library);
      } else if (!runsOn(found, target)) {
        if (optional) continue;
        throw new ImageError(`${location}, which ${from} needs, does not run on ${target.os} ${target.cpu}.`);
      } else if (!packages.has(location)) {
        packages.set(location, found.version ?? '');
        open.push(location);
      }
    }
  }
  return { workspaces: [...workspaces].sort(), links: sorted(links), packages: sorted(packages) };
}

/** The names that must be there at run time, with whether it goes without. */
function needs(entry: LockEntry): Map<string, boolean> {
  const isOptional = (name: string) => entry.peerDependenciesMeta?.[name]?.optional === true;
  const peers = Object.keys(entry.peerDependencies ?? {}).filter((name) => !isOptional(name));
  return new Map([
    ...[...peers, ...Object.keys(entry.dependencies ?? {})].map((name) => [name, false] as const),
    ...Object.keys(entry.optionalDependencies ?? {}).map((name) => [name, true] as const),
  ]);
}

/** Looks for a package as Node does: beside the one that needs it, then in each folder above. */
function locate(lock: Lock, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))) {
    const location = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (location in lock) return location;
    if (folder === '') return undefined;
  }
}

function runsOn({ os, cpu, libc }: LockEntry, target: Target): boolean {
  return fits(os, target.os) && fits(cpu, target.cpu) && fits(libc, target.libc);
}

/** npm's lists name what fits, or with `!` what does not. */
function fits(list: readonly string[] | undefined, value: string): boolean {
  if (list === undefined || list.length === 0) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((one) => one.startsWith('!'));
}

const sorted = (map: ReadonlyMap<string, string>) =>
  new Map([...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
