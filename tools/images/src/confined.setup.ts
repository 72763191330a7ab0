/** A command in the image of an app without a container engine: Linux namespaces give it what a container has. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, 'confine.sh');
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NO_RIGHTS = '--no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all';
/** Nothing goes on when the test is ended; said twice, because another user forgets it. */
const WITH_PARENT = '--pdeathsig=KILL';

export interface ConfinedOptions {
  /** The image tree, which becomes `/app`. */
  readonly tree: string;
  readonly workdir: string;
  /** `uid:gid`. */
  readonly user: string;
  /** All of its environment, but for PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

export interface Confined {
  /** Resolves with the exit code when it has ended. */
  readonly exit: Promise<number | null>;
  /** All it has written to standard output and standard error. */
  output(): string;
  /** Sends SIGTERM to the command, which is process 1 of its own namespace; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/**
 * Starts `command` as process 1 of a pid namespace, as `user`, without capabilities and without a way to get any, in a root that is
 * read-only everywhere. Root becomes the user; everybody else gets the number in a user namespace. Throws when neither may be.
 */
export function startConfined({ tree, workdir, user, env, command }: ConfinedOptions): Confined {
  const [uid = '', gid = ''] = user.split(':');
  const { namespaces, privileges } = waysTo(uid, gid);
  requireNamespaces(namespaces);

  const root = mkdtempSync(join(tmpdir(), 'image-root-'));
  const child = spawn(
    'setpriv',
    [
      WITH_PARENT,
      'unshare',
      ...namespaces,
      'sh',
      SCRIPT,
      root,
      tree,
      process.execPath,
      workdir,
      privileges,
      ...command,
    ],
    { env: { ...env, PATH }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exit = once(child, 'close').then(([code]) => {
    rmdirSync(root);
    return code as number | null;
  });
  const send = (signal: NodeJS.Signals) => {
    const pid = firstProcess(child);
    if (pid === undefined) child.kill(signal);
    else process.kill(pid, signal);
    return exit;
  };
  return {
    exit,
    output: () => output,
    stop: () => send('SIGTERM'),
    kill: async () => {
      await send('SIGKILL');
    },
  };
}

function waysTo(uid: string, gid: string) {
  const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child=SIGKILL'];
  if (process.getuid?.() === 0)
    return {
      namespaces,
      privileges: `--reuid=${uid} --regid=${gid} --clear-groups ${NO_RIGHTS} ${WITH_PARENT}`,
    };
  return {
    namespaces: ['--user', `--map-user=${uid}`, `--map-group=${gid}`, '--keep-caps', ...namespaces],
    privileges: `${NO_RIGHTS} ${WITH_PARENT}`,
  };
}

function requireNamespaces(namespaces: readonly string[]): void {
  try {
    execFileSync('unshare', [...namespaces, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'pipe' });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    throw new Error(
      `An image is tried in Linux namespaces, which are not to be had here: ${said}\n` +
        'Run the test as root, or let everybody make namespaces: ' +
        'sysctl --write kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu, user.max_user_namespaces=10000 elsewhere.',
      { cause: error },
    );
  }
}

/** `unshare` waits for its only child, which became the command. */
function firstProcess({ pid, exitCode }: ChildProcess): number | undefined {
  if (pid === undefined || exitCode !== null) return undefined;
  const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return first === '' ? undefined : Number(first);
}
