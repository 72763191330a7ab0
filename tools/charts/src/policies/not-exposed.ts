import type { KubeObject } from '../render/kube-object.ts';
import type { Policy, Violation } from './policy.ts';
import { containersOf, workloadsOf } from './workloads.ts';

export const notExposed: Policy = {
  name: 'not-exposed',
  why: 'A port of a node or a load balancer opens a way into the cluster beside the Gateway, and a LoadBalancer that never gets an address keeps Argo CD waiting.',
  check: ({ objects }) => [
    ...objects.flatMap(ofService),
    ...objects.flatMap(ofKafka),
    ...objects.flatMap(ofPods),
  ],
};

interface ServiceSpec {
  readonly type?: string;
  readonly externalIPs?: readonly string[];
}

function ofService(object: KubeObject): Violation[] {
  if (object.kind !== 'Service') return [];
  const { type = 'ClusterIP', externalIPs = [] } = (object.spec ?? {}) as ServiceSpec;
  return [
    ...(type === 'LoadBalancer' || type === 'NodePort'
      ? [{ object, path: 'spec.type', reason: `is ${type}; use ClusterIP and an HTTPRoute` }]
      : []),
    ...(externalIPs.length > 0
      ? [{ object, path: 'spec.externalIPs', reason: 'takes addresses of nodes; remove it' }]
      : []),
  ];
}

interface KafkaSpec {
  readonly kafka?: { readonly listeners?: readonly { readonly type?: string }[] };
}

function ofKafka(object: KubeObject): Violation[] {
  if (object.kind !== 'Kafka') return [];
  const listeners = (object.spec as KafkaSpec | undefined)?.kafka?.listeners ?? [];
  return listeners.flatMap(({ type = '' }, index): Violation[] =>
    ['internal', 'cluster-ip'].includes(type)
      ? []
      : [
          {
            object,
            path: `spec.kafka.listeners[${index}].type`,
            reason: `is ${type}, which opens the brokers to outside of the cluster; use internal`,
          },
        ],
  );
}

function ofPods(object: KubeObject): Violation[] {
  return workloadsOf([object]).flatMap((workload) => [
    ...containersOf(workload).flatMap(({ container, path }) =>
      (container.ports ?? []).flatMap(({ hostPort }, index): Violation[] =>
        hostPort === undefined
          ? []
          : [
              {
                object,
                path: `${path}.ports[${index}].hostPort`,
                reason: 'takes a port of the node; remove it and use a Service',
              },
            ],
      ),
    ),
    ...(workload.pod.volumes ?? []).flatMap((volume, index): Violation[] =>
      'hostPath' in volume
        ? [
            {
              object,
              path: `${workload.path}.volumes[${index}].hostPath`,
              reason: 'opens the files of the node; use another volume',
            },
          ]
        : [],
    ),
  ]);
}
