/** What is lost for good when an object is deleted or changed, as far as it can be told from what Git says. */
import { groupOf, type KubeObject, parseQuantity } from '@eda/charts';
import { isDeepStrictEqual } from 'node:util';

type Fields = Readonly<Record<string, unknown>>;

interface Rules {
  /** What is lost with the object, undefined when nothing is that cannot be made anew. */
  readonly deleted?: (object: KubeObject) => string | undefined;
  /** What is lost by a change. */
  readonly changed?: (before: KubeObject, after: KubeObject) => (string | undefined)[];
}

/** Returns what is lost when the object is deleted, undefined when it can be made anew. */
export function lostWith(object: KubeObject): string | undefined {
  return RULES[kindOf(object)]?.deleted?.(object);
}

/** Returns what is lost, or has to be deleted first, when `before` becomes `after`. */
export function lostBetween(before: KubeObject, after: KubeObject): string[] {
  const found = RULES[kindOf(before)]?.changed?.(before, after) ?? [];
  return found.filter((reason) => reason !== undefined);
}

const kindOf = (object: KubeObject) => `${groupOf(object)}/${object.kind}`;
const specOf = (object: KubeObject) => object.spec ?? {};
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const word = (value: unknown, otherwise: string) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;

function smaller(field: string, before: unknown, after: unknown, consequence: string): string | undefined {
  const [one, other] = [parseQuantity(word(before, '')), parseQuantity(word(after, ''))];
  return other < one
    ? `${field} becomes smaller (${word(before, '')} to ${word(after, '')}): ${consequence}`
    : undefined;
}

/** Selectors cannot be changed, whatever else of a workload can. */
function workload(...more: readonly string[]): Rules {
  return {
    changed: (before, after) =>
      ['selector', ...more].map((field) =>
        isDeepStrictEqual(specOf(before)[field], specOf(after)[field])
          ? undefined
          : `spec.${field} cannot be changed: the sync fails until somebody deletes the object, which is then made anew`,
      ),
  };
}

const topicName = (topic: KubeObject) => word(specOf(topic)['topicName'], topic.metadata.name);

function topicChanges(before: KubeObject, after: KubeObject): (string | undefined)[] {
  const [one, other] = [specOf(before), specOf(after)];
  const [had, has] = [fieldsOf(one['config']), fieldsOf(other['config'])];
  const policy = (config: Fields) => word(config['cleanup.policy'], 'delete');
  return [
    topicName(before) === topicName(after)
      ? undefined
      : `the topic gets another name (${topicName(before)} to ${topicName(after)}): its records do not move there`,
    smaller(
      'partitions',
      one['partitions'],
      other['partitions'],
      'Kafka takes none away, so the topic has to be deleted with all records and made anew',
    ),
    keptShorter('retention.ms', had, has, 7 * 24 * 3_600_000),
    keptShorter('retention.bytes', had, has, Infinity),
    policy(had) === policy(has)
      ? undefined
      : `cleanup.policy becomes ${policy(has)} (was ${policy(had)}): records that were kept are removed`,
  ];
}

/** -1 is for ever; `standard` is what Kafka does when nothing is said. */
function keptShorter(key: string, had: Fields, has: Fields, standard: number): string | undefined {
  const [one, other] = [had, has].map((config) => {
    const value = Number(config[key] ?? standard);
    return value < 0 ? Infinity : value;
  });
  if (one === undefined || other === undefined || !(other < one)) return undefined;
  const text = (config: Fields) => word(config[key], "Kafka's default");
  return `${key} becomes smaller (${text(had)} to ${text(has)}): older records are removed`;
}

/** The volumes of a node pool by their ids; one that is not in a list counts as the only one. */
function volumesOf(pool: KubeObject): ReadonlyMap<string, Fields> {
  const storage = fieldsOf(specOf(pool)['storage']);
  const volumes = storage['type'] === 'jbod' ? listOf(storage['volumes']) : [storage];
  return new Map(volumes.map((volume) => [word(volume['id'], 'only'), volume]));
}

/** Whether what is on it goes when its node goes. */
const isTransient = (volume: Fields) => volume['type'] === 'ephemeral' || volume['deleteClaim'] === true;

