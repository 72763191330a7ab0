/**
 * The programs of the embedded provider in the user's cache folder. A folder there is complete or absent: it is made
 * elsewhere and gets its name at the end. What a fetch left half-way is kept apart, and the next one goes on from it.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, PlatformError, textOf } from './errors.ts';
import { fileSizes, folderSize } from './file-sizes.ts';
import { withLock } from './file-lock.ts';
import { fetchWithMaven, isBrokenTransfer } from './maven.ts';
import { cacheFolder, RUNTIME_FILES } from './paths.ts';
import type { OnProgress } from './progress.ts';

/** The highest need while it fetches: Maven's repository, the packed and the unpacked registry. */
const NEEDED_BYTES = 650e6;

export interface Runtime {
  readonly kafkaHome: string;
  readonly registryHome: string;
  /** For class archives of the JVM. */
  readonly archives: string;
}

export interface EnsureRuntimeOptions {
  readonly java: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  readonly cache?: string;
  readonly pom?: string;
}

/** Returns the programs, fetching them first when they are not there or no longer whole. */
export async function ensureRuntime(
  options: EnsureRuntimeOptions,
): Promise<Runtime & { readonly fetched: boolean }> {
  const { cache = cacheFolder(), pom = join(RUNTIME_FILES, 'pom.xml'), signal, onProgress } = options;
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const home = join(cache, `runtime-${version}`);
  const runtime = {
    kafkaHome: join(home, 'kafka'),
    registryHome: join(home, 'registry'),
    archives: join(home, 'archives'),
  };
  if (isWhole(home)) return { ...runtime, fetched: false };

  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    const onWait = (pid: number) =>
      onProgress({ kind: 'note', text: `Process ${pid} is downloading the same; waiting for it.` });
    return await withLock(join(cache, 'lock'), { signal, onWait }, async () => {
      if (isWhole(home)) return { ...runtime, fetched: false };
      await fetchInto(home, join(cache, `download-${version}`), { ...options, pom });
      return { ...runtime, fetched: true };
    });
  } catch (error) {
    throw explainCacheFailure(error, cache);
  }
}

async function fetchInto(
  home: string,
  staging: string,
  options: EnsureRuntimeOptions & { pom: string },
): Promise<void> {
  const { onProgress, signal, java, pom } = options;
  const out = join(staging, 'out');
  const repository = join(staging, 'repository');
  mkdirSync(staging, { recursive: true });
  const { bavail, bsize } = statfsSync(staging);
  const missing = NEEDED_BYTES - folderSize(staging) - bavail * bsize;
  if (missing > 0) {
    throw new PlatformError(
      `The disk is full: downloads need up to ${Math.round(NEEDED_BYTES / 1e6)} MB in ${staging}, ` +
        `${Math.ceil(missing / 1e6)} MB too little is free. Make room, or set XDG_CACHE_HOME to a folder on another disk.`,
    );
  }
  onProgress({ kind: 'note', text: `Downloading Kafka and the schema registry, once, to ${home}` });
  for (let attempt = 1; ; attempt++) {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(join(out, 'registry'), { recursive: true });
    try {
      await fetchWithMaven({ pom, repository, out, java, onProgress, signal });
      await unpack(join(out, 'registry.tar.gz'), join(out, 'registry'));
      break;
    } catch (error) {
      if (attempt === 2 || !(isBrokenTransfer(error) || error instanceof BrokenArchive)) throw error;
      onProgress({ kind: 'note', text: `${textOf(error).split('\n')[0] ?? ''} Fetching it again.` });
      if (error instanceof BrokenArchive)
        rmSync(join(repository, 'io/apicurio'), { recursive: true, force: true });
    }
  }
  rmSync(join(out, 'registry.tar.gz'));
  mkdirSync(join(out, 'archives'));
  writeFileSync(join(out, MANIFEST), JSON.stringify(fileSizes(out)));
  rmSync(home, { recursive: true, force: true });
  renameSync(out, home);
  rmSync(staging, { recursive: true, force: true });
}

class BrokenArchive extends PlatformError {}

async function unpack(archive: string, folder: string): Promise<void> {
  try {
    await promisify(execFile)('tar', ['-xzf', archive, '-C', folder]);
  } catch (error) {
    const text = textOf(error);
    if (/No space left/i.test(text))
      throw new PlatformError(`The disk is full: ${archive} could not be unpacked.`);
    if (codeOf(error) === 'ENOENT')
      throw new PlatformError('The program "tar" is missing; it unpacks the schema registry.');
    throw new BrokenArchive(`A download is broken: ${archive} cannot be unpacked (${text.trim()}).`);
  }
}

const MANIFEST = 'manifest.json';

/** Names and sizes tell a deleted or cut file at every start; reading 200 MB for checksums would cost a second. */
function isWhole(home: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(home, MANIFEST), 'utf8')) as Record<string, number>;
    return Object.entries(manifest).every(
      ([file, size]) => statSync(join(home, file), { throwIfNoEntry: false })?.size === size,
    );
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || error instanceof SyntaxError)
      return false;
    throw error;
  }
}

function explainCacheFailure(error: unknown, cache: string): unknown {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
      return new PlatformError(
        `The cache folder ${cache} cannot be written (${textOf(error)}).\nMake it writable, or set XDG_CACHE_HOME to a folder that is.`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new PlatformError(
        `The disk is full: ${textOf(error)}\nMake room, or set XDG_CACHE_HOME to a folder on another disk.`,
      );
    default:
      return error;
  }
}
