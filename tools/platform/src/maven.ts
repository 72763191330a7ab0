/** Runs Maven to fetch what the pinned pom names, tells how far it is, and turns its failures into one message each. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { codeOf, PlatformError } from './errors.ts';
import { folderSize } from './file-sizes.ts';
import { javaCandidates } from './java.ts';
import { isSameProcess, startTimeOf } from './process-identity.ts';
import type { OnProgress } from './progress.ts';

/** What a fetch into an empty repository adds up to; measured, for the progress bar only. */
const EXPECTED_BYTES = 236e6;

export interface FetchOptions {
  readonly pom: string;
  /** Maven's local repository for this fetch; kept until all is there, so that a broken-off fetch goes on from it. */
  readonly repository: string;
  readonly out: string;
  /** A Java for Maven where the user's environment offers it none. */
  readonly java: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

/** Fetches into `out`, checksums verified. Throws a `PlatformError` with the reason and the way out. */
export async function fetchWithMaven(options: FetchOptions): Promise<void> {
  const { pom, repository, out, onProgress, signal, env = process.env } = options;
  const args = [
    '--batch-mode',
    '--strict-checksums',
    // Without it, Maven remembers a failure for a day.
    '--update-snapshots',
    `--file=${pom}`,
    `-Dmaven.repo.local=${repository}`,
    `-Dout=${out}`,
    'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies@kafka',
    'org.apache.maven.plugins:maven-dependency-plugin:copy@registry',
  ];
  const pidFile = `${repository}.pid`;
  endForgottenMaven(pidFile);
  const child = spawn('mvn', args, {
    // A group of its own: mvn is a script, and its Java must end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: hasJava(env) ? env : { ...env, JAVA_HOME: dirname(dirname(options.java)) },
  });
  if (child.pid !== undefined) writeFileSync(pidFile, JSON.stringify([child.pid, startTimeOf(child.pid)]));
  const output: string[] = [];
  let item = '';
  const read = (line: string) => {
    output.push(line);
    const [, url] = /^\[?(?:INFO\] )?Download(?:ing|ed) from \S+: (\S+)/.exec(line) ?? [];
    if (url) item = url.slice(url.lastIndexOf('/') + 1);
  };
  createInterface(child.stdout).on('line', read);
  createInterface(child.stderr).on('line', read);

  const kill = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', kill, { once: true });
  const timer = setInterval(
    () => onProgress({ kind: 'download', bytes: folderSize(repository), total: EXPECTED_BYTES, item }),
    500,
  );
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    if (code !== 0) throw new PlatformError(explainMavenFailure(output));
    onProgress({ kind: 'download', bytes: folderSize(repository), total: EXPECTED_BYTES, item });
  } catch (error) {
    throw codeOf(error) === 'ENOENT' ? new PlatformError(NO_MAVEN) : error;
  } finally {
    rmSync(pidFile, { force: true });
    clearInterval(timer);
    signal.removeEventListener('abort', kill);
  }
}

const NO_MAVEN =
  'Maven is missing: there is no "mvn" on the PATH. It is needed once, to fetch Kafka and the schema registry.\n' +
  'Install it (Debian/Ubuntu: apt install maven; macOS: brew install maven), or start a container engine, ' +
  'or give KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL.';

/** Returns what to tell the user about a failed run of Maven, from its output. */
export function explainMavenFailure(output: readonly string[]): string {
  const errors = output
    .filter((line) => line.startsWith('[ERROR]'))
    .map((line) =>
      line
        .slice('[ERROR]'.length)
        .replace(/ -> \[Help 1\].*/, '')
        .trim(),
    );
  const text = output.join('\n');
  const first = errors.find(Boolean) ?? output.filter(Boolean).slice(-3).join('\n');
  if (/No space left on device|Disk quota exceeded/i.test(text)) {
    return `The disk is full: Kafka and the schema registry could not be stored.\nMaven says: ${first}`;
  }
  if (/Checksum validation failed|checksum/i.test(first)) {
    return `A download is broken: its checksum is wrong, also after a second try. A proxy or mirror may have changed it.\nMaven says: ${first}`;
  }
  if (
    /Could not (transfer|resolve|find)|Unknown host|offline mode|timed out|unreachable|refused/i.test(text)
  ) {
    return (
      'Kafka and the schema registry could not be downloaded: Maven does not reach its repository.\n' +
      'Is there a network? Behind a proxy or with a mirror, set it in ~/.m2/settings.xml. What is already there is kept; start again to go on.\n' +
      `Maven says: ${first}`
    );
  }
  return `Maven failed: ${first}`;
}

/** Returns whether Maven's failure was a broken transfer, which another try may cure. */
export function isBrokenTransfer(error: unknown): boolean {
  return error instanceof PlatformError && error.message.startsWith('A download is broken');
}

/** One whose starter was killed goes on fetching; two of them must not write to the same repository. */
function endForgottenMaven(pidFile: string): void {
  try {
    const [pid, startTime] = JSON.parse(readFileSync(pidFile, 'utf8')) as [number, string];
    if (isSameProcess(pid, startTime)) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ESRCH' && !(error instanceof SyntaxError))
      throw error;
  }
}

function hasJava(env: NodeJS.ProcessEnv): boolean {
  return javaCandidates(env, '/nonexistent').some(({ path, from }) => {
    if (from !== 'JAVA_HOME' && from !== 'PATH') return false;
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  });
}
