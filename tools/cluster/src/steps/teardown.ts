import { setTimeout as sleep } from 'node:timers/promises';
import { applications, ROOT, waveOf } from '../application.ts';
import { ClusterError } from '../errors.ts';
import { kubectl, list } from '../kubectl.ts';
import type { Step, StepContext } from './step.ts';

/** Kinds whose finalizers would keep a namespace for ever, were their operator gone first. */
const CUSTOM_KINDS = [
  'kafkas.kafka.strimzi.io',
  'kafkanodepools.kafka.strimzi.io',
  'kafkatopics.kafka.strimzi.io',
  'kafkausers.kafka.strimzi.io',
  'kafkaaccesses.access.strimzi.io',
  'clusters.postgresql.cnpg.io',
  'databases.postgresql.cnpg.io',
];

export const teardown: Step = {
  name: 'teardown',
  title: 'deleting the root takes everything with it, in reverse order',
  async run({ note, timeoutSeconds }: StepContext) {
    const waves = new Map(
      [...(await applications())].map(([name, application]) => [name, waveOf(application)]),
    );
    const namespaces = new Set((await list('namespaces')).map(({ metadata }) => metadata.name));
    const began = Date.now();
    await kubectl(['delete', 'application', ROOT, '--namespace', 'argocd', '--wait=false']);
    const gone: string[] = [];
    for (;;) {
      const left = await applications();
      for (const name of waves.keys()) {
        if (left.has(name) || gone.includes(name)) continue;
        gone.push(name);
        note(`${Math.round((Date.now() - began) / 1000)} s  ${name} is gone`);
      }
      if (!left.has(ROOT)) break;
      if (Date.now() - began > timeoutSeconds * 1000)
        throw new ClusterError(`not gone within ${timeoutSeconds} s: ${[...left.keys()].join(', ')}`);
      await sleep(250);
    }
    const took = Math.round((Date.now() - began) / 1000);
    const order = gone.filter((name) => name !== ROOT).map((name) => ({ name, wave: waves.get(name) ?? 0 }));
    const early = order.filter(({ wave }, index) =>
      order.slice(index + 1).some((later) => later.wave > wave),
    );
    const terminating = (await list('namespaces')).filter(
      ({ metadata }) => metadata.deletionTimestamp !== undefined,
    );
    const remains = (await Promise.all(CUSTOM_KINDS.map((kind) => list(kind)))).flat();
    return {
      seen: `all of it gone after ${took} s; ${namespaces.size} namespaces before, ${(await list('namespaces')).length} after`,
      problems: [
        ...early.map(({ name }) => `${name} went before an application of a later wave`),
        ...terminating.map(({ metadata }) => `namespace ${metadata.name} is still Terminating`),
        ...remains.map(({ kind, metadata }) => `${kind}/${metadata.name} is still there`),
      ],
    };
  },
};
