import { type Broken, drop, edit, set } from '../broken.setup.ts';

const ACLS = 'spec.authorization.acls';
const USER = 'dev/kafka-users/KafkaUser/store';

export const BROKEN: readonly Broken[] = [
  [
    'a right too few',
    set(USER, ACLS, []),
    'dev: kafka-users: KafkaUser/store: spec.authorization.acls: lacks topic retail.stock-moved.v1: Write, which apps/store/asyncapi.yaml says it does; npm run generate, and nothing of it in gitops/envs',
  ],
  [
    'a right too many',
    set(USER, `${ACLS}.0.operations`, ['Read', 'Write']),
    'dev: kafka-users: KafkaUser/store: spec.authorization.acls: has topic retail.stock-moved.v1: Read, of which apps/store/asyncapi.yaml says nothing; take the right away, or declare what is done with it',
  ],
  [
    'a group too many',
    set(USER, `${ACLS}.+`, { resource: { type: 'group', name: 'inventory' }, operations: ['Read'] }),
    'dev: kafka-users: KafkaUser/store: spec.authorization.acls: has group inventory: Read, of which apps/store/asyncapi.yaml says nothing; take the right away, or declare what is done with it',
  ],
  [
    'a right to everything',
    set('dev/kafka-users/KafkaUser/schema-registry', `${ACLS}.0.resource.name`, '*'),
    'dev: kafka-users: KafkaUser/schema-registry: spec.authorization.acls: topic * stands for all; write the names down',
  ],
  [
    'a right to a topic that is not there',
    set('dev/kafka-users/KafkaUser/schema-registry', `${ACLS}.0.resource.name`, 'kafkasql-journals'),
    'dev: kafka-users: KafkaUser/schema-registry: spec.authorization.acls: there is no topic kafkasql-journals; correct the name, or add it to kafka-topics',
  ],
  [
    'an app without user',
    drop(USER),
    'dev: store: has no KafkaUser store; add it to kafka-users (npm run generate)',
  ],
  [
    'a topic that is gone',
    drop('dev/kafka-topics/KafkaTopic/retail.stock-moved.v1.inventory.dlq'),
    'dev: kafka-users: KafkaUser/console: spec.authorization.acls: there is no topic retail.stock-moved.v1.inventory.dlq; correct the name, or add it to kafka-topics',
    'dev: kafka-users: KafkaUser/inventory: spec.authorization.acls: there is no topic retail.stock-moved.v1.inventory.dlq; correct the name, or add it to kafka-topics',
    'dev: kafka-topics: the topic retail.stock-moved.v1.inventory.dlq of the contracts is there 0 times; it has to be once (npm run generate)',
  ],
  [
    'a schema that is not registered',
    edit('charts/schema-registration/schemas.generated.yaml', '  - retail.store-stock.v1-value\n', ''),
    'charts/schema-registration/schemas.generated.yaml: retail.store-stock.v1-value does not stand there once; npm run generate',
  ],
];
