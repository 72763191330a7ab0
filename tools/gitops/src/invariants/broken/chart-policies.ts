import { type Broken, set } from '../broken.setup.ts';

const CONTAINER = 'spec.template.spec.containers.0';

export const BROKEN: readonly Broken[] = [
  [
    'an image that moves',
    set('prod/store/Deployment/store', `${CONTAINER}.image`, 'ghcr.io/eda-blueprint/store:latest'),
    'prod: store: Deployment/store: spec.template.spec.containers[0].image: "ghcr.io/eda-blueprint/store:latest" moves with every release; name a version or a digest [image-pinned]',
  ],
  [
    'a pod that may do anything',
    set('prod/store/Deployment/store', `${CONTAINER}.securityContext.readOnlyRootFilesystem`, undefined),
    'prod: store: Deployment/store: spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem: has to be true; mount an emptyDir where it writes [restricted-security]',
  ],
  [
    'a pod without limit',
    set('prod/store/Deployment/store', `${CONTAINER}.resources.limits`, undefined),
    'prod: store: Deployment/store: spec.template.spec.containers[0].resources.limits.memory: is missing; say what is needed [resources]',
  ],
  [
    'a pod without probe',
    set('prod/store/Deployment/store', `${CONTAINER}.readinessProbe`, undefined),
    'prod: store: Deployment/store: spec.template.spec.containers[0].readinessProbe: is missing; every container that runs on needs one [probes]',
  ],
  [
    'a load balancer',
    set('dev/store/Service/store', 'spec.type', 'LoadBalancer'),
    'dev: store: Service/store: spec.type: is LoadBalancer; use ClusterIP and an HTTPRoute [not-exposed]',
  ],
  [
    'an API version that is gone',
    set('prod/kafka-cluster/Kafka/eda', 'apiVersion', 'kafka.strimzi.io/v1beta2'),
    'prod: kafka-cluster: Kafka/eda: apiVersion: kafka.strimzi.io/v1beta2 is not served any more; use kafka.strimzi.io/v1 [current-apis]',
  ],
  [
    'a listener for everybody',
    set('prod/kafka-cluster/Kafka/eda', 'spec.kafka.listeners.0.authentication', undefined),
    'prod: kafka-cluster: Kafka/eda: spec.kafka.listeners[0].authentication: listener tls asks nobody who they are; set tls or scram-sha-512 [kafka-listeners]',
  ],
  [
    'another namespace than the one of the application',
    set('prod/store', 'spec.destination.namespace', 'shop'),
    'prod: store: NetworkPolicy/store: metadata.namespace: is apps, whatever namespace the release is in; use .Release.Namespace [labels-and-namespace]',
    'prod: store: PodDisruptionBudget/store: metadata.namespace: is apps, whatever namespace the release is in; use .Release.Namespace [labels-and-namespace]',
    'prod: store: ServiceAccount/store: metadata.namespace: is apps, whatever namespace the release is in; use .Release.Namespace [labels-and-namespace]',
    'prod: store: Service/store: metadata.namespace: is apps, whatever namespace the release is in; use .Release.Namespace [labels-and-namespace]',
    'prod: store: Deployment/store: metadata.namespace: is apps, whatever namespace the release is in; use .Release.Namespace [labels-and-namespace]',
    'prod: store: KafkaAccess/store-kafka: metadata.namespace: is apps, whatever namespace the release is in; use .Release.Namespace [labels-and-namespace]',
    'prod: store: ServiceMonitor/store: metadata.namespace: is apps, whatever namespace the release is in; use .Release.Namespace [labels-and-namespace]',
  ],
  [
    'a Job that is gone before it is looked at',
    set('prod/schema-registration/Job/*', 'spec.ttlSecondsAfterFinished', 60),
    'prod: schema-registration: Job/schema-registration: spec.ttlSecondsAfterFinished: deletes the Job, and Argo CD makes it again; remove it [jobs]',
  ],
  [
    'a Secret of which only a file is mounted',
    set('prod/store/Deployment/store', `${CONTAINER}.volumeMounts.0.subPath`, 'password'),
    'prod: store: Deployment/store: spec.template.spec.containers[0].volumeMounts[0].subPath: mounts one file of a Secret; mount the Secret as a directory [secrets-as-directories]',
  ],
];
