import type { TopologyApp } from '@eda/contracts';
import { type KubeObject, nameOf } from '@eda/charts';
import type { Finding, Invariant } from './invariant.ts';
import { listAt, textAt } from './look.ts';
import type { Subject } from './subject.ts';
import { type Made, type World, worldOf } from './world.ts';

export const contractRights: Invariant = {
  name: 'contract-rights',
  why: 'A right too few is an app that the broker turns away in one environment only; a right too many is used one day by mistake.',
  check: (subject) => [
    ...unregistered(subject),
    ...subject.environments.flatMap((environment) => {
      const world = worldOf(subject, environment);
      const users = world.all.filter(({ object }) => object.kind === 'KafkaUser');
      return [
        ...users.flatMap((user) => ofUser(user, subject, world)),
        ...withoutUser(subject, world, users),
        ...withoutTopic(subject, world),
      ].map((found) => ({ environment: environment.environment, ...found }));
    }),
  ],
};

/** `topic retail.stock-moved.v1: Read`. */
type Right = `${string} ${string}: ${string}`;

function rightsOf(user: KubeObject): Set<Right> {
  return new Set(
    listAt(user, 'spec', 'authorization', 'acls').flatMap((acl) =>
      listAt(acl, 'operations').map(
        (operation): Right =>
          `${textAt(acl, 'resource', 'type')} ${textAt(acl, 'resource', 'name')}: ${String(operation)}`,
      ),
    ),
  );
}

/** What an app does with Kafka according to its document. */
function neededBy({ operations }: TopologyApp, { topology }: Subject): Set<Right> {
  const needed = new Set<Right>();
  for (const { action, purpose, topic, group } of operations) {
    needed.add(`topic ${topic}: ${action === 'send' ? 'Write' : 'Read'}`);
    if (purpose === 'retry') needed.add(`topic ${topic}: Read`);
    if (group !== undefined) needed.add(`group ${group}: Read`);
    if (purpose !== 'observe') continue;
    // It shows how far those are who consume.
    for (const other of topology.apps.flatMap((app) => app.operations))
      if (other.topic === topic && other.group !== undefined) needed.add(`group ${other.group}: Describe`);
  }
  for (const right of needed)
    if (right.endsWith(': Describe') && needed.has(right.replace(/Describe$/, 'Read') as Right))
      needed.delete(right);
  return needed;
}

const PATH = 'spec.authorization.acls';

function ofUser({ application, object }: Made, subject: Subject, world: World): Finding[] {
  const where = { application, object: nameOf(object), path: PATH };
  const rights = rightsOf(object);
  const found: Finding[] = [];
  for (const acl of listAt(object, 'spec', 'authorization', 'acls')) {
    const [type, name] = [textAt(acl, 'resource', 'type'), textAt(acl, 'resource', 'name')];
    if (name.includes('*'))
      found.push({ ...where, reason: `${type} ${name} stands for all; write the names down` });
    const isOne =
      type === 'topic' && textAt(acl, 'resource', 'patternType') !== 'prefix' && !name.includes('*');
    if (
      isOne &&
      world.find('kafka.strimzi.io/KafkaTopic', object.metadata.namespace ?? '', name) === undefined
    )
      found.push({
        ...where,
        reason: `there is no topic ${name}; correct the name, or add it to kafka-topics`,
      });
  }
  const app = subject.topology.apps.find(({ name }) => name === object.metadata.name);
  // Users of the platform have no document.
  if (app === undefined) return found;
  const needed = neededBy(app, subject);
  return [
    ...found,
    ...[...needed]
      .filter((right) => !rights.has(right))
      .map((right) => ({
        ...where,
        reason: `lacks ${right}, which apps/${app.name}/asyncapi.yaml says it does; npm run generate, and nothing of it in gitops/envs`,
      })),
    ...[...rights]
      .filter((right) => !needed.has(right) && !right.includes('*'))
      .map((right) => ({
        ...where,
        reason: `has ${right}, of which apps/${app.name}/asyncapi.yaml says nothing; take the right away, or declare what is done with it`,
      })),
  ];
}

/** Apps that are deployed, speak with Kafka and have nobody to be there. */
function withoutUser({ topology }: Subject, world: World, users: readonly Made[]): Finding[] {
  return topology.apps
    .filter(
      ({ name, operations }) =>
        operations.length > 0 && world.environment.children.some((child) => child.name === name),
    )
    .filter(({ name }) => !users.some(({ object }) => object.metadata.name === name))
    .map(({ name }) => ({
      application: name,
      reason: `has no KafkaUser ${name}; add it to kafka-users (npm run generate)`,
    }));
}

/** Topics of the contracts, dead letters included, that the environment does not have. */
function withoutTopic({ topology }: Subject, { all }: World): Finding[] {
  const topics = all.filter(({ object }) => object.kind === 'KafkaTopic');
  const application = topics[0]?.application;
  // Who deploys no topics has its Kafka elsewhere.
  if (application === undefined) return [];
  const names = topics.map(({ object }) => textAt(object, 'spec', 'topicName') || object.metadata.name);
  return topology.topics.flatMap(({ name }) => {
    const times = names.filter((one) => one === name).length;
    const reason = `the topic ${name} of the contracts is there ${times} times; it has to be once (npm run generate)`;
    return times === 1 ? [] : [{ application, reason }];
  });
}

const REGISTERED = 'charts/schema-registration/schemas.generated.yaml';

/** Schemas that nobody registers. */
function unregistered({ topology, files }: Subject): Finding[] {
  const registered = files.get(REGISTERED) ?? '';
  return topology.topics
    .filter(({ subject }) => subject !== undefined && registered.split(`- ${subject}\n`).length !== 2)
    .map(({ subject = '' }) => ({
      object: REGISTERED,
      reason: `${subject} does not stand there once; npm run generate`,
    }));
}
