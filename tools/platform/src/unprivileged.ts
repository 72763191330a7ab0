/** PostgreSQL refuses to run as root. Root, as in many containers, lends it another account. */
import { execFileSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PlatformError } from './errors.ts';

type Command = readonly [string, ...string[]];

export interface Account {
  /** The account to change to before the program runs, which must own its data; absent when there is no need. */
  readonly ids?: { readonly uid: number; readonly gid: number };
  /** Returns the command line that runs `command` in the account. */
  command(command: Command): Command;
}

const OWN_ACCOUNT: Account = { command: (command) => command };

/**
 * Returns the account for a server that must reach `paths`: our own, or for root `postgres` or `nobody`.
 * Where a folder above is closed to others (a clone under /root), the program runs in a user namespace that calls root
 * by another name. Throws a `PlatformError` when none of that is possible.
 */
export function findAccount(paths: readonly string[], isRoot = process.getuid?.() === 0): Account {
  if (!isRoot) return OWN_ACCOUNT;
  const ids = idsOf('postgres') ?? idsOf('nobody');
  const closed = ids && paths.map((path) => closedFolder(path, ids)).find(Boolean);
  if (ids && closed === undefined) return { ids, command: (command) => command };

  const { uid, gid } = ids ?? { uid: 65534, gid: 65534 };
  const inNamespace: Command = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  if (runs([...inNamespace, 'true'])) return { command: (command) => [...inNamespace, ...command] };
  throw new PlatformError(
    closed === undefined
      ? 'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody". Run as another user.'
      : `PostgreSQL does not run as root, and another user cannot enter ${closed}. ` +
          'Run as another user, or move the clone to a folder that others may enter.',
  );
}

/** Returns the first folder above `path` that the account may not enter. */
export function closedFolder(path: string, { uid, gid }: { uid: number; gid: number }): string | undefined {
  const folders: string[] = [];
  for (let folder = dirname(realpathSync(path)); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  return folders.find((folder) => {
    const { mode, uid: owner, gid: group } = statSync(folder);
    const enter = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    return (mode & enter) === 0;
  });
}

function idsOf(user: string): { uid: number; gid: number } | undefined {
  try {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, user], { stdio: 'pipe' })),
    );
    return { uid: uid ?? 0, gid: gid ?? 0 };
  } catch {
    return undefined;
  }
}

function runs([command, ...args]: readonly string[]): boolean {
  try {
    execFileSync(command ?? '', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
