import { type Broken, drop, edit, set } from '../broken.setup.ts';

const TOPIC = 'kafka-topics/KafkaTopic/retail.item-stock.v1';

export const BROKEN: readonly Broken[] = [
  [
    'more copies than brokers',
    set(`dev/${TOPIC}`, 'spec.replicas', 3),
    'dev: kafka-topics: KafkaTopic/retail.item-stock.v1: spec.replicas: 3 copies cannot be made by the 1 brokers of this environment; lower replicas in gitops/envs/dev/kafka-topics/settings.yaml',
  ],
  [
    'a broker less than copies',
    drop('staging/kafka-cluster/KafkaNodePool/broker-b'),
    'staging: kafka-topics: KafkaTopic/retail.item-stock.v1 and 8 more: spec.replicas: 3 copies cannot be made by the 2 brokers of this environment; lower replicas in gitops/envs/staging/kafka-topics/settings.yaml',
    'staging: gitops/envs/staging/kafka-topics/settings.yaml: cluster.brokers: is 3, and the cluster has 2; write that',
  ],
  [
    'fewer copies than there could be',
    set(`prod/${TOPIC}`, 'spec.replicas', 2),
    'prod: kafka-topics: KafkaTopic/retail.item-stock.v1: spec.replicas: 2 where there are 3 brokers; raise replicas to 3 in gitops/envs/prod/kafka-topics/settings.yaml',
    'prod: kafka-topics: KafkaTopic/retail.item-stock.v1: spec.config["min.insync.replicas"]: 2 of 2 copies are required, so one broker that restarts stops all writing; lower minInSyncReplicas in gitops/envs/prod/kafka-topics/settings.yaml',
  ],
  [
    'as many required copies as there are',
    set(`prod/${TOPIC}`, ['spec', 'config', 'min.insync.replicas'], 3),
    'prod: kafka-topics: KafkaTopic/retail.item-stock.v1: spec.config["min.insync.replicas"]: 3 of 3 copies are required, so one broker that restarts stops all writing; lower minInSyncReplicas in gitops/envs/prod/kafka-topics/settings.yaml',
  ],
  [
    'data that goes with its pool',
    set('prod/kafka-cluster/KafkaNodePool/broker-a', 'spec.storage.volumes.0.deleteClaim', true),
    'prod: kafka-cluster: KafkaNodePool/broker-a: spec.storage: a volume is deleted with the pool; set deleteClaim: false',
  ],
  [
    'data that goes with its pod',
    set('prod/kafka-cluster/KafkaNodePool/broker-a', 'spec.storage', { type: 'ephemeral' }),
    'prod: kafka-cluster: KafkaNodePool/broker-a: spec.storage: is gone with the pod; use persistent-claim',
  ],
  [
    'brokers on one node',
    set(
      'prod/kafka-cluster/KafkaNodePool/broker-a',
      'spec.template.pod.topologySpreadConstraints',
      undefined,
    ),
    'prod: kafka-cluster: KafkaNodePool/broker-a: spec.template.pod.topologySpreadConstraints: is missing, so that one node may hold all copies; spread over kubernetes.io/hostname',
  ],
  [
    'brokers without memory',
    set('prod/kafka-cluster/KafkaNodePool/controller', 'spec.resources', undefined),
    'prod: kafka-cluster: KafkaNodePool/controller: spec.resources: is missing; say how much memory it gets',
  ],
  [
    'a number of brokers that is not the real one',
    edit('gitops/envs/prod/kafka-topics/settings.yaml', 'brokers: 3', 'brokers: 5'),
    'prod: gitops/envs/prod/kafka-topics/settings.yaml: cluster.brokers: is 5, and the cluster has 3; write that',
  ],
];
