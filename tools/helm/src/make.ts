/** The ways to make a tool that this machine does not have; each leaves one program in a folder. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { WORKSPACE } from '@eda/platform';
import { unzipSync } from 'fflate';
import { programsInPath, type Environment } from './programs.ts';
import type { Tool } from './tools.ts';

/** Where the modules of Go stand, and the programs of our own. */
export const MODULES = join(import.meta.dirname, '..');
const TICK_MS = 10_000;

export interface MakeContext {
  readonly env: Environment;
  /** Told what is done, and every ten seconds that it still is. */
  readonly log: (line: string) => void;
}

/** A way to make a tool: what it needs, and what it does. */
export interface Way {
  readonly name: string;
  /** Why this machine cannot go it; undefined when it can. */
  readonly obstacle: (tool: Tool, env: Environment) => string | undefined;
  /** Writes the program to `file`. */
  readonly make: (tool: Tool, file: string, context: MakeContext) => Promise<void>;
}

const has = (program: string, env: Environment) => programsInPath(program, env).length > 0;

const npm: Way = {
  name: 'npm',
  obstacle(tool, env) {
    if (tool.npm === undefined) return 'it is not on npm';
    const here = `${process.platform}-${process.arch}`;
    if (tool.npm.platform !== here) return `npm has it for ${tool.npm.platform} only, not ${here}`;
    return has('npm', env) ? undefined : 'npm is not in PATH';
  },
  async make({ name, version, npm: source }, file, { env, log }) {
    if (source === undefined) return;
    const { spec, integrity, archive, entry } = source;
    const folder = `${file}.npm`;
    mkdirSync(folder, { recursive: true });
    try {
      await visible(`getting ${name} ${version} from npm (37 MB)`, log, async () => {
        const pack = ['pack', spec, '--pack-destination', folder, '--silent', '--ignore-scripts'];
        const { stdout } = await run('npm', pack, { env });
        const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '');
        const actual = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
        if (actual !== integrity) throw new Error(`${spec} is not what was pinned: ${actual}`);
        await run('tar', ['-xzf', tarball, '-C', folder, archive], { env });
        const program = unzipSync(readFileSync(join(folder, archive)), {
          filter: (found) => found.name === entry,
        })[entry];
        if (program === undefined) throw new Error(`${spec} has no ${entry} in ${archive}`);
        writeFileSync(file, program);
        chmodSync(file, 0o755);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const go: Way = {
  name: 'Go',
  obstacle: (_, env) => (has('go', env) ? undefined : 'go is not in PATH'),
  async make({ name, version, go: source }, file, { env, log }) {
    await visible(`building ${name} ${version} with Go, once; a minute or two`, log, () =>
      run('go', [...buildOf(source), '-o', file, source.package], {
        cwd: join(MODULES, source.folder),
        env: { ...env, ...BUILD_ENVIRONMENT },
      }),
    );
  },
};

const BUILD_ENVIRONMENT = { GOFLAGS: '-mod=readonly', GOWORK: 'off', CGO_ENABLED: '0' };

const buildOf = ({ tags = '' }: Tool['go']) => ['build', '-trimpath', '-ldflags=-s -w', `-tags=${tags}`];

const container: Way = {
  name: 'a container engine',
  obstacle: (_, env) => (engine(env) === undefined ? 'neither docker nor podman is in PATH' : undefined),
  async make(tool, file, { env, log }) {
    const { image } = tool;
    const program = engine(env) ?? 'docker';
    if (tool.go.sources !== undefined) return buildInContainer(program, tool, file, { env, log });
    await visible(`pulling ${image.name}`, log, () => run(program, ['pull', '--quiet', image.name], { env }));
    const line = [
      `exec ${program} run --rm --interactive --network none`,
      `--volume "${WORKSPACE}:${WORKSPACE}" --workdir "$PWD" --user "$(id -u):$(id -g)" --env HOME=/tmp`,
      `--entrypoint ${image.entrypoint} ${image.name} "$@"`,
    ].join(' ');
    writeFileSync(file, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  },
};

/** What is ours is built in the image and runs outside of it. */
async function buildInContainer(
  program: string,
  { name, version, image, go: source }: Tool,
  file: string,
  { env, log }: MakeContext,
): Promise<void> {
  const target = {
    ...BUILD_ENVIRONMENT,
    GOOS: process.platform === 'win32' ? 'windows' : process.platform,
    GOARCH: process.arch === 'x64' ? 'amd64' : process.arch,
  };
  const command = [
    'run',
    '--rm',
    `--volume=${MODULES}:/source:ro`,
    `--volume=${dirname(file)}:/made`,
    `--workdir=/source/${source.folder}`,
    ...Object.entries(target).map(([key, value]) => `--env=${key}=${value}`),
    `--entrypoint=${image.entrypoint}`,
    image.name,
    ...buildOf(source),
    `-o=/made/${basename(file)}`,
    source.package,
  ];
  await visible(`building ${name} ${version} in ${image.name}, once; a minute or two`, log, () =>
    run(program, command, { env }),
  );
}

/** The ways in the order in which they are tried. */
export const WAYS: readonly Way[] = [npm, go, container];

function engine(env: Environment): string | undefined {
  return ['docker', 'podman'].find((program) => has(program, env));
}

async function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env: Environment },
): Promise<{ stdout: string }> {
  try {
    return await promisify(execFile)(program, [...args], { ...options, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(`${program} ${args[0] ?? ''}: ${lastLines(stderr) || message}`, { cause: error });
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}

/** Says what is done, and from time to time that it goes on. */
async function visible<T>(what: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  log(what);
  const timer = setInterval(() => log(`${what}: ${Math.round((Date.now() - began) / 1000)} s`), TICK_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
