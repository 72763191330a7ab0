/** The Git server inside the cluster: how it gets there, and what it is given. */
import { readRootFile, ROOT_FILE } from '@eda/gitops';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ClusterError } from '../errors.ts';
import { mustRun } from '../must-run.ts';

const FOLDER = join(import.meta.dirname, 'mirror');
const PROGRAMS = ['git-server.mjs', 'receive-bundle.sh'];
const NAME = 'git-mirror';

/** Where the cluster reads the repository. */
export const MIRROR_ADDRESS = `http://${NAME}.${NAME}.svc.cluster.local/repository.git`;

interface MirrorObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly template?: { metadata: { annotations?: Record<string, string> } } };
  readonly data?: Readonly<Record<string, string>>;
}

/** Returns what is applied; other programs are another pod. */
export function mirrorObjects(): MirrorObject[] {
  const data = Object.fromEntries(PROGRAMS.map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]));
  const [namespace, ...others] = parseAllDocuments(readFileSync(join(FOLDER, 'mirror.yaml'), 'utf8')).map(
    (document) => document.toJS() as MirrorObject,
  );
  const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16);
  for (const { spec } of others)
    if (spec?.template !== undefined) spec.template.metadata.annotations = { 'eda.mirror/programs': hash };
  const configMap: MirrorObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${NAME}-programs`, namespace: NAME },
    data,
  };
  return [...(namespace === undefined ? [] : [namespace]), configMap, ...others];
}

/** Makes the Git server run. */
export async function startMirror(context: string): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: mirrorObjects() };
  const kubectl = ['--context', context];
  await mustRun('kubectl', [...kubectl, 'apply', '-f', '-'], { input: JSON.stringify(list) });
  const wait = ['rollout', 'status', `deployment/${NAME}`, '--timeout', '10m'];
  await mustRun('kubectl', [...kubectl, '--namespace', NAME, ...wait]);
}

/**
 * Gives the Git server the newest commit of the repository in `folder`, under the branch that its gitops/bootstrap names, and returns
 * both. Throws a `ClusterError`.
 */
export async function publish(
  folder: string,
  context: string,
): Promise<{ readonly commit: string; readonly branch: string }> {
  const root = join(folder, ROOT_FILE);
  if (!existsSync(root)) throw new ClusterError(`The current folder has no ${ROOT_FILE}.`);
  const { branch } = readRootFile(readFileSync(root, 'utf8'));
  const git = (...args: readonly string[]) => mustRun('git', args, { cwd: folder });
  if ((await git('rev-parse', '--is-shallow-repository')).trim() === 'true')
    throw new ClusterError(
      'This clone has only a part of the history, and the rest cannot be given on. Fetch it: git fetch --unshallow',
    );
  const commit = (await git('rev-parse', 'HEAD')).trim();
  const temporary = mkdtempSync(join(tmpdir(), 'git-mirror-'));
  try {
    const bundle = join(temporary, 'HEAD.bundle');
    await git('bundle', 'create', '--quiet', bundle, 'HEAD');
    const program = ['sh', '/programs/receive-bundle.sh', branch];
    const where = ['--context', context, '--namespace', NAME, 'exec', '--stdin', `deployment/${NAME}`];
    const received = await mustRun('kubectl', [...where, '--', ...program], { input: readFileSync(bundle) });
    if (received.trim() !== commit)
      throw new ClusterError(`The Git server has ${received.trim() || 'nothing'} instead of ${commit}.`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return { commit, branch };
}
