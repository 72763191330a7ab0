import { nameOf } from '@eda/charts';
import type { Finding, Invariant } from './invariant.ts';
import { textAt } from './look.ts';
import { type World, worldOf } from './world.ts';

/** That the metadata is no newer than Kafka is refused by the chart kafka-cluster; it cannot know which Strimzi there is. */
export const kafkaVersions: Invariant = {
  name: 'kafka-versions',
  why: 'Strimzi leaves a Kafka alone whose version it does not have: no certificate is renewed and no setting arrives, until somebody notices.',
  check: (subject) => subject.environments.flatMap((environment) => of(worldOf(subject, environment))),
};

const PLACE = 'tools/gitops/src/invariants/kafka-versions.ts';

/** The newest metadata of each line of Kafka that may be finalized. */
const METADATA: Readonly<Record<string, string>> = { '4.2': '4.2-IV1', '4.3': '4.3-IV0' };

/** Which versions of Kafka each version of Strimzi has: `kafka-versions.yaml` of its release, those with `supported: true`. */
const SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  '1.2.0': ['4.2.0', '4.2.1', '4.3.0', '4.3.1'],
};

function of(world: World): Finding[] {
  const { environment, children } = world.environment;
  const operator = children.find(({ name }) => name === world.bringerOf('kafka.strimzi.io'));
  const strimzi = textAt(operator?.application, 'spec', 'sources', 0, 'targetRevision');
  const kafkas = world.all.filter(({ object }) => object.kind === 'Kafka');
  // That nobody brings the kind is told by the order.
  if (operator === undefined || kafkas.length === 0) return [];
  const supported = SUPPORTED[strimzi];
  if (supported === undefined)
    return [
      {
        environment,
        application: operator.name,
        path: 'chart.version',
        reason: `nobody has written down which versions of Kafka Strimzi ${strimzi} has; add them to ${PLACE}, from https://github.com/strimzi/strimzi-kafka-operator/blob/${strimzi}/kafka-versions.yaml`,
      },
    ];
  return kafkas.flatMap(({ application, object }): Finding[] => {
    const where = { environment, application, object: nameOf(object) };
    const version = textAt(object, 'spec', 'kafka', 'version');
    const metadata = textAt(object, 'spec', 'kafka', 'metadataVersion');
    if (!supported.includes(version))
      return [
        {
          ...where,
          path: 'spec.kafka.version',
          reason: `Strimzi ${strimzi} has no Kafka ${version}; take ${supported.join(', ')}`,
        },
      ];
    const [line = ''] = /^\d+\.\d+/.exec(metadata) ?? [];
    const newest = METADATA[line];
    // Older lines are fine, and what is newest of them does not matter any more.
    if (newest === undefined || level(metadata) <= level(newest)) return [];
    return [
      {
        ...where,
        path: 'spec.kafka.metadataVersion',
        reason: `${metadata} was never released; the newest of ${line} is ${newest}`,
      },
    ];
  });
}

const level = (metadata: string) => Number(/\d+$/.exec(metadata)?.[0]);
