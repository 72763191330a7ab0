import type { KubeObject } from '@eda/charts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lostBetween, lostWith } from './destruction.ts';

const kafka = (kind: string, spec: string) => object('kafka.strimzi.io/v1', kind, spec);
const cnpg = (kind: string, spec: string) => object('postgresql.cnpg.io/v1', kind, spec);
function object(apiVersion: string, kind: string, spec: string): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name: 'it', namespace: 'there' },
    spec: parse(spec) as Record<string, unknown>,
  };
}

const topic = (spec: string) => kafka('KafkaTopic', spec);
const jbod = (...volumes: string[]) =>
  kafka('KafkaNodePool', `{ replicas: 3, storage: { type: jbod, volumes: [${volumes.join()}] } }`);
const volume = (id: number, size: string, more = 'deleteClaim: false') =>
  `{ id: ${id}, type: persistent-claim, size: ${size}, ${more} }`;
const claim = (size: string) =>
  object('v1', 'PersistentVolumeClaim', `{ resources: { requests: { storage: ${size} } } }`);
const workload = (kind: string, spec: string) => object('apps/v1', kind, spec);

describe('Deleting', () => {
  it.each<[KubeObject, string]>([
    [topic('{}'), 'all records of the topic it'],
    [topic('{ topicName: retail.it }'), 'all records of the topic retail.it'],
    [kafka('KafkaUser', '{}'), 'the credentials and rights of the user it'],
    [kafka('Kafka', '{}'), 'the cluster: no topic can be read any more'],
    [jbod(volume(0, '1Gi')), 'their volumes stay'],
    [jbod(volume(0, '1Gi'), volume(1, '1Gi', 'deleteClaim: true')), 'their volumes with all records on them'],
    [kafka('KafkaNodePool', '{ storage: { type: ephemeral } }'), 'their volumes with all records on them'],
    [cnpg('Cluster', '{}'), 'the databases with their volumes'],
    [cnpg('Database', '{ name: shop, databaseReclaimPolicy: delete }'), 'the database shop'],
    [object('v1', 'Namespace', '{}'), 'everything in the namespace it'],
    [claim('1Gi'), 'the volume with what is on it'],
    [object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '{}'), 'all objects of this kind'],
  ])('%o loses something', (it, what) => {
    expect(lostWith(it)).toContain(what);
  });

  it.each([
    [workload('Deployment', '{}')],
    [cnpg('Database', '{ name: shop, databaseReclaimPolicy: retain }')],
    // A kind of another group.
    [object('example.org/v1', 'KafkaTopic', '{}')],
  ])('%o loses nothing', (it) => {
    expect(lostWith(it)).toBeUndefined();
  });
});

describe('Changing', () => {
  const retention = (value: string) => topic(`{ config: { retention.ms: ${value} } }`);

  it.each<[before: KubeObject, after: KubeObject, what: string]>([
    [topic('{ partitions: 6 }'), topic('{ partitions: 5 }'), 'partitions becomes smaller (6 to 5)'],
    [topic('{ topicName: a }'), topic('{ topicName: b }'), 'another name (a to b)'],
    [topic('{}'), topic('{ topicName: b }'), 'another name (it to b)'],
    [retention('1000'), retention('999'), 'retention.ms becomes smaller (1000 to 999)'],
    [retention('-1'), retention('1000'), 'retention.ms becomes smaller (-1 to 1000)'],
    [retention("'1000'"), retention('"10"'), 'retention.ms becomes smaller (1000 to 10)'],
    [topic('{}'), retention('1000'), "retention.ms becomes smaller (Kafka's default to 1000)"],
    [retention('-1'), topic('{}'), "retention.ms becomes smaller (-1 to Kafka's default)"],
    [topic('{}'), topic('{ config: { retention.bytes: 5 } }'), 'retention.bytes becomes smaller'],
    [
      topic('{ config: { cleanup.policy: compact } }'),
      topic('{}'),
      'cleanup.policy becomes delete (was compact)',
    ],
    [jbod(volume(0, '10Gi')), jbod(volume(0, '9Gi')), 'volume 0 becomes smaller (10Gi to 9Gi)'],
    [jbod(volume(0, '1Gi')), jbod(volume(0, '1000Mi')), 'volume 0 becomes smaller (1Gi to 1000Mi)'],
    [jbod(volume(0, '1Gi'), volume(1, '1Gi')), jbod(volume(0, '1Gi')), 'volume 1 is taken away'],
    [jbod(volume(0, '1Gi')), jbod('{ id: 0, type: ephemeral }'), 'volume 0 becomes ephemeral'],
    [
      kafka('KafkaNodePool', '{ replicas: 3, storage: { type: ephemeral } }'),
      kafka('KafkaNodePool', '{ replicas: 2, storage: { type: ephemeral } }'),
      'replicas becomes smaller (3 to 2)',
    ],
    [
      cnpg('Cluster', '{ storage: { size: 5Gi } }'),
      cnpg('Cluster', '{ storage: { size: 4Gi } }'),
      'storage.size',
    ],
    [cnpg('Cluster', '{ walStorage: { size: 5Gi } }'), cnpg('Cluster', '{}'), 'walStorage is taken away'],
    [
      cnpg('Database', '{ name: a, ensure: present }'),
      cnpg('Database', '{ name: a, ensure: absent }'),
      'dropped',
    ],
    [cnpg('Database', '{ name: a }'), cnpg('Database', '{ name: b }'), 'another name (a to b)'],
    [claim('2Gi'), claim('1Gi'), 'the volume becomes smaller'],
    [workload('Deployment', '{ selector: a }'), workload('Deployment', '{ selector: b }'), 'spec.selector'],
    [workload('StatefulSet', '{ serviceName: a }'), workload('StatefulSet', '{}'), 'spec.serviceName'],
    [
      object('batch/v1', 'Job', '{ template: a }'),
      object('batch/v1', 'Job', '{ template: b }'),
      'spec.template',
    ],
  ])('%o into %o loses something', (before, after, what) => {
    expect(lostBetween(before, after)).toEqual([expect.stringContaining(what)]);
  });

  it.each<[before: KubeObject, after: KubeObject]>([
    [topic('{ partitions: 5 }'), topic('{ partitions: 6 }')],
    [topic('{}'), topic('{ topicName: it }')],
    [retention('1000'), retention('-1')],
    [topic('{}'), retention('604800000')],
    [jbod(volume(0, '1Gi')), jbod(volume(0, '1024Mi'), volume(1, '1Gi'))],
    [kafka('KafkaNodePool', '{ replicas: 3 }'), kafka('KafkaNodePool', '{ replicas: 2 }')],
    [
      cnpg('Cluster', '{ storage: { size: 4Gi } }'),
      cnpg('Cluster', '{ storage: { size: 5Gi }, instances: 1 }'),
    ],
    [workload('Deployment', '{ template: a }'), workload('Deployment', '{ template: b, replicas: 0 }')],
  ])('%o into %o loses nothing', (before, after) => {
    expect(lostBetween(before, after)).toEqual([]);
  });
});
