import { type Broken, drop, set } from '../broken.setup.ts';

const ACCESS = 'dev/console/KafkaAccess/console-kafka';

export const BROKEN: readonly Broken[] = [
  [
    'an app with the user of another',
    set(ACCESS, 'spec.user.name', 'store'),
    'dev: console: KafkaAccess/console-kafka: spec.user.name: is store, and the application is console; each application has its own user',
  ],
  [
    'a user who is not there',
    drop('dev/kafka-users/KafkaUser/console'),
    'dev: console: KafkaAccess/console-kafka: spec.user: there is no KafkaUser console in kafka; add it to kafka-users',
  ],
  [
    'a user of another namespace',
    set(ACCESS, 'spec.user.namespace', 'apps'),
    'dev: console: KafkaAccess/console-kafka: spec.user: there is no KafkaUser console in apps; add it to kafka-users',
  ],
  [
    'a user of another Kafka',
    set('dev/kafka-users/KafkaUser/console', ['metadata', 'labels', 'strimzi.io/cluster'], 'other'),
    'dev: console: KafkaAccess/console-kafka: spec.user: is a user of another Kafka than spec.kafka; name those that belong together',
  ],
  [
    'a listener that asks for something else',
    set(ACCESS, 'spec.kafka.listener', 'tls'),
    'dev: console: KafkaAccess/console-kafka: spec.kafka.listener: tls asks for tls, and the user has scram-sha-512; use the listener of its kind',
  ],
  [
    'a listener that is not there',
    set(ACCESS, 'spec.kafka.listener', 'plain'),
    'dev: console: KafkaAccess/console-kafka: spec.kafka.listener: plain asks for nothing, and the user has scram-sha-512; use the listener of its kind',
  ],
  [
    'a key that the Secret does not have',
    set(
      'dev/schema-registry/Deployment/schema-registry',
      'spec.template.spec.containers.0.env.0.valueFrom.secretKeyRef.key',
      'brokers',
    ),
    'dev: schema-registry: Deployment/schema-registry: spec.template.spec.containers[0].env APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: the Secret of a KafkaAccess has no brokers; it has type, provider, bootstrap.servers, bootstrap-servers, bootstrapServers, security.protocol, securityProtocol, ssl.truststore.crt, ssl.keystore.crt, ssl.keystore.key, username, user, password, sasl.jaas.config, sasl.mechanism, saslMechanism',
  ],
];
