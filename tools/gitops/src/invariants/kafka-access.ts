import { nameOf } from '@eda/charts';
import type { Finding, Invariant } from './invariant.ts';
import { listAt, textAt } from './look.ts';
import { containersOf, type Made, type World, worldOf } from './world.ts';

export const kafkaAccess: Invariant = {
  name: 'kafka-access',
  why: 'Whoever makes a KafkaAccess gets the credentials of the user it names, whosever they are: the operator does not ask.',
  check: (subject) =>
    subject.environments.flatMap((environment) => {
      const world = worldOf(subject, environment);
      return world.all
        .flatMap((made) => [...ofAccess(made, world), ...ofKeys(made, world)])
        .map((found) => ({ environment: environment.environment, ...found }));
    }),
};

const ACCESS = 'access.strimzi.io/KafkaAccess';

function ofAccess({ application, object }: Made, world: World): Finding[] {
  if (object.kind !== 'KafkaAccess') return [];
  const where = { application, object: nameOf(object) };
  const [user, namespace] = ['name', 'namespace'].map((key) => textAt(object, 'spec', 'user', key));
  const found: Finding[] = [];
  if (user !== application)
    found.push({
      ...where,
      path: 'spec.user.name',
      reason: `is ${user || 'nobody'}, and the application is ${application}; each application has its own user`,
    });
  const kafka = world.find(
    'kafka.strimzi.io/Kafka',
    textAt(object, 'spec', 'kafka', 'namespace'),
    textAt(object, 'spec', 'kafka', 'name'),
  )?.object;
  const person = world.find('kafka.strimzi.io/KafkaUser', namespace ?? '', user ?? '')?.object;
  if (person === undefined) {
    found.push({
      ...where,
      path: 'spec.user',
      reason: `there is no KafkaUser ${user} in ${namespace}; add it to kafka-users`,
    });
    return found;
  }
  if (
    person.metadata.labels?.['strimzi.io/cluster'] !== kafka?.metadata.name ||
    namespace !== kafka?.metadata.namespace
  )
    found.push({
      ...where,
      path: 'spec.user',
      reason: 'is a user of another Kafka than spec.kafka; name those that belong together',
    });
  const listener = listAt(kafka, 'spec', 'kafka', 'listeners').find(
    (one) => textAt(one, 'name') === textAt(object, 'spec', 'kafka', 'listener'),
  );
  const [asked, has] = [
    textAt(listener, 'authentication', 'type'),
    textAt(person, 'spec', 'authentication', 'type'),
  ];
  if (asked !== has)
    found.push({
      ...where,
      path: 'spec.kafka.listener',
      reason: `${textAt(object, 'spec', 'kafka', 'listener')} asks for ${asked || 'nothing'}, and the user has ${has || 'nothing'}; use the listener of its kind`,
    });
  return found;
}

/** What the Access Operator documents for Secrets that it makes. */
const KEYS = [
  'type',
  'provider',
  'bootstrap.servers',
  'bootstrap-servers',
  'bootstrapServers',
  'security.protocol',
  'securityProtocol',
  'ssl.truststore.crt',
  'ssl.keystore.crt',
  'ssl.keystore.key',
  'username',
  'user',
  'password',
  'sasl.jaas.config',
  'sasl.mechanism',
  'saslMechanism',
];

function ofKeys({ application, object }: Made, world: World): Finding[] {
  const isAccess = (secret: string) =>
    world.find(ACCESS, object.metadata.namespace ?? '', secret) !== undefined;
  return containersOf(object).flatMap(({ env, path }) =>
    env
      .map((variable) => ({ variable, reference: ['valueFrom', 'secretKeyRef'] as const }))
      .filter(
        ({ variable, reference }) =>
          isAccess(textAt(variable, ...reference, 'name')) &&
          !KEYS.includes(textAt(variable, ...reference, 'key')),
      )
      .map(({ variable, reference }) => ({
        application,
        object: nameOf(object),
        path: `${path}.env ${textAt(variable, 'name')}`,
        reason: `the Secret of a KafkaAccess has no ${textAt(variable, ...reference, 'key')}; it has ${KEYS.join(', ')}`,
      })),
  );
}
