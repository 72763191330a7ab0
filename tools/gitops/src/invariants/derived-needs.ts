/** Which applications an application needs, by what it consists of. Each function knows one way in which one leads to another. */
import { groupOf, type KubeObject, nameOf } from '@eda/charts';
import { isCustom, listAt, objectsInValues, textAt, walk } from './look.ts';
import type { Subject } from './subject.ts';
import { containersOf, type Made, podOf, type World } from './world.ts';

export interface DerivedNeed {
  readonly application: string;
  /** Undefined when no application makes what is needed. */
  readonly needs: string | undefined;
  /** `Kind/name`, or a file: what leads there. */
  readonly object?: string;
  readonly path?: string;
  /** What is needed: `the Secret store-database`. */
  readonly what: string;
}

/** Returns what all applications of an environment need of each other, by what they consist of. */
export function derivedNeeds(subject: Subject, world: World): DerivedNeed[] {
  return [
    ...ofChartsOfOthers(subject, world),
    ...world.all.flatMap((made) =>
      [
        ...kindNeeds(made, world),
        ...referenceNeeds(made, world),
        ...accessNeeds(made, world),
        ...rightNeeds(made, world),
        ...secretNeeds(made, world),
        ...addressNeeds(made, world),
        ...schemaNeeds(made, world),
      ].map((need) => ({ application: made.application, object: nameOf(made.object), ...need })),
    ),
  ].filter(({ application, needs }) => application !== needs);
}

type Need = Omit<DerivedNeed, 'application' | 'object'>;

/** The charts of others are not here, but the inventory says what they make, and their values may hold whole objects. */
function ofChartsOfOthers(subject: Subject, world: World): DerivedNeed[] {
  return world.environment.children.flatMap(({ name, objects }) => {
    if (objects !== undefined) return [];
    const declared = (subject.inventory.applications.get(name)?.uses ?? []).map((group) => ({
      application: name,
      needs: world.bringerOf(group),
      path: 'uses',
      what: `the kinds of ${group}`,
    }));
    const inValues = objectsInValues(subject, world.environment.environment, name)
      .filter(({ object }) => isCustom(groupOf(object)))
      .map(({ file, object }) => ({
        application: name,
        needs: world.bringerOf(groupOf(object)),
        object: file,
        path: nameOf(object),
        what: `the kind ${object.kind} of ${groupOf(object)}`,
      }));
    return [...declared, ...inValues];
  });
}

/** An object is made after its kind. */
function kindNeeds({ object }: Made, { bringerOf }: World): Need[] {
  const group = groupOf(object);
  return isCustom(group) ? [{ needs: bringerOf(group), what: `the kind ${object.kind} of ${group}` }] : [];
}

const CLUSTER = 'strimzi.io/cluster';

/** Objects that name another of their namespace. */
const REFERENCES: Readonly<Record<string, readonly [path: readonly string[], kind: string]>> = {
  Database: [['spec', 'cluster', 'name'], 'postgresql.cnpg.io/Cluster'],
  ScheduledBackup: [['spec', 'cluster', 'name'], 'postgresql.cnpg.io/Cluster'],
  ...Object.fromEntries(
    ['KafkaTopic', 'KafkaUser', 'KafkaNodePool', 'KafkaRebalance', 'KafkaConnect', 'KafkaConnector'].map(
      (kind) => [
        kind,
        [
          ['metadata', 'labels', CLUSTER],
          kind === 'KafkaConnector' ? 'kafka.strimzi.io/KafkaConnect' : 'kafka.strimzi.io/Kafka',
        ],
      ],
    ),
  ),
};

function referenceNeeds({ object }: Made, { find }: World): Need[] {
  const reference = REFERENCES[object.kind];
  // Kinds of Kubernetes may have the same names.
  if (reference === undefined || !isCustom(groupOf(object))) return [];
  const [path, kind] = reference;
  const name = textAt(object, ...path);
  const needs = find(kind, object.metadata.namespace ?? '', name)?.application;
  const shown = path[0] === 'metadata' ? `metadata.labels["${CLUSTER}"]` : path.join('.');
  return [{ needs, path: shown, what: `the ${kind.split('/')[1] ?? ''} ${name || '(none is named)'}` }];
}

