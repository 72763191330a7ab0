import { spawnSync } from 'node:child_process';
import { GitopsError } from '../errors.ts';

/** A key pair, both halves as PEM. */
export interface SealingKey {
  /** Seals; may be known to everybody. */
  readonly certificate: string;
  /** Opens. */
  readonly key: string;
}

/** The Secret that something is sealed for: it opens under this name in this namespace, and nowhere else. */
export interface SealedFor {
  readonly namespace: string;
  readonly name: string;
}

/** What Sealed Secrets does with keys and values, done by its own code. All throw a `GitopsError` that says why not. */
export interface Sealing {
  makeKey(name: string): SealingKey;
  /** Returns what stands for the value in `spec.encryptedData`. */
  seal(certificate: string, secret: SealedFor, value: string): string;
  /** Returns the data of the Secret that the controller would make of a SealedSecret, if it had these keys. */
  open(keys: readonly string[], sealedSecret: object): ReadonlyMap<string, string>;
}

/** As long as the controller's own keys hold. */
const DAYS = 3650;

/** Returns the functions of `sealing`, a program of tools/helm. */
export function sealingProgram(program: string): Sealing {
  const ask = (command: string, question: object): unknown => {
    const { status, stdout, stderr, error } = spawnSync(program, [command], {
      input: JSON.stringify(question),
      encoding: 'utf8',
    });
    if (error) throw new GitopsError(`${program} cannot be started: ${error.message}`);
    if (status !== 0) throw new GitopsError(stderr.trim());
    return JSON.parse(stdout);
  };
  return {
    makeKey: (name) => ask('key', { name, days: DAYS }) as SealingKey,
    seal: (certificate, { namespace, name }, value) =>
      (ask('seal', { certificate, namespace, name, value }) as { sealed: string }).sealed,
    open: (keys, sealedSecret) => {
      const { data = {} } = ask('open', { keys, sealedSecret }) as { data?: Record<string, string> };
      return new Map(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
      );
    },
  };
}
