/** Clients that are compared with and that nobody needs who only uses this project: a folder and a lock file of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../opponents/', import.meta.url));
const NATIVE = '@confluentinc/kafka-javascript';
const LAST_CHARACTERS = 1500;

/** Resolves with undefined when `name` can be loaded in a process of its own, else with the reason in one line. */
export async function missing(name: string): Promise<string | undefined> {
  const { code, output } = await run(process.execPath, [
    '-e',
    `await import(${JSON.stringify(name)})`,
    '--input-type=module',
  ]);
  if (code === 0) return undefined;
  const reason = /^\s*(?:\w*Error)[^\n]*/m.exec(output)?.[0].trim() ?? 'it cannot be loaded';
  return existsSync(join(FOLDER, 'node_modules', name))
    ? `installed, but: ${reason}`
    : 'not installed (npm run bench -- --opponents)';
}

/**
 * Installs them as their lock file says, unless they are there. Where the prebuilt part of a native one cannot be downloaded, it is compiled from the
 * sources in its package against the headers of this Node. Resolves with what could not be done, in one line, if anything.
 */
export async function installOpponents(onProgress: (text: string) => void): Promise<string | undefined> {
  if (installedVersion(NATIVE) === wantedVersion(NATIVE) && (await missing(NATIVE)) === undefined)
    return undefined;
  onProgress('installing the opponents');
  const whole = await run('npm', ['ci']);
  if (whole.code === 0 && (await missing(NATIVE)) === undefined) return undefined;
  const sources = await run('npm', ['ci', '--ignore-scripts']);
  if (sources.code !== 0) return `npm ci failed: ${lastLine(sources.output)}`;
  const headers = nodeHeaders();
  onProgress(`no prebuilt ${NATIVE}: compiling it, which takes some minutes`);
  const built = await run('npm', ['rebuild', NATIVE, '--foreground-scripts'], {
    // Linked with the libraries of the system: the static way would download their sources as well.
    CKJS_LINKING: 'dynamic',
    ...(headers === undefined ? {} : { npm_config_nodedir: headers }),
  });
  const reason = await missing(NATIVE);
  if (reason === undefined) return undefined;
  return `${NATIVE} could not be built (${reason}): ${lastLine(built.output)}`;
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function wantedVersion(name: string): string | undefined {
  return manifestOf(FOLDER)?.dependencies?.[name];
}

function installedVersion(name: string): string | undefined {
  return manifestOf(join(FOLDER, 'node_modules', name))?.version;
}

function manifestOf(folder: string): Manifest | undefined {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : undefined;
}

/** Where the headers of the running Node stand, if they are installed with it; else node-gyp downloads them. */
function nodeHeaders(): string | undefined {
  const require = createRequire(import.meta.url);
  const places = [
    dirname(dirname(process.execPath)),
    ...(require.resolve.paths('node') ?? []).map((folder) =>
      join(folder, 'node/node_modules', `node-${process.platform}-${process.arch}`),
    ),
  ];
  return places.find((place) => existsSync(join(place, 'include/node/node_api.h')));
}

async function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, args, {
    cwd: FOLDER,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream
      .setEncoding('utf8')
      .on('data', (text: string) => (output = (output + text).slice(-LAST_CHARACTERS)));
  const [code] = (await once(child, 'close').catch((error: unknown) => {
    output += String(error);
    return [1];
  })) as [number | null];
  return { code, output };
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
