/** Finds a Java that is new enough, where people have them, and says what was found when none is. */
import { execFile } from 'node:child_process';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { PlatformError } from './errors.ts';

/** Apicurio Registry 3 needs it; Kafka is content with 17. */
export const MINIMUM_JAVA = 21;

export interface Java {
  /** The `java` program. */
  readonly path: string;
  /** For example 21. */
  readonly version: number;
}

/** A place where a `java` may stand, with the word for it in messages. */
export interface JavaCandidate {
  readonly path: string;
  readonly from: string;
}

/** Returns the places to look at, the user's own choice first. */
export function javaCandidates(env: NodeJS.ProcessEnv = process.env, home = homedir()): JavaCandidate[] {
  const fromEnv = Object.keys(env)
    .filter((name) => name === 'JAVA_HOME' || name.startsWith('JAVA_HOME_'))
    .sort()
    .map((name) => ({ path: join(env[name] ?? '', 'bin/java'), from: name }));
  const fromPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => ({ path: join(folder, 'java'), from: 'PATH' }));
  const folders = [
    '/usr/lib/jvm',
    '/usr/java',
    '/opt/java',
    '/opt',
    join(home, '.sdkman/candidates/java'),
    join(home, '.jdks'),
  ];
  const fromFolders = folders.flatMap((folder) =>
    entries(folder).map((name) => ({ path: join(folder, name, 'bin/java'), from: folder })),
  );
  const macFolders = ['/Library/Java/JavaVirtualMachines', join(home, 'Library/Java/JavaVirtualMachines')];
  const fromMac = macFolders.flatMap((folder) =>
    entries(folder).map((name) => ({ path: join(folder, name, 'Contents/Home/bin/java'), from: folder })),
  );
  const brew = ['/opt/homebrew/opt', '/usr/local/opt'].flatMap((folder) =>
    entries(folder)
      .filter((name) => name.startsWith('openjdk'))
      .map((name) => ({ path: join(folder, name, 'bin/java'), from: folder })),
  );
  return [...fromEnv, ...fromPath, ...fromFolders, ...fromMac, ...brew];
}

/**
 * Returns the first Java of at least `minimum` among `candidates`.
 * Throws a `PlatformError` that names every Java that was found and how to get a fitting one.
 */
export async function findJava(candidates = javaCandidates(), minimum = MINIMUM_JAVA): Promise<Java> {
  const tooOld: string[] = [];
  const seen = new Set<string>();
  for (const { path, from } of candidates) {
    const real = realFile(path);
    if (!real || seen.has(real)) continue;
    seen.add(real);
    const version = await javaVersion(path);
    if (version === undefined) continue;
    if (version >= minimum) return { path, version };
    tooOld.push(`Java ${version} at ${path} (${from})`);
  }
  const found = tooOld.length > 0 ? `found only ${tooOld.join(', ')}` : 'found none';
  throw new PlatformError(
    `Java ${minimum} or newer is missing: ${found}. Looked at JAVA_HOME, JAVA_HOME_*, PATH and the usual folders.\n` +
      `Install a JDK or JRE ${minimum}+ (Debian/Ubuntu: apt install openjdk-${minimum}-jre-headless; macOS: brew install openjdk; ` +
      'or any build from adoptium.net) and, if it stands elsewhere, set JAVA_HOME to it.',
  );
}

/** Returns the major version that `java -version` prints, or undefined when it is no working Java. */
export async function javaVersion(path: string): Promise<number | undefined> {
  try {
    const { stderr } = await promisify(execFile)(path, ['-version'], { timeout: 20_000 });
    return parseJavaVersion(stderr);
  } catch {
    return undefined;
  }
}

/** Returns the major version in the output of `java -version`: 8 for `1.8.0_412`, 21 for `21.0.3`. */
export function parseJavaVersion(output: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  if (first === undefined) return undefined;
  return Number(first === '1' ? second : first);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort().reverse();
  } catch {
    return [];
  }
}

function realFile(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}
