import { describe, expect, it } from 'vitest';
import { currentApis } from './current-apis.ts';
import { DEPLOYMENT, told } from './policy.setup.ts';

const object = (apiVersion: string, kind: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }`;

describe('An API', () => {
  it('that is stable may be used', () => {
    expect(told(currentApis, DEPLOYMENT)).toEqual([]);
  });

  it('that is deprecated is told with what takes its place', () => {
    expect(told(currentApis, object('v1', 'Endpoints'))).toEqual([
      'Endpoints/a apiVersion: Endpoints of v1 is deprecated; use EndpointSlice of discovery.k8s.io/v1',
    ]);
  });

  it('of Strimzi is the one that is left', () => {
    expect(told(currentApis, object('kafka.strimzi.io/v1beta2', 'Kafka'))).toEqual([
      'Kafka/a apiVersion: kafka.strimzi.io/v1beta2 is not served any more; use kafka.strimzi.io/v1',
    ]);
  });

  it.each(['autoscaling/v2beta2', 'networking.k8s.io/v1beta1', 'resource.k8s.io/v1alpha3'])(
    'of Kubernetes that is not stable may not: %s',
    (apiVersion) => {
      expect(told(currentApis, object(apiVersion, 'Thing'))).toEqual([
        `Thing/a apiVersion: ${apiVersion} is not stable; use a version without alpha and beta`,
      ]);
    },
  );

  it.each(['keda.sh/v1alpha1', 'access.strimzi.io/v1alpha1', 'gateway.networking.k8s.io/v1beta1'])(
    'of others may be called alpha: %s',
    (apiVersion) => {
      expect(told(currentApis, object(apiVersion, 'Thing'))).toEqual([]);
    },
  );
});
