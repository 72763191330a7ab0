import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import type { Credentials, CredentialsSource } from './credentials.ts';
import { versionOf } from './credentials.ts';
import { CREDENTIAL_FILES, readCredentials } from './credentials-files.ts';
import type { CredentialsMetrics } from './credentials-metrics.ts';
import { createCredentialsMetrics } from './credentials-metrics.ts';
import { CredentialsInvalid, describeError } from './errors.ts';
import type { MetricsOptions } from './metrics.ts';

export interface CredentialsDirectoryOptions {
  readonly logger: Logger;
  readonly metrics?: MetricsOptions;
  /** How often the files are looked at, in milliseconds. */
  readonly pollIntervalMs?: number;
}

/** Kubernetes puts the files of one generation into a folder of their own and lets this link point to it, in one step. */
const GENERATION = '..data';
const FIRST_TRIES = 10;

interface Snapshot {
  readonly files: ReadonlyMap<string, string>;
  readonly content: string;
  /** Whether all files were written in one step, so that nothing can be half of a change. */
  readonly whole: boolean;
}

/** Undefined while the files are being exchanged. Throws `CredentialsInvalid` when they cannot be read. */
function readSnapshot(path: string): Snapshot | undefined {
  let reading = path;
  try {
    const whole = readdirSync(path).includes(GENERATION);
    const folder = whole ? realpathSync(join(path, GENERATION)) : path;
    const files = new Map<string, string>();
    const present = new Set(readdirSync(folder));
    for (const name of CREDENTIAL_FILES) {
      if (!present.has(name)) continue;
      reading = join(folder, name);
      files.set(name, readFileSync(reading, 'utf8'));
    }
    if (whole && realpathSync(join(path, GENERATION)) !== folder) return undefined;
    return { files, whole, content: versionOf(JSON.stringify([...files])) };
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && reading !== path) return undefined;
    throw new CredentialsInvalid([
      reading === path
        ? `${path} cannot be read (${code}): mount the Secret there, readable for this process`
        : `${basename(reading)} cannot be read (${code}): let this process read it`,
    ]);
  }
}

/** The files as they are at the start, looked at again while they are being exchanged. */
function readFirst(path: string): Snapshot {
  for (let attempt = 1; attempt <= FIRST_TRIES; attempt += 1) {
    const snapshot = readSnapshot(path);
    if (snapshot !== undefined) return snapshot;
  }
  throw new CredentialsInvalid([`the files in ${path} change all the time: exchange them in one step`]);
}

class DirectorySource implements CredentialsSource {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #metrics: CredentialsMetrics;
  readonly #listeners = new Set<(credentials: Credentials) => void>();
  readonly #timer: NodeJS.Timeout;
  #current: Credentials;
  /** What was seen last, and what was decided last: the same content is judged once. */
  #seen: string;
  #decided: string;
  #problem: string | undefined;

  constructor(path: string, { logger, metrics, pollIntervalMs = 1000 }: CredentialsDirectoryOptions) {
    this.#path = path;
    this.#logger = logger;
    const snapshot = readFirst(path);
    this.#current = readCredentials(snapshot.files);
    this.#seen = snapshot.content;
    this.#decided = snapshot.content;
    this.#metrics = createCredentialsMetrics(metrics, () => ({
      expiresAt: this.#current.expiresAt,
      current: this.#problem === undefined,
    }));
    this.#timer = setInterval(() => {
      this.#look();
    }, pollIntervalMs);
    this.#timer.unref();
    const { protocol, version, expiresAt } = this.#current;
    logger.info({ protocol, version, expiresAt }, 'Kafka credentials read');
  }

  current(): Credentials {
    return this.#current;
  }

  onChange(listener: (credentials: Credentials) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  problem(): string | undefined {
    return this.#problem;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#metrics.close();
    this.#listeners.clear();
  }

  #look(): void {
    let snapshot: Snapshot | undefined;
    try {
      snapshot = readSnapshot(this.#path);
    } catch (error) {
      this.#decided = '';
      this.#keep(describeError(error));
      return;
    }
    if (snapshot === undefined) return;
    const { files, whole, content } = snapshot;
    const settled = whole || content === this.#seen;
    this.#seen = content;
    // Files that are written one by one are half of a change until they stay as they are.
    if (!settled || content === this.#decided) return;
    this.#decided = content;
    try {
      this.#take(readCredentials(files));
    } catch (error) {
      this.#keep(describeError(error));
    }
  }

  #take(credentials: Credentials): void {
    this.#problem = undefined;
    if (credentials.version === this.#current.version) return;
    this.#current = credentials;
    this.#metrics.reloaded('taken');
    const { protocol, version, expiresAt } = credentials;
    this.#logger.info(
      { protocol, version, expiresAt },
      'Kafka credentials changed: taken for new connections',
    );
    for (const listener of this.#listeners) listener(credentials);
  }

  #keep(problem: string): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#metrics.reloaded('refused');
    this.#logger.error({ problem }, 'Kafka credentials changed, but cannot be used: the last good ones stay');
  }
}

/**
 * Reads the credentials of a Secret that is mounted as a directory, as the Strimzi Access Operator writes it, and follows its
 * changes while the process runs. Throws `CredentialsInvalid` when there is no usable set to begin with; later a broken one is
 * reported and the last good one stays.
 */
export function credentialsFromDirectory(
  path: string,
  options: CredentialsDirectoryOptions,
): CredentialsSource {
  return new DirectorySource(path, options);
}
