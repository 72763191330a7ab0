/** What the tests of policies have in common. */
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../render/kube-object.ts';
import type { Policy } from './policy.ts';

/** A workload that no policy has anything against, as YAML. */
export const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: store
  namespace: shop
  labels: &labels
    app.kubernetes.io/name: store
    app.kubernetes.io/instance: one
    app.kubernetes.io/version: 1.0.0
    app.kubernetes.io/managed-by: Helm
    app.kubernetes.io/part-of: eda-blueprint
    helm.sh/chart: store-0.1.0
spec:
  replicas: 2
  selector: { matchLabels: { app.kubernetes.io/name: store, app.kubernetes.io/instance: one } }
  template:
    metadata: { labels: *labels }
    spec:
      serviceAccountName: store
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: store
          image: example.org/store:1.0.0
          env: [{ name: LOG_LEVEL, value: info }]
          ports: [{ name: http, containerPort: 8080 }]
          startupProbe: { httpGet: { path: /livez, port: http } }
          livenessProbe: { httpGet: { path: /livez, port: http } }
          readinessProbe: { httpGet: { path: /readyz, port: http } }
          resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts: [{ name: credentials, mountPath: /var/run/secrets/kafka }]
      volumes: [{ name: credentials, secret: { secretName: store-kafka } }]
`;

const METADATA = `
metadata:
  name: store
  namespace: shop
  labels:
    app.kubernetes.io/name: store
    app.kubernetes.io/instance: one
    app.kubernetes.io/version: 1.0.0
    app.kubernetes.io/managed-by: Helm
    app.kubernetes.io/part-of: eda-blueprint
    helm.sh/chart: store-0.1.0
`;

export const SERVICE = `
apiVersion: v1
kind: Service
${METADATA}
spec:
  selector: { app.kubernetes.io/name: store, app.kubernetes.io/instance: one }
  ports: [{ name: http, port: 80, targetPort: http }]
`;

export const SERVICE_MONITOR = `
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
${METADATA}
spec:
  selector: { matchLabels: { app.kubernetes.io/name: store, app.kubernetes.io/instance: one } }
  endpoints: [{ port: http }]
`;

export const BUDGET = `
apiVersion: policy/v1
kind: PodDisruptionBudget
${METADATA}
spec:
  maxUnavailable: 1
  selector: { matchLabels: { app.kubernetes.io/name: store, app.kubernetes.io/instance: one } }
`;

export const NETWORK_POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
${METADATA}
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: store, app.kubernetes.io/instance: one } }
  policyTypes: [Ingress, Egress]
  ingress: []
  egress: [{ to: [{ podSelector: { matchLabels: { a: b } } }], ports: [{ port: 5432 }] }]
`;

export const SERVICE_ACCOUNT = `
apiVersion: v1
kind: ServiceAccount
${METADATA}
automountServiceAccountToken: false
`;

export const KAFKA = `
apiVersion: kafka.strimzi.io/v1
kind: Kafka
${METADATA.replace('name: store', 'name: eda')}
spec:
  kafka:
    authorization: { type: simple }
    listeners: [{ name: tls, port: 9093, type: internal, tls: true, authentication: { type: tls } }]
    config:
      default.replication.factor: 3
      min.insync.replicas: 2
      offsets.topic.replication.factor: 3
      transaction.state.log.replication.factor: 3
      transaction.state.log.min.isr: 2
`;

export const POOL = `
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata:
  name: broker
  namespace: shop
  labels:
    strimzi.io/cluster: eda
    app.kubernetes.io/name: kafka-cluster
    app.kubernetes.io/instance: one
    app.kubernetes.io/version: 1.0.0
    app.kubernetes.io/managed-by: Helm
    app.kubernetes.io/part-of: eda-blueprint
spec:
  replicas: 3
  roles: [broker]
  resources: { requests: { cpu: 100m, memory: 1Gi }, limits: { memory: 1Gi } }
`;

/** Returns the objects of YAML documents. */
export function objectsOf(...documents: readonly string[]): KubeObject[] {
  return documents.flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as KubeObject),
  );
}

/** Returns what a policy says about objects of a release in the namespace `shop`, a line each: object, path, reason. */
export function told({ check }: Policy, ...documents: readonly string[]): string[] {
  return check({ objects: objectsOf(...documents), namespace: 'shop' }).map(
    ({ object, path = '', reason }) => `${object.kind}/${object.metadata.name} ${path}: ${reason}`,
  );
}

/** Returns `text` with one part changed. Throws when it does not have that part exactly once, so that no test changes nothing. */
export function changed(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2)
    throw new Error(`"${from}" is there ${text.split(from).length - 1} times`);
  return text.replace(from, to);
}
