import { type KubeObject, nameOf } from '@eda/charts';
import type { Finding, Invariant } from './invariant.ts';
import { at, isDurable, listAt, textAt } from './look.ts';
import type { Subject } from './subject.ts';
import { type Made, type World, worldOf } from './world.ts';

/** What a chart by itself cannot know: topics and cluster are two applications, and must agree in each environment. */
export const kafkaFits: Invariant = {
  name: 'kafka-fits',
  why: 'Topics that ask for more copies than the cluster has brokers are never made, and what may be lost with one broker is lost one day.',
  check: (subject) =>
    subject.environments.flatMap((environment) => {
      const world = worldOf(subject, environment);
      return [
        ...together(
          world.all
            .filter(({ object }) => object.kind === 'KafkaTopic')
            .flatMap((made) => ofTopic(made, world)),
        ),
        ...(isDurable(environment.root) ? world.all.flatMap(ofDurable) : []),
        ...brokersSaid(subject, world),
      ].map((found) => ({ environment: environment.environment, ...found }));
    }),
};

const CLUSTER = 'strimzi.io/cluster';

/** Returns how many brokers the cluster of an object has. */
function brokersOf({ metadata }: KubeObject, { all }: World): number {
  return all
    .filter(
      ({ object }) =>
        object.kind === 'KafkaNodePool' &&
        object.metadata.namespace === metadata.namespace &&
        object.metadata.labels?.[CLUSTER] === metadata.labels?.[CLUSTER] &&
        listAt(object, 'spec', 'roles').includes('broker'),
    )
    .reduce((sum, { object }) => sum + Number(at(object, 'spec', 'replicas')), 0);
}

/** What one value of the environment does to all topics is told once. */
function together(findings: readonly Finding[]): Finding[] {
  return [...Map.groupBy(findings, ({ reason }) => reason).values()].map(([first, ...more]) => ({
    ...(first as Finding),
    object: `${first?.object ?? ''}${more.length === 0 ? '' : ` and ${more.length} more`}`,
  }));
}

function ofTopic({ application, object }: Made, world: World): Finding[] {
  const brokers = brokersOf(object, world);
  const copies = Number(at(object, 'spec', 'replicas'));
  const required = Number(at(object, 'spec', 'config', 'min.insync.replicas') ?? 1);
  const where = { application, object: nameOf(object) };
  const file = `gitops/envs/${world.environment.environment}/${application}/settings.yaml`;
  if (copies > brokers)
    return [
      {
        ...where,
        path: 'spec.replicas',
        reason: `${copies} copies cannot be made by the ${brokers} brokers of this environment; lower replicas in ${file}`,
      },
    ];
  const found: Finding[] = [];
  if (copies < Math.min(brokers, 3))
    found.push({
      ...where,
      path: 'spec.replicas',
      reason: `${copies} where there are ${brokers} brokers; raise replicas to ${Math.min(brokers, 3)} in ${file}`,
    });
  if (brokers > 1 && required >= copies)
    found.push({
      ...where,
      path: 'spec.config["min.insync.replicas"]',
      reason: `${required} of ${copies} copies are required, so one broker that restarts stops all writing; lower minInSyncReplicas in ${file}`,
    });
  return found;
}

/** Where data is worth something, it outlives the pool that it is in, and no node holds all of it. */
function ofDurable({ application, object }: Made): Finding[] {
  if (object.kind !== 'KafkaNodePool') return [];
  const where = { application, object: nameOf(object) };
  const found: Finding[] = [];
  const volumes = [at(object, 'spec', 'storage'), ...listAt(object, 'spec', 'storage', 'volumes')];
  if (!volumes.some((volume) => textAt(volume, 'type') === 'persistent-claim'))
    found.push({ ...where, path: 'spec.storage', reason: 'is gone with the pod; use persistent-claim' });
  if (
    volumes.some(
      (volume) => textAt(volume, 'type') === 'persistent-claim' && at(volume, 'deleteClaim') !== false,
    )
  )
    found.push({
      ...where,
      path: 'spec.storage',
      reason: 'a volume is deleted with the pool; set deleteClaim: false',
    });
  if (listAt(object, 'spec', 'template', 'pod', 'topologySpreadConstraints').length === 0)
    found.push({
      ...where,
      path: 'spec.template.pod.topologySpreadConstraints',
      reason: 'is missing, so that one node may hold all copies; spread over kubernetes.io/hostname',
    });
  if (textAt(object, 'spec', 'resources', 'limits', 'memory') === '')
    found.push({ ...where, path: 'spec.resources', reason: 'is missing; say how much memory it gets' });
  return found;
}

/** The chart of the topics is told how many brokers there are, to refuse what cannot be made; it must be told the truth. */
function brokersSaid({ files }: Subject, world: World): Finding[] {
  const { environment } = world.environment;
  const topic = world.all.find(({ object }) => object.kind === 'KafkaTopic');
  if (topic === undefined) return [];
  const file = `gitops/envs/${environment}/${topic.application}/settings.yaml`;
  const [, said] = /^cluster:\n(?: {2}.*\n)*? {2}brokers: (\d+)$/m.exec(files.get(file) ?? '') ?? [];
  const brokers = brokersOf(topic.object, world);
  if (said === undefined || Number(said) === brokers) return [];
  return [
    {
      object: file,
      path: 'cluster.brokers',
      reason: `is ${said}, and the cluster has ${brokers}; write that`,
    },
  ];
}
