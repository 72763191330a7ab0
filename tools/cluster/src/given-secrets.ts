/** Secrets that simulated operators only make up, with the values that really lead to Kafka and to the databases. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { UsageError } from './errors.ts';
import { kubectl, list, type LiveObject } from './kubectl.ts';

export interface GivenSecret {
  readonly namespace: string;
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

interface LiveSecret extends LiveObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** Returns the Secrets of a file of manifests; whatever else is in it is left out. Throws `UsageError` when there are none. */
export function readSecrets(file: string): GivenSecret[] {
  const secrets = parseAllDocuments(textOf(file))
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest): manifest is Manifest => manifest?.kind === 'Secret')
    .map(({ metadata: { name, namespace = 'default' }, stringData = {} }) => ({
      namespace,
      name,
      values: stringData,
    }));
  if (secrets.length === 0) throw new UsageError(`--secrets: there is no Secret in ${file}`);
  return secrets;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--secrets: ${(error as Error).message}`);
  }
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly stringData?: Readonly<Record<string, string>>;
}

/** Writes them over those of the cluster, as soon as they are there and whenever they are made anew, until `signal` is aborted. */
export async function keepSecrets(
  secrets: readonly GivenSecret[],
  { note, signal }: { readonly note: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const namespaces = new Set(secrets.map(({ namespace }) => namespace));
  while (!signal.aborted) {
    for (const namespace of namespaces) {
      const live = await list<LiveSecret>('secrets', namespace);
      for (const secret of secrets.filter((one) => one.namespace === namespace)) {
        const found = live.find(({ metadata }) => metadata.name === secret.name);
        if (found === undefined || hasValues(found, secret)) continue;
        await overwrite(secret);
        const pods = await beginAnew(secret);
        note(
          [
            `Secret ${secret.name} has the values that are given`,
            ...pods.map((pod) => `${pod} begins anew`),
          ].join(', '),
        );
      }
    }
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
}

/** Whether the Secret of the cluster has all values that are given. */
export function hasValues({ data = {} }: Pick<LiveSecret, 'data'>, { values }: GivenSecret): boolean {
  return Object.entries(values).every(([key, value]) => data[key] === Buffer.from(value).toString('base64'));
}

async function overwrite({ namespace, name, values }: GivenSecret): Promise<void> {
  const patch = JSON.stringify({ stringData: values });
  await kubectl(['patch', 'secret', name, '--namespace', namespace, '--patch', patch]);
}

/** A process reads its Secrets once: pods that may have begun with the others are replaced. */
async function beginAnew({ namespace, name }: GivenSecret): Promise<string[]> {
  const pods = (await list('pods', namespace)).filter((pod) =>
    JSON.stringify(pod.spec).includes(`"${name}"`),
  );
  const names = pods.map(({ metadata }) => metadata.name);
  if (names.length > 0)
    await kubectl([
      'delete',
      'pod',
      ...names,
      '--namespace',
      namespace,
      '--ignore-not-found',
      '--wait=false',
    ]);
  return names;
}
