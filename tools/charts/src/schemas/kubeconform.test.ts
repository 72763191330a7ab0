import { resolveTool } from '@eda/helm';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkSchemas } from './kubeconform.ts';
import { ensureSchemas, type SchemaFolders } from './schema-cache.ts';

const log = (line: string) => void process.stderr.write(`${line}\n`);
let kubeconform = '';
let schemas: SchemaFolders;

beforeAll(async () => {
  kubeconform = await resolveTool('kubeconform', { log });
  schemas = await ensureSchemas({ log });
}, 600_000);

const [lowest, newest] = ['1.30.14', '1.35.4'];
const check = (manifest: string, kubernetes = newest) =>
  checkSchemas(manifest, { kubeconform, schemas, kubernetes });

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: store }
spec:
  replicas: 1
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec:
      containers:
        - name: store
          image: store:1
          resources: { limits: { memory: 256Mi } }
`;

describe('The schemas', () => {
  it('are those of the lowest and of the newest release of Kubernetes', () => {
    expect([...schemas.kubernetes.keys()]).toEqual([lowest, newest]);
  });

  it.each([lowest, newest])('of Kubernetes %s take a Deployment', async (kubernetes) => {
    expect(await check(DEPLOYMENT, kubernetes)).toEqual([]);
  });

  it('find every mistake in an object, each with its place', async () => {
    const manifest = DEPLOYMENT.replace('replicas: 1', "replicas: '1'")
      .replace('256Mi', '256Mb')
      .replace('image: store:1', 'image: store:1\n          colour: red');
    expect(await check(manifest)).toEqual([
      {
        object: 'Deployment/store',
        path: 'spec.replicas',
        reason: 'got string, want integer; Deployment of apps/v1 says so',
      },
      {
        object: 'Deployment/store',
        path: 'spec.template.spec.containers[0]',
        reason: "additional properties 'colour' not allowed; Deployment of apps/v1 says so",
      },
      {
        object: 'Deployment/store',
        path: 'spec.template.spec.containers[0].resources.limits.memory',
        reason: "'256Mb' is no quantity, such as 100m or 256Mi; Deployment of apps/v1 says so",
      },
    ]);
  });

  it('say the same of a quantity in a custom resource', async () => {
    const pool = (cpu: string) => `
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: { name: broker }
spec:
  replicas: 1
  roles: [broker]
  storage: { type: jbod, volumes: [] }
  resources: { limits: { cpu: ${cpu} } }
`;
    expect(await check(pool('100m'))).toEqual([]);
    expect((await check(pool('much')))[0]?.reason).toBe(
      "'much' is no quantity, such as 100m or 256Mi; KafkaNodePool of kafka.strimzi.io/v1 says so",
    );
  });

  it('know that a field is optional only in a newer release', async () => {
    const job = `
apiVersion: batch/v1
kind: Job
metadata: { name: once }
spec:
  podFailurePolicy:
    rules: [{ action: Ignore, onPodConditions: [{ type: DisruptionTarget }] }]
  template: { spec: { restartPolicy: Never, containers: [{ name: once }] } }
`;
    expect(await check(job, newest)).toEqual([]);
    expect(await check(job, lowest)).toEqual([
      {
        object: 'Job/once',
        path: 'spec.podFailurePolicy.rules[0].onPodConditions[0]',
        reason: "missing property 'status'; Job of batch/v1 says so",
      },
    ]);
  });

  it('do not know a kind that is no longer served', async () => {
    const [violation] = await check(
      'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { name: a }\n',
    );
    expect(violation).toMatchObject({ object: 'PodDisruptionBudget/a', path: 'apiVersion' });
    expect(violation?.reason).toMatch(/^neither Kubernetes nor an operator .* in policy\/v1beta1; /);
  });

  it('see a key that is there twice', async () => {
    const [violation] = await check(
      'apiVersion: v1\nkind: Service\nmetadata: { name: a, name: b }\nspec: {}\n',
    );
    expect(violation?.reason).toContain('key "name" already set');
  });

  it.each([
    ['kafka.strimzi.io/v1', 'KafkaTopic', 'partitions: 3', 'partitions: 0'],
    ['kafka.strimzi.io/v1', 'KafkaUser', 'authentication: { type: scram-sha-512 }', 'authentification: {}'],
    [
      'access.strimzi.io/v1alpha1',
      'KafkaAccess',
      'kafka: { name: eda, listener: scram }, user: { kind: KafkaUser, apiGroup: kafka.strimzi.io, name: a }',
      'kafka: {}',
    ],
    ['postgresql.cnpg.io/v1', 'Cluster', 'instances: 1, storage: { size: 1Gi }', 'instances: 0'],
    [
      'barmancloud.cnpg.io/v1',
      'ObjectStore',
      'configuration: { destinationPath: s3://b/p }',
      'configuration: {}',
    ],
    [
      'monitoring.coreos.com/v1',
      'ServiceMonitor',
      'selector: {}, endpoints: [{ port: http, interval: 30s }]',
      'selector: {}, endpoints: [{ interval: soon }]',
    ],
    [
      'gateway.networking.k8s.io/v1',
      'HTTPRoute',
      'rules: [{ backendRefs: [{ name: a, port: 80 }] }]',
      'rules: [{ backendRefs: [{ port: 80 }] }]',
    ],
    [
      'keda.sh/v1alpha1',
      'ScaledObject',
      'scaleTargetRef: { name: a }, triggers: [{ type: kafka, metadata: { topic: a } }]',
      'scaleTargetRef: { name: a }, triggers: [{ type: kafka, metadata: { lag: 3 } }]',
    ],
    ['cert-manager.io/v1', 'Certificate', 'secretName: a, issuerRef: { name: a }', 'issuerRef: { name: a }'],
    ['external-secrets.io/v1', 'ExternalSecret', 'target: { name: a }', 'target: { nom: a }'],
    [
      'bitnami.com/v1alpha1',
      'SealedSecret',
      'encryptedData: { password: AgA= }, template: { data: { uri: a } }',
      'encryptedData: { password: AgA= }, template: { data: { uri: [a] } }',
    ],
    [
      'generators.external-secrets.io/v1alpha1',
      'Password',
      'length: 24, allowRepeat: true, noUpper: false',
      'length: long',
    ],
  ])('of %s know a good %s from a bad one', async (apiVersion, kind, good, bad) => {
    const manifest = (spec: string) =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\nspec: { ${spec} }\n`;
    expect(await check(manifest(good))).toEqual([]);
    expect(await check(manifest(bad))).not.toEqual([]);
  });
});
