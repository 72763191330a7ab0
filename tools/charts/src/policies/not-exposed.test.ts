import { describe, expect, it } from 'vitest';
import { notExposed } from './not-exposed.ts';
import { changed, DEPLOYMENT, KAFKA, SERVICE, told } from './policy.setup.ts';

describe('A way into the cluster', () => {
  it('is not made by what stays inside', () => {
    expect(told(notExposed, DEPLOYMENT, SERVICE, KAFKA)).toEqual([]);
  });

  it.each(['LoadBalancer', 'NodePort'])('is made by a Service of type %s', (type) => {
    expect(told(notExposed, changed(SERVICE, 'spec:', `spec:\n  type: ${type}`))).toEqual([
      `Service/store spec.type: is ${type}; use ClusterIP and an HTTPRoute`,
    ]);
  });

  it('is made by addresses of nodes', () => {
    expect(told(notExposed, changed(SERVICE, 'spec:', 'spec:\n  externalIPs: [192.0.2.1]'))).toHaveLength(1);
  });

  it('is made by a port of the node', () => {
    expect(
      told(notExposed, changed(DEPLOYMENT, 'containerPort: 8080', 'containerPort: 8080, hostPort: 80')),
    ).toEqual([
      'Deployment/store spec.template.spec.containers[0].ports[0].hostPort: takes a port of the node; remove it and use a Service',
    ]);
  });

  it('is made by files of the node', () => {
    expect(
      told(notExposed, changed(DEPLOYMENT, 'secret: { secretName: store-kafka }', 'hostPath: { path: / }')),
    ).toEqual([
      'Deployment/store spec.template.spec.volumes[0].hostPath: opens the files of the node; use another volume',
    ]);
  });

  it.each(['loadbalancer', 'nodeport', 'route', 'ingress'])('is made by a listener of type %s', (type) => {
    expect(told(notExposed, changed(KAFKA, 'type: internal', `type: ${type}`))).toEqual([
      `Kafka/eda spec.kafka.listeners[0].type: is ${type}, which opens the brokers to outside of the cluster; use internal`,
    ]);
  });
});
