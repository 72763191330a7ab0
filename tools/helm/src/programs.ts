/** Programs of this machine: where they are, and which version they say they are. */
import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Version = readonly [major: number, minor: number, patch: number];

/** Returns every program of that name in PATH, in its order. */
export function programsInPath(name: string, env: Environment): string[] {
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .filter(isProgram);
}

/** Returns whether the file can be run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Returns the version that a program says, or undefined when it says none. */
export async function versionOf(program: string, args: readonly string[]): Promise<Version | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...args], { timeout: 10_000 });
    return parseVersion(stdout + stderr);
  } catch {
    return undefined;
  }
}

/** Returns the first version in a text such as `v4.1.4+g05fa379`. */
export function parseVersion(text: string): Version | undefined {
  const match = /\bv?(\d+)\.(\d+)\.(\d+)/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Returns the folder of Helm's plugins, as Helm looks for it. */
export function pluginFolder(env: Environment): string {
  const data = env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share');
  const macData = join(homedir(), 'Library');
  return env['HELM_PLUGINS'] ?? join(process.platform === 'darwin' ? macData : data, 'helm/plugins');
}

/** Returns the version in the plugin.yaml of a folder, when it is the plugin of that name. */
export function pluginVersion(folder: string, name: string): Version | undefined {
  try {
    const text = readFileSync(join(folder, 'plugin.yaml'), 'utf8');
    if (!new RegExp(`^name:\\s*["']?${name}["']?\\s*$`, 'm').test(text)) return undefined;
    return parseVersion(/^version:.*$/m.exec(text)?.[0] ?? '');
  } catch {
    return undefined;
  }
}
