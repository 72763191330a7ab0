/** The passwords of databases that come from Git, sealed: `gitops/envs/<environment>/postgres/secrets.yaml`. */
import type { KubeObject } from '@eda/charts';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { at, listAt, textAt } from '../invariants/look.ts';
import { readYaml } from '../read-yaml.ts';
import type { SealedFor } from './sealing-program.ts';

/** The application whose databases have passwords. */
export const POSTGRES = 'postgres';
const LENGTH = 32;
/** What stands in a URL as it is. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Returns the file's path from the repository's folder. */
export function secretsFile(environment: string): string {
  return `gitops/envs/${environment}/${POSTGRES}/secrets.yaml`;
}

/** Returns the sealed passwords of an environment, by database. */
export function readSealed(workspace: string, environment: string): Map<string, string> {
  const file = secretsFile(environment);
  const sealed = existsSync(join(workspace, file))
    ? at(readYaml(workspace, file), 'passwords', 'sealed')
    : {};
  return new Map(Object.entries((sealed ?? {}) as Record<string, string>));
}

/** Returns the file with these passwords, sorted. */
export function sealedText(sealed: ReadonlyMap<string, string>): string {
  const sorted = [...sealed].sort(([a], [b]) => a.localeCompare(b));
  const values = { passwords: { sealed: Object.fromEntries(sorted) } };
  return `# Written by \`npm run seal\`; only the key of this environment opens it.\n${stringify(values, { lineWidth: 0 })}`;
}

/** Returns the Secret with the password of each database, by database, of what the application renders to. */
export function databaseSecrets(objects: readonly KubeObject[]): Map<string, SealedFor> {
  const roles = objects
    .filter(({ kind }) => kind === 'Cluster')
    .flatMap((cluster) =>
      listAt(cluster, 'spec', 'managed', 'roles').map((role): [string, SealedFor] => [
        textAt(role, 'name'),
        { namespace: cluster.metadata.namespace ?? '', name: textAt(role, 'passwordSecret', 'name') },
      ]),
    );
  return new Map(roles);
}

/** Returns a password that nobody has seen: letters and digits, as many as those that are made on the cluster have. */
export function newPassword(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
