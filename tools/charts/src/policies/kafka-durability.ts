import type { KubeObject } from '../render/kube-object.ts';
import type { Policy, Violation } from './policy.ts';

export const kafkaDurability: Policy = {
  name: 'kafka-durability',
  why: 'More copies than brokers cannot be made; as many required copies as there are stops all writing when one broker restarts; too few lose what was acknowledged.',
  check: ({ objects }) => [
    ...objects
      .filter(({ kind }) => kind === 'Kafka')
      .flatMap((kafka) => ofCluster(kafka, brokersOf(kafka, objects))),
    ...objects.filter(({ kind }) => kind === 'KafkaTopic').flatMap((topic) => ofTopic(topic, objects)),
  ],
};

const CLUSTER = 'strimzi.io/cluster';

interface PoolSpec {
  readonly replicas?: number;
  readonly roles?: readonly string[];
}

/** Returns how many brokers the pools of the render give to a cluster, undefined when it renders none of them. */
function brokersOf({ metadata }: KubeObject, objects: readonly KubeObject[]): number | undefined {
  const pools = objects.filter(
    ({ kind, metadata: { labels } }) => kind === 'KafkaNodePool' && labels?.[CLUSTER] === metadata.name,
  );
  if (pools.length === 0) return undefined;
  return pools
    .map(({ spec }) => (spec ?? {}) as PoolSpec)
    .filter(({ roles = [] }) => roles.includes('broker'))
    .reduce((sum, { replicas = 0 }) => sum + replicas, 0);
}

/** Settings that go together: how many copies, and how many of them must have a record before it is acknowledged. */
const PAIRS = [
  ['default.replication.factor', 'min.insync.replicas'],
  ['transaction.state.log.replication.factor', 'transaction.state.log.min.isr'],
  ['offsets.topic.replication.factor', 'min.insync.replicas'],
] as const;

function ofCluster(object: KubeObject, brokers: number | undefined): Violation[] {
  if (brokers === undefined) {
    return [
      {
        object,
        path: 'metadata.name',
        reason: `has no KafkaNodePool with the label ${CLUSTER}: ${object.metadata.name}; add one`,
      },
    ];
  }
  const { config = {} } =
    ((object.spec ?? {}) as { readonly kafka?: { readonly config?: Readonly<Record<string, unknown>> } })
      .kafka ?? {};
  return PAIRS.flatMap(([copies, required]): Violation[] => {
    const at = (key: string) => `spec.kafka.config["${key}"]`;
    const missing = [copies, required].filter((key) => config[key] === undefined);
    if (missing.length > 0) {
      return missing.map((key) => ({
        object,
        path: at(key),
        reason: 'is missing, and its default is not safe for every cluster; set it',
      }));
    }
    return problems(Number(config[copies]), Number(config[required]), brokers).map(([which, reason]) => ({
      object,
      path: at(which === 'copies' ? copies : required),
      reason,
    }));
  });
}

interface TopicSpec {
  readonly replicas?: number;
  readonly config?: Readonly<Record<string, unknown>>;
}

function ofTopic(object: KubeObject, objects: readonly KubeObject[]): Violation[] {
  const { replicas, config = {} } = (object.spec ?? {}) as TopicSpec;
  const cluster = objects.find(
    ({ kind, metadata }) => kind === 'Kafka' && metadata.name === object.metadata.labels?.[CLUSTER],
  );
  if (replicas === undefined)
    return [{ object, path: 'spec.replicas', reason: 'is missing; say how many copies there are' }];
  const required = config['min.insync.replicas'];
  const brokers =
    (cluster === undefined ? undefined : brokersOf(cluster, objects)) ?? (replicas === 1 ? 1 : undefined);
  return problems(replicas, required === undefined ? undefined : Number(required), brokers).map(
    ([which, reason]) => ({
      object,
      path: which === 'copies' ? 'spec.replicas' : 'spec.config["min.insync.replicas"]',
      reason,
    }),
  );
}

type Problem = readonly [which: 'copies' | 'required', reason: string];

/** `required` is undefined where the cluster's default holds, `brokers` where they are not known. */
function problems(copies: number, required: number | undefined, brokers: number | undefined): Problem[] {
  if (brokers !== undefined && copies > brokers)
    return [['copies', `${copies} copies cannot be made by ${brokers} brokers; lower it`]];
  if (required === undefined) return [];
  if (brokers === 1)
    return required > copies ? [['required', `${required} is more than the ${copies} copies; lower it`]] : [];
  if (required >= copies)
    return [
      [
        'required',
        `${required} of ${copies} copies are required, so one broker that restarts stops all writing; lower it`,
      ],
    ];
  if (copies >= 3 && required < 2)
    return [
      ['required', `${required} copy is enough to acknowledge, and its broker can be lost; raise it to 2`],
    ];
  return [];
}
