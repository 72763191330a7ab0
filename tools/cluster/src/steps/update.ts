import { applications, lookNow } from '../application.ts';
import { list, type LiveObject } from '../kubectl.ts';
import { untilGreen } from '../wait.ts';
import { withPodAnnotation } from './pod-annotation.ts';
import { settled } from './settled.ts';
import type { Step, StepContext } from './step.ts';

interface Job extends LiveObject {
  readonly status?: { readonly completionTime?: string };
}

/** The Job that publishes runs again when this is another. */
const SCHEMAS = 'charts/schema-registration/schemas.generated.yaml';

export const update: Step = {
  name: 'update',
  title:
    'a commit that changes a schema, a consumer and a producer rolls them out in that order, and nothing else',
  async run({ repository, note, timeoutSeconds }: StepContext) {
    const revision = await settled({ repository, timeoutSeconds });
    const syncsBefore = await syncStarts();
    const setsBefore = await names('replicasets.apps');

    repository.edit(SCHEMAS, (text) => text.replace(/^sha256: ([0-9a-f])/m, otherHash));
    for (const app of ['inventory', 'store'])
      repository.edit(`gitops/envs/dev/${app}/settings.yaml`, (text) =>
        withPodAnnotation(text, `update ${revision.slice(0, 7)}`),
      );
    const next = await repository.commit('A schema, a consumer and a producer');
    const began = Date.now();
    await lookNow();
    await untilGreen(next, { note, timeoutSeconds });
    const took = Math.round((Date.now() - began) / 1000);

    const jobs = await list<Job>('jobs', 'registry');
    const registered = jobs
      .map(({ status }) => status?.completionTime ?? '')
      .sort()
      .at(-1);
    const sets = (await list('replicasets.apps', 'apps')).filter(
      ({ metadata }) => !setsBefore.has(metadata.uid),
    );
    const rolled = (app: string) =>
      sets.find(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === app)?.metadata
        .creationTimestamp;
    const order = [registered, rolled('inventory'), rolled('store')];
    const inOrder = order.every(
      (time, index) => time !== undefined && (index === 0 || (order[index - 1] ?? '') <= time),
    );
    const synced = [...(await syncStarts())]
      .filter(([name, start]) => name !== 'root' && start !== syncsBefore.get(name))
      .map(([name]) => name)
      .sort();
    const expected = ['inventory', 'schema-registration', 'store'];
    return {
      seen: `green ${took} s after the commit was there: schemas ${order[0] ?? '-'}, inventory ${order[1] ?? '-'}, store ${order[2] ?? '-'}`,
      problems: [
        ...(inOrder ? [] : ['the schemas, the consumer and the producer were not rolled out in that order']),
        ...(synced.join() === expected.join()
          ? []
          : [`${synced.join(', ')} were synced, expected ${expected.join(', ')}`]),
      ],
    };
  },
};

function otherHash(_: string, digit: string): string {
  return `sha256: ${digit === 'a' ? 'b' : 'a'}`;
}

async function syncStarts(): Promise<Map<string, string>> {
  return new Map(
    [...(await applications())].map(([name, { status }]) => [name, status?.operationState?.startedAt ?? '']),
  );
}

async function names(kind: string): Promise<Set<string>> {
  return new Set((await list(kind, 'apps')).map(({ metadata }) => metadata.uid));
}
