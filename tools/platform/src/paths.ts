/** Where things stand: the workspace, the folder of an instance, the cache that all clones of a user share. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The root of the workspace. */
export const WORKSPACE = resolve(import.meta.dirname, '../../..');

/** Files that the embedded provider needs beside the code. */
export const RUNTIME_FILES = resolve(import.meta.dirname, '../runtime');

/** The folders and files of one instance of the platform; all of them are ignored by git. */
export interface InstancePaths {
  readonly root: string;
  readonly state: string;
  readonly data: string;
  readonly logs: string;
  /** For what the servers write for the time they run. */
  readonly temp: string;
}

/** Returns the paths of `instance`; nothing is created. */
export function instancePaths(instance: string, workspace = WORKSPACE): InstancePaths {
  const root = join(workspace, '.platform', instance);
  return {
    root,
    state: join(root, 'state.json'),
    data: join(root, 'data'),
    logs: join(root, 'logs'),
    temp: join(root, 'temp'),
  };
}

/** Returns the user's cache folder for downloads, after the custom of the system. */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform = process.platform,
): string {
  const base = env['XDG_CACHE_HOME'] ?? join(homedir(), platform === 'darwin' ? 'Library/Caches' : '.cache');
  return join(base, 'eda-blueprint');
}