/** Credentials come from a cluster and a user, who is of use when the topics are there to which it has rights. */
function accessNeeds({ object }: Made, { find }: World): Need[] {
  if (object.kind !== 'KafkaAccess') return [];
  const kafka = find(
    'kafka.strimzi.io/Kafka',
    textAt(object, 'spec', 'kafka', 'namespace'),
    textAt(object, 'spec', 'kafka', 'name'),
  );
  const user = find(
    'kafka.strimzi.io/KafkaUser',
    textAt(object, 'spec', 'user', 'namespace'),
    textAt(object, 'spec', 'user', 'name'),
  );
  return [
    {
      needs: kafka?.application,
      path: 'spec.kafka',
      what: `the Kafka ${textAt(object, 'spec', 'kafka', 'name')}`,
    },
    {
      needs: user?.application,
      path: 'spec.user',
      what: `the KafkaUser ${textAt(object, 'spec', 'user', 'name')}`,
    },
    ...(user === undefined ? [] : topicsOf(user.object)).map((topic) => ({
      needs: find('kafka.strimzi.io/KafkaTopic', user?.object.metadata.namespace ?? '', topic)?.application,
      path: 'spec.user',
      what: `the KafkaTopic ${topic}`,
    })),
  ];
}

/** Topics that are named in the rights of a user, one by one. */
function topicsOf(user: KubeObject): string[] {
  return listAt(user, 'spec', 'authorization', 'acls')
    .filter(
      (acl) =>
        textAt(acl, 'resource', 'type') === 'topic' && textAt(acl, 'resource', 'patternType') !== 'prefix',
    )
    .map((acl) => textAt(acl, 'resource', 'name'));
}

/** Whoever gets its credentials finds the topics. */
function rightNeeds({ object }: Made, { find }: World): Need[] {
  if (object.kind !== 'KafkaUser') return [];
  return topicsOf(object).map((topic) => ({
    needs: find('kafka.strimzi.io/KafkaTopic', object.metadata.namespace ?? '', topic)?.application,
    path: 'spec.authorization.acls',
    what: `the KafkaTopic ${topic}`,
  }));
}

/** A pod starts when its Secrets are there. */
function secretNeeds({ object }: Made, { makerOf }: World): Need[] {
  const found = podOf(object);
  const needs: Need[] = [];
  walk(found?.pod, (value) => {
    const reference =
      'secretKeyRef' in value || 'secretRef' in value || 'secret' in value ? value : undefined;
    for (const key of ['secretKeyRef', 'secretRef', 'secret'] as const) {
      const name = textAt(reference, key, 'name') || textAt(reference, key, 'secretName');
      if (name === '' || Reflect.get(Reflect.get(reference ?? {}, key) as object, 'optional') === true)
        continue;
      needs.push({
        needs: makerOf(object.metadata.namespace ?? '', name),
        path: found?.path ?? '',
        what: `the Secret ${name}`,
      });
    }
  });
  return needs;
}

const HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([a-z0-9.-]+)/;

/** A program that is given the address of another is of use when that one answers. */
function addressNeeds({ object }: Made, { find }: World): Need[] {
  return containersOf(object).flatMap(({ env, path }) =>
    env.flatMap((variable): Need[] => {
      const [, host = ''] = HOST.exec(textAt(variable, 'value')) ?? [];
      const [name = '', namespace = object.metadata.namespace ?? '', service] = host.split('.');
      const isService = host !== '' && (!host.includes('.') || service === 'svc');
      const needs = find('/Service', namespace, name)?.application;
      if (!isService && needs === undefined) return [];
      return [
        {
          needs,
          path: `${path}.env ${textAt(variable, 'name')}`,
          what: `the Service ${name} in ${namespace}`,
        },
      ];
    }),
  );
}

const REGISTRY = 'SCHEMA_REGISTRY_URL';
const REGISTERS = 'eda-blueprint/schemas';

/** Who encodes and decodes finds its schemas registered, at the registry that it asks. */
function schemaNeeds({ object }: Made, { all }: World): Need[] {
  if (registers(object)) return [];
  return [...registriesOf(object)].map((url) => ({
    needs: all.find((other) => registers(other.object) && registriesOf(other.object).has(url))?.application,
    path: `env ${REGISTRY}`,
    what: `the schemas registered at ${url}`,
  }));
}

const registers = ({ metadata }: KubeObject) => metadata.annotations?.[REGISTERS] !== undefined;

function registriesOf(object: KubeObject): Set<string> {
  return new Set(
    containersOf(object)
      .flatMap(({ env }) => env)
      .filter((variable) => textAt(variable, 'name') === REGISTRY)
      .map((variable) => textAt(variable, 'value')),
  );
}
