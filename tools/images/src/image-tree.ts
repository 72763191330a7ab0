/** The folder that becomes an image: the workspace, reduced to what an app or a tool needs to run. */
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
import { readsFile, workspaceOf } from './programs.ts';

/** Written first: a folder that has it was made here. */
const LICENCE = 'LICENSE';
const TOP = new Set([LICENCE, 'apps', 'dist', 'libs', 'node_modules', 'schemas', 'tools']);
/** Where programs find what they read. */
const READ = ['apps', 'schemas'];
const CATALOG = 'tools/catalog/src/main.ts';

export interface ImageTreeOptions {
  /** An app, or a tool that has an image. */
  readonly image: string;
  /** An absolute path. */
  readonly out: string;
  readonly target: Target;
  /** Seconds since 1970, the time that all files get, and the catalogue's; now when absent. */
  readonly epoch?: number;
}

/** Whether `folder` may be replaced: it does not exist, is empty, or was made here. */
export function mayReplace(folder: string): boolean {
  if (!existsSync(folder)) return true;
  if (!statSync(folder).isDirectory()) return false;
  const names = readdirSync(folder);
  return names.length === 0 || (names.includes(LICENCE) && names.every((name) => TOP.has(name)));
}

/**
 * Writes into the folder `out`, in place of what stood there, everything that `image` holds: the program and its libraries where the
 * workspace has them, the npm packages they need at run time, the files that it reads, and for the app that shows it the event
 * catalogue. Two runs with the same `epoch` write the same. Throws `ImageError` when what is installed is not what `package-lock.json` says.
 */
export function assembleImageTree(root: string, { image, out, target, epoch }: ImageTreeOptions): void {
  const program = workspaceOf(image);
  const { workspaces, links, packages } = productionSet(readLock(root), program, target);
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
  for (const folder of READ)
    copyFolder(join(root, folder), join(out, folder), (path) => readsFile(image, `${folder}/${path}`));
  if (showsCatalog(root, program)) makeCatalog(root, join(out, 'dist/catalog'), epoch);
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
  if (!existsSync(from)) return;
  for (const { path, kind } of entriesBelow(from, (name) => name !== 'node_modules'))
    if (kind === 'file' && ships(path)) copy(join(from, path), join(to, path));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** The app says so itself: it has a variable for the folder. */
function showsCatalog(root: string, program: string): boolean {
  const config = join(root, program, 'src/config.ts');
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
