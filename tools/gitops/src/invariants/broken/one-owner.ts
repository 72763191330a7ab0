import { add, type Broken, drop, set } from '../broken.setup.ts';

export const BROKEN: readonly Broken[] = [
  [
    'an object of two applications',
    add('dev/console', 'apiVersion: v1\nkind: Service\nmetadata: { name: store, namespace: apps }'),
    'dev: store: Service/store: it is made by console too; give one another name, or leave it to one of them',
  ],
  [
    'an object of an application and the root',
    add('dev/console', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: kafka }'),
    'dev: console: Namespace/kafka: it is made by root too; give one another name, or leave it to one of them',
  ],
  [
    'a Secret of two makers',
    set('dev/postgres/ExternalSecret/store-database', 'spec.target.name', 'store-kafka'),
    'dev: store: KafkaAccess/store-kafka: the Secret store-kafka is made by postgres too; give one another name, or leave it to one of them',
  ],
  [
    'a namespace that is not there',
    set('dev/store/Service/store', 'metadata.namespace', 'shop'),
    'dev: store: Service/store: metadata.namespace: there is no namespace shop; add it to namespaces in gitops/root/values.yaml',
  ],
  [
    'a destination that is not there',
    drop('dev/root/Namespace/strimzi'),
    'dev: strimzi: spec.destination.namespace: there is no namespace strimzi; add it to namespaces in gitops/root/values.yaml',
    'dev: strimzi-access: spec.destination.namespace: there is no namespace strimzi; add it to namespaces in gitops/root/values.yaml',
  ],
];
