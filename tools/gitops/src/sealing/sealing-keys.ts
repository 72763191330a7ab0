/** The keys of Sealed Secrets: the half that seals is in Git, the half that opens is in a file that somebody keeps, and on the cluster. */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { GitopsError } from '../errors.ts';
import type { SealingKey } from './sealing-program.ts';

/** The folder with a certificate for each environment that has sealed secrets. */
export const SEALING = 'gitops/sealing';
/** Where the controller looks for its keys. */
const NAMESPACE = 'sealed-secrets';
const LABEL = 'sealedsecrets.bitnami.com/sealed-secrets-key';
/** The name in certificates whose key was thrown away. */
export const NOBODYS = 'an example without a key';

/** Returns the path of an environment's certificate, from the repository's folder. */
export function certificateFile(environment: string): string {
  return `${SEALING}/${environment}.crt`;
}

/** Returns the certificate to seal with. Throws a `GitopsError` when there is none, or one that nobody has the key of. */
export function readCertificate(workspace: string, environment: string): string {
  const file = certificateFile(environment);
  const make = `npm run seal -- key ${environment} <file outside of the repository> makes ${environment}'s own.`;
  if (!existsSync(join(workspace, file)))
    throw new GitopsError(`There is no ${file}, so nothing can be sealed for ${environment}: ${make}`);
  const certificate = readFileSync(join(workspace, file), 'utf8');
  if (isNobodys(certificate, file))
    throw new GitopsError(
      `${file} came with the repository and nobody has its key, so nobody could open what it seals: ${make}`,
    );
  return certificate;
}

function isNobodys(certificate: string, file: string): boolean {
  try {
    return new X509Certificate(certificate).subject === `CN=${NOBODYS}`;
  } catch (error) {
    throw new GitopsError(
      `${file} is no certificate: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Writes a key as the Secret that the controller reads when it starts, for its owner only. Throws a `GitopsError`. */
export function writeKey(
  file: string,
  { certificate, key }: SealingKey,
  { workspace, environment }: { readonly workspace: string; readonly environment: string },
): void {
  const folder = dirname(resolve(file));
  // Without a folder, nothing can be written.
  const repository = existsSync(folder) && repositoryAround(realpathSync(folder), realpathSync(workspace));
  if (repository)
    throw new GitopsError(
      `${file} would be in ${repository}, where a key must never be: name a file elsewhere.`,
    );
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const { fingerprint256 } = new X509Certificate(certificate);
  const manifest = stringify(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `sealing-key-${environment}-${fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase()}`,
        namespace: NAMESPACE,
        labels: { [LABEL]: 'active' },
      },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64(certificate), 'tls.key': base64(key) },
    },
    { lineWidth: 0 },
  );
  try {
    writeFileSync(
      file,
      `# Opens the sealed secrets of ${environment}. Keep it where passwords are kept, never in Git.\n${manifest}`,
      {
        flag: 'wx',
        mode: 0o600,
      },
    );
  } catch (error) {
    throw new GitopsError(
      (error as NodeJS.ErrnoException).code === 'EEXIST'
        ? `${file} is there already, and may be the only copy of a key: name another file.`
        : `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Which repository a folder is in: a worktree of this one or another has `.git`, a file or a folder, in its topmost folder. */
function repositoryAround(folder: string, workspace: string): string | undefined {
  if (folder === workspace) return 'the repository';
  const above = dirname(folder);
  if (existsSync(join(folder, '.git'))) return 'a repository';
  return above === folder ? undefined : repositoryAround(above, workspace);
}

/** Returns the keys in a file of Secrets, as `writeKey` writes it or `kubectl get secrets --output yaml` prints it. Throws a `GitopsError`. */
export function readKeys(file: string): string[] {
  const keys = parseAllDocuments(readText(file))
    .map((document) => (document.toJS() ?? {}) as Manifest)
    .flatMap((manifest) => manifest.items ?? [manifest])
    .flatMap(({ data }) => data?.['tls.key'] ?? []);
  if (keys.length === 0)
    throw new GitopsError(`${file} has no key: no Secret in it has a field tls.key in its data.`);
  return keys.map((key) => Buffer.from(key, 'base64').toString('utf8'));
}

interface Manifest {
  readonly data?: Readonly<Record<string, string>>;
  readonly items?: readonly Manifest[];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new GitopsError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
