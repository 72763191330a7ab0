import { type Broken, drop, entry, file, set, without } from '../broken.setup.ts';

const WAVE = ['metadata', 'annotations', 'argocd.argoproj.io/sync-wave'];
const NEEDS = ['metadata', 'annotations', 'eda-blueprint/needs'];

export const BROKEN: readonly Broken[] = [
  [
    'custom resources without who brings their kind',
    set('dev/kafka-cluster', NEEDS, 'kube-prometheus-stack'),
    'dev: kafka-cluster: Kafka/eda: needs strimzi: the kind Kafka of kafka.strimzi.io; add it to applications.kafka-cluster.needs in gitops/root/values.yaml',
    'dev: kafka-topics: KafkaTopic/retail.item-stock.v1: needs strimzi: the kind KafkaTopic of kafka.strimzi.io; add it to applications.kafka-topics.needs in gitops/root/values.yaml',
    'dev: kafka-users: KafkaUser/console: needs strimzi: the kind KafkaUser of kafka.strimzi.io; add it to applications.kafka-users.needs in gitops/root/values.yaml',
  ],
  [
    'custom resources in the wave of who brings their kind',
    set('dev/kafka-cluster', WAVE, '-20'),
    'dev: kafka-cluster: Kafka/eda: is in wave -20, and needs strimzi of wave -20: the kind Kafka of kafka.strimzi.io; give it a later wave',
    'dev: kafka-cluster: PodMonitor/eda-entity-operator: is in wave -20, and needs kube-prometheus-stack of wave -20: the kind PodMonitor of monitoring.coreos.com; give it a later wave',
  ],
  [
    'a kind that nobody brings',
    without('dev/cloudnative-pg'),
    'dev: postgres: Cluster/postgres: needs the kind Cluster of postgresql.cnpg.io, and no application of this environment makes it; correct the name, or add or switch on who makes it',
    'dev: postgres: Database/store: needs the kind Database of postgresql.cnpg.io, and no application of this environment makes it; correct the name, or add or switch on who makes it',
    'dev: postgres: needs cloudnative-pg, which this environment does not have; switch it on',
  ],
  [
    'a chart of others that uses what comes later',
    entry('cert-manager', 'uses: [monitoring.coreos.com]'),
    'all: cert-manager: uses: needs kube-prometheus-stack: the kinds of monitoring.coreos.com; add it to applications.cert-manager.needs in gitops/root/values.yaml',
    'all: cert-manager: uses: is in wave -40, and needs kube-prometheus-stack of wave -20: the kinds of monitoring.coreos.com; give it a later wave',
  ],
  [
    'a chart of others whose values hold what comes later',
    file(
      'gitops/platform/strimzi/more.yaml',
      'extra: [{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: { name: a, namespace: kafka } }]',
    ),
    'all: strimzi: gitops/platform/strimzi/more.yaml: Cluster/a: needs cloudnative-pg: the kind Cluster of postgresql.cnpg.io; add it to applications.strimzi.needs in gitops/root/values.yaml',
    'all: strimzi: gitops/platform/strimzi/more.yaml: Cluster/a: is in wave -20, and needs cloudnative-pg of wave -10: the kind Cluster of postgresql.cnpg.io; give it a later wave',
  ],
  [
    'topics without their Kafka',
    set('dev/kafka-topics', NEEDS, ''),
    'dev: kafka-topics: KafkaTopic/retail.item-stock.v1: needs strimzi: the kind KafkaTopic of kafka.strimzi.io; add it to applications.kafka-topics.needs in gitops/root/values.yaml',
    'dev: kafka-topics: KafkaTopic/retail.item-stock.v1: metadata.labels["strimzi.io/cluster"]: needs kafka-cluster: the Kafka eda; add it to applications.kafka-topics.needs in gitops/root/values.yaml',
  ],
  [
    'topics of a Kafka that is not there',
    set(
      'dev/kafka-topics/KafkaTopic/retail.item-stock.v1',
      ['metadata', 'labels', 'strimzi.io/cluster'],
      'other',
    ),
    'dev: kafka-topics: KafkaTopic/retail.item-stock.v1: metadata.labels["strimzi.io/cluster"]: needs the Kafka other, and no application of this environment makes it; correct the name, or add or switch on who makes it',
  ],
  [
    'users before the topics to which they have rights',
    set('dev/kafka-users', WAVE, '5'),
    'dev: kafka-users: KafkaUser/console: spec.authorization.acls: is in wave 5, and needs kafka-topics of wave 10: the KafkaTopic retail.item-stock.v1; give it a later wave',
  ],
  [
    'a user with rights to a topic that is not there',
    drop('dev/kafka-topics/KafkaTopic/registry-events'),
    'dev: kafka-users: KafkaUser/schema-registry: spec.authorization.acls: needs the KafkaTopic registry-events, and no application of this environment makes it; correct the name, or add or switch on who makes it',
    'dev: schema-registry: KafkaAccess/schema-registry-kafka: spec.user: needs the KafkaTopic registry-events, and no application of this environment makes it; correct the name, or add or switch on who makes it',
  ],
  [
    'an app that does not wait for its user',
    set('dev/schema-registry', NEEDS, 'kafka-topics,strimzi-access,kube-prometheus-stack'),
    'dev: schema-registry: KafkaAccess/schema-registry-kafka: spec.user: needs kafka-users: the KafkaUser schema-registry; add it to applications.schema-registry.needs in gitops/root/values.yaml',
  ],
  [
    'an app that does not wait for the schemas',
    set('dev/inventory', NEEDS, 'kafka-topics,kafka-users,strimzi-access,postgres,kube-prometheus-stack'),
    'dev: inventory: Deployment/inventory: spec.template.spec.containers[0].env SCHEMA_REGISTRY_URL: needs schema-registry: the Service schema-registry in registry; add it to applications.inventory.needs in gitops/root/values.yaml',
    'dev: inventory: Deployment/inventory: env SCHEMA_REGISTRY_URL: needs schema-registration: the schemas registered at http://schema-registry.registry.svc.cluster.local:8080/apis/ccompat/v7; add it to applications.inventory.needs in gitops/root/values.yaml',
  ],
  [
    'an app that starts before the schemas',
    set('dev/inventory', WAVE, '35'),
    'dev: inventory: Deployment/inventory: env SCHEMA_REGISTRY_URL: is in wave 35, and needs schema-registration of wave 40: the schemas registered at http://schema-registry.registry.svc.cluster.local:8080/apis/ccompat/v7; give it a later wave',
  ],
  [
    'an app of another registry',
    set(
      'dev/inventory/Deployment/inventory',
      'spec.template.spec.containers.0.env.5.value',
      'http://other.registry.svc.cluster.local:8080',
    ),
    'dev: inventory: Deployment/inventory: spec.template.spec.containers[0].env SCHEMA_REGISTRY_URL: needs the Service other in registry, and no application of this environment makes it; correct the name, or add or switch on who makes it',
    'dev: inventory: Deployment/inventory: env SCHEMA_REGISTRY_URL: needs the schemas registered at http://other.registry.svc.cluster.local:8080, and no application of this environment makes it; correct the name, or add or switch on who makes it',
  ],
  [
    'a registration without its registry',
    set('dev/schema-registration', NEEDS, 'kafka-cluster'),
    'dev: console: Deployment/console: spec.template.spec.containers[0].env SCHEMA_REGISTRY_URL: needs schema-registry: the Service schema-registry in registry; add it to applications.console.needs in gitops/root/values.yaml',
    'dev: inventory: Deployment/inventory: spec.template.spec.containers[0].env SCHEMA_REGISTRY_URL: needs schema-registry: the Service schema-registry in registry; add it to applications.inventory.needs in gitops/root/values.yaml',
    'dev: replenishment: Deployment/replenishment: spec.template.spec.containers[0].env SCHEMA_REGISTRY_URL: needs schema-registry: the Service schema-registry in registry; add it to applications.replenishment.needs in gitops/root/values.yaml',
    'dev: schema-registration: Job/schema-registration: spec.template.spec.containers[0].env SCHEMA_REGISTRY_URL: needs schema-registry: the Service schema-registry in registry; add it to applications.schema-registration.needs in gitops/root/values.yaml',
    'dev: store: Deployment/store: spec.template.spec.containers[0].env SCHEMA_REGISTRY_URL: needs schema-registry: the Service schema-registry in registry; add it to applications.store.needs in gitops/root/values.yaml',
    'dev: schema-registration: needs: nothing in it leads to kafka-cluster; remove it from the inventory, or add it with its reason to chosen-needs.ts',
  ],
  [
    'an app that does not wait for its database',
    set(
      'dev/inventory',
      NEEDS,
      'kafka-topics,kafka-users,strimzi-access,schema-registration,kube-prometheus-stack',
    ),
    'dev: inventory: Deployment/inventory: spec.template.spec: needs postgres: the Secret inventory-database; add it to applications.inventory.needs in gitops/root/values.yaml',
  ],
  [
    'a Secret that nobody makes',
    drop('dev/postgres/ExternalSecret/store-database'),
    'dev: store: Deployment/store: spec.template.spec: needs the Secret store-database, and no application of this environment makes it; correct the name, or add or switch on who makes it',
  ],
  [
    'an app that starts before the one it calls',
    set('dev/store-simulator', WAVE, '70'),
    'dev: store-simulator: Deployment/store-simulator: spec.template.spec.containers[0].env STORE_URL: is in wave 70, and needs store of wave 70: the Service store in apps; give it a later wave',
  ],
  [
    'an app that calls one that is switched off',
    without('dev/replenishment'),
    'dev: console: Deployment/console: spec.template.spec.containers[0].env REPLENISHMENT_URL: needs the Service replenishment in apps, and no application of this environment makes it; correct the name, or add or switch on who makes it',
    'dev: console: needs replenishment, which this environment does not have; switch it on',
    'dev: store: needs replenishment, which this environment does not have; switch it on',
  ],
  [
    'a need that nothing leads to',
    set('dev/kafka-monitoring', NEEDS, 'kube-prometheus-stack,postgres'),
    'dev: kafka-monitoring: needs: nothing in it leads to postgres; remove it from the inventory, or add it with its reason to chosen-needs.ts',
  ],
  [
    'a choice that is not declared any more',
    set(
      'dev/store',
      NEEDS,
      'kafka-topics,kafka-users,strimzi-access,schema-registration,postgres,kube-prometheus-stack,inventory',
    ),
    'dev: store: needs: chosen-needs.ts has replenishment, and the inventory does not; remove it there, or add it to needs',
  ],
  [
    'a choice that is none any more',
    set('dev/store/Deployment/store', 'spec.template.spec.containers.0.env.0', {
      name: 'INVENTORY_URL',
      value: 'http://inventory',
    }),
    'dev: store: needs: it leads to inventory by itself now, which is no choice any more; remove it from chosen-needs.ts',
  ],
];