function poolChanges(before: KubeObject, after: KubeObject): (string | undefined)[] {
  const [volumes, others] = [volumesOf(before), volumesOf(after)];
  const [one, other] = [specOf(before)['replicas'], specOf(after)['replicas']];
  return [
    ...[...volumes].flatMap(([id, volume]) => {
      const next = others.get(id);
      if (next === undefined) return [`volume ${id} is taken away: what is on it is no longer read`];
      if (next['type'] !== volume['type'])
        return [
          `volume ${id} becomes ${word(next['type'], 'another')} (was ${word(volume['type'], 'another')}): what is on it is no longer read`,
        ];
      return [
        smaller(`volume ${id}`, volume['size'], next['size'], 'no volume shrinks, so it has to be made anew'),
      ];
    }),
    [...volumes.values()].some(isTransient)
      ? smaller('replicas', one, other, 'the volumes of the nodes that go are deleted')
      : undefined,
  ];
}

function clusterChanges(before: KubeObject, after: KubeObject): (string | undefined)[] {
  return ['storage', 'walStorage'].map((field) => {
    const [one, other] = [specOf(before)[field], specOf(after)[field]];
    if (one !== undefined && other === undefined) return `${field} is taken away`;
    return smaller(
      `${field}.size`,
      fieldsOf(one)['size'],
      fieldsOf(other)['size'],
      'no volume shrinks, so it has to be made anew',
    );
  });
}

function databaseChanges(before: KubeObject, after: KubeObject): (string | undefined)[] {
  const [one, other] = [specOf(before), specOf(after)];
  const isAbsent = (spec: Fields) => spec['ensure'] === 'absent';
  return [
    isAbsent(other) && !isAbsent(one)
      ? `ensure becomes absent: the database ${word(one['name'], '')} is dropped`
      : undefined,
    one['name'] === other['name']
      ? undefined
      : `the database gets another name (${word(one['name'], '')} to ${word(other['name'], '')}): its tables do not move there`,
  ];
}

const claimSize = (claim: KubeObject) =>
  fieldsOf(fieldsOf(specOf(claim)['resources'])['requests'])['storage'];

const RULES: Readonly<Record<string, Rules>> = {
  '/Namespace': { deleted: ({ metadata }) => `everything in the namespace ${metadata.name}` },
  '/PersistentVolumeClaim': {
    deleted: () => 'the volume with what is on it',
    changed: (before, after) => [
      smaller(
        'the volume',
        claimSize(before),
        claimSize(after),
        'no volume shrinks, so it has to be made anew',
      ),
    ],
  },
  '/PersistentVolume': { deleted: () => 'the volume with what is on it' },
  'apiextensions.k8s.io/CustomResourceDefinition': { deleted: () => 'all objects of this kind' },
  'kafka.strimzi.io/Kafka': { deleted: () => 'the cluster: no topic can be read any more' },
  'kafka.strimzi.io/KafkaNodePool': {
    deleted: (pool) =>
      [...volumesOf(pool).values()].some(isTransient)
        ? 'its nodes and their volumes with all records on them'
        : 'its nodes; their volumes stay as claims that nobody uses (deleteClaim is false)',
    changed: poolChanges,
  },
  'kafka.strimzi.io/KafkaTopic': {
    deleted: (topic) => `all records of the topic ${topicName(topic)}`,
    changed: topicChanges,
  },
  'kafka.strimzi.io/KafkaUser': {
    deleted: ({ metadata }) => `the credentials and rights of the user ${metadata.name}`,
  },
  'postgresql.cnpg.io/Cluster': {
    deleted: () => 'the databases with their volumes',
    changed: clusterChanges,
  },
  'postgresql.cnpg.io/Database': {
    deleted: ({ spec = {} }) =>
      spec['databaseReclaimPolicy'] === 'delete' ? `the database ${word(spec['name'], '')}` : undefined,
    changed: databaseChanges,
  },
  'apps/Deployment': workload(),
  'apps/DaemonSet': workload(),
  'apps/StatefulSet': workload('serviceName', 'podManagementPolicy', 'volumeClaimTemplates'),
  'batch/Job': workload('template', 'completionMode', 'podFailurePolicy'),
};
