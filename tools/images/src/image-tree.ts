/** The folder that becomes the image of an app: the workspace, reduced to what the app needs to run. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { entriesBelow } from './entries-below.ts';
import { ImageError } from './errors.ts';
import { shipsOfOthers, shipsOwn } from './left-out.ts';
import { productionSet, readLock, type Target } from './lockfile.ts';

/** Written first: a folder that has it was made here. */
const LICENCE = 'LICENSE';
const TOP = new Set([LICENCE, 'apps', 'dist', 'libs', 'node_modules']);
const CATALOG = 'tools/catalog/src/main.ts';

export interface ImageTreeOptions {
  readonly app: string;
  /** An absolute path. */
  readonly out: string;
  readonly target: Target;
  /** Seconds since 1970, the time that all files get, and the catalogue's; now when absent. */
  readonly epoch?: number;
}

/** Returns the names of the apps of the workspace `root`. */
export function appsOf(root: string): string[] {
  return readdirSync(join(root, 'apps'))
    .filter((name) => existsSync(join(root, 'apps', name, 'src/main.ts')))
    .sort();
}

/** Whether `folder` may be replaced: it does not exist, is empty, or was made here. */
export function mayReplace(folder: string): boolean {
  if (!existsSync(folder)) return true;
  if (!statSync(folder).isDirectory()) return false;
  const names = readdirSync(folder);
  return names.length === 0 || (names.includes(LICENCE) && names.every((name) => TOP.has(name)));
}

/**
 * Writes into the folder `out`, in place of what stood there, everything that the image of `app` holds: the app and its libraries where
 * the workspace has them, the npm packages they need at run time, and for the app that shows it the event catalogue. Two runs
 * with the same `epoch` write the same. Throws `ImageError` when what is installed is not what `package-lock.json` says.
 */
export function assembleImageTree(root: string, { app, out, target, epoch }: ImageTreeOptions): void {
  const { workspaces, links, packages } = productionSet(readLock(root), `apps/${app}`, target);
  for (const [location, version] of packages) requireInstalled(root, location, version, target);

  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  copy(join(root, LICENCE), join(out, LICENCE));
  for (const workspace of workspaces) copyFolder(join(root, workspace), join(out, workspace), shipsOwn);
  for (const location of packages.keys())
    copyFolder(join(root, location), join(out, location), shipsOfOthers);
  for (const [location, workspace] of links) {
    const link = join(out, location);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), join(out, workspace)), link);
  }
  if (showsCatalog(root, app)) makeCatalog(root, join(out, 'dist/catalog'), epoch);
  settle(out, epoch);
}

function requireInstalled(root: string, location: string, version: string, { os, cpu, libc }: Target): void {
  const install = `Install what the image is made of: npm ci --os ${os} --cpu ${cpu} --libc ${libc}`;
  let installed: unknown;
  try {
    const text = readFileSync(join(root, location, 'package.json'), 'utf8');
    installed = (JSON.parse(text) as { version?: unknown }).version;
  } catch {
    throw new ImageError(`${location} is not installed. ${install}`);
  }
  if (installed !== version)
    throw new ImageError(
      `${location} is ${String(installed)}, and package-lock.json says ${version}. ${install}`,
    );
}

function copyFolder(from: string, to: string, ships: (path: string) => boolean): void {
  for (const { path, kind } of entriesBelow(from, (name) => name !== 'node_modules'))
    if (kind === 'file' && ships(path)) copy(join(from, path), join(to, path));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** The app says so itself: it has a variable for the folder. */
function showsCatalog(root: string, app: string): boolean {
  const config = join(root, 'apps', app, 'src/config.ts');
  return existsSync(config) && readFileSync(config, 'utf8').includes('CATALOG_DIR');
}

/** A process of its own: the catalogue is a program, and says itself what is wrong with the contracts. */
function makeCatalog(root: string, out: string, epoch: number | undefined): void {
  const env = epoch === undefined ? process.env : { ...process.env, SOURCE_DATE_EPOCH: String(epoch) };
  try {
    execFileSync(process.execPath, [join(root, CATALOG), '--out', out], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    throw new ImageError(`The event catalogue could not be made: ${said}`);
  }
}

/** The modes of a clone depend on who cloned; what counts is whether a file can be run. */
function settle(tree: string, epoch: number | undefined): void {
  for (const { path, kind } of [...entriesBelow(tree), { path: '', kind: 'folder' }]) {
    const place = join(tree, path);
    if (kind !== 'link') chmodSync(place, (statSync(place).mode & 0o100) === 0 ? 0o644 : 0o755);
    if (epoch !== undefined) lutimesSync(place, epoch, epoch);
  }
}
