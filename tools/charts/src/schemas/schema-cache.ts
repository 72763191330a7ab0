/**
 * The schemas in the user's cache folder. A folder there is complete or absent: it is made elsewhere and gets its name at the end. Its
 * name has the version of the source and a digest of the code that converts, so that a change of either makes a new one.
 */
import { cacheFolder, withLock } from '@eda/platform';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ChartError, codeOf, textOf } from '../errors.ts';
import { schemaSources, type SchemaSource } from './sources.ts';

/** Folders of schemas, laid out as `schemaFile` says. */
export interface SchemaFolders {
  /** A folder for each release of Kubernetes by its version, the lowest first. */
  readonly kubernetes: ReadonlyMap<string, string>;
  /** What is there besides, whatever the release. */
  readonly custom: readonly string[];
}

export interface EnsureSchemasOptions {
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly cache?: string;
  readonly sources?: readonly SchemaSource[];
}

/** Returns where the schemas are, making those first that are not there. Throws a `ChartError` with the reason and the way out. */
export async function ensureSchemas(options: EnsureSchemasOptions): Promise<SchemaFolders> {
  const {
    log,
    signal = new AbortController().signal,
    cache = join(cacheFolder(), 'schemas'),
    sources = schemaSources(),
  } = options;
  const code = digestOfConverters();
  const kubernetes = new Map<string, string>();
  const custom: string[] = [];
  for (const source of sources) {
    const folder = join(cache, `${source.name}-${source.version}-${code}`);
    try {
      if (!existsSync(folder)) await make(source, folder, { log, signal });
    } catch (error) {
      throw explain(error, cache);
    }
    if (source.kubernetes) kubernetes.set(source.version, folder);
    else custom.push(folder);
  }
  return { kubernetes, custom };
}

async function make(
  source: SchemaSource,
  folder: string,
  { log, signal }: { readonly log: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const onWait = (pid: number) => log(`Process ${pid} fetches the same; waiting for it.`);
  await withLock(join(dirname(folder), 'lock'), { signal, onWait }, async () => {
    if (existsSync(folder)) return;
    log(`Schemas of ${source.name} ${source.version}: are fetched, once`);
    const start = performance.now();
    const staging = `${folder}.part`;
    // What a run that was broken off has left.
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(join(staging, 'work'), { recursive: true });
    try {
      const schemas = await source.load(join(staging, 'work'), signal);
      if (schemas.size === 0) throw new ChartError(`${source.name} ${source.version} has no definitions.`);
      for (const [file, schema] of schemas) {
        const path = join(staging, 'out', file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, JSON.stringify(schema));
      }
      renameSync(join(staging, 'out'), folder);
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      log(`Schemas of ${source.name} ${source.version}: ${schemas.size} kinds after ${seconds} s`);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  });
}

/** What decides what a schema looks like, apart from the version of its source. */
const CONVERTERS = [
  'crd-to-json-schema.ts',
  'json-schema.ts',
  'kafka-access.ts',
  'openapi-to-json-schema.ts',
  'sources.ts',
  'strimzi.ts',
];

function digestOfConverters(): string {
  const hash = createHash('sha256');
  for (const file of CONVERTERS) hash.update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest('hex').slice(0, 10);
}

function explain(error: unknown, cache: string): unknown {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return new ChartError(
        `The cache folder ${cache} cannot be written (${textOf(error)}).\nMake it writable, or set XDG_CACHE_HOME to a folder that is.`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new ChartError(
        `The disk is full: ${textOf(error)}\nMake room, or set XDG_CACHE_HOME to a folder on another disk.`,
      );
    default:
      return error;
  }
}
