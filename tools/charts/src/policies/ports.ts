import type { KubeObject } from '../render/kube-object.ts';
import type { Labels } from '../render/kube-object.ts';
import type { LabelSelector, Probe } from './pod-types.ts';
import type { Policy, Violation } from './policy.ts';
import { containersOf, selects, type Workload, workloadsOf } from './workloads.ts';

export const ports: Policy = {
  name: 'ports',
  why: 'A name of a port that no container has is no error for the cluster; it only leads nowhere.',
  check: ({ objects }) => {
    const workloads = workloadsOf(objects);
    return [
      ...workloads.flatMap(ofProbes),
      ...objects.filter(({ kind }) => kind === 'Service').flatMap((service) => ofService(service, workloads)),
      ...objects
        .filter(({ kind }) => kind === 'ServiceMonitor')
        .flatMap((monitor) => ofMonitor(monitor, objects)),
    ];
  },
};

interface ServiceSpec {
  readonly selector?: Labels;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort?: string | number;
  }[];
}

function portsOf(workload: Workload): Set<string | number> {
  const all = containersOf(workload).flatMap(({ container }) => container.ports ?? []);
  return new Set(
    all.flatMap(({ name, containerPort }) => (name === undefined ? [containerPort] : [name, containerPort])),
  );
}

function ofProbes(workload: Workload): Violation[] {
  return containersOf(workload).flatMap(({ container, path }) => {
    const own = new Set((container.ports ?? []).flatMap(({ name, containerPort }) => [name, containerPort]));
    return (['startupProbe', 'livenessProbe', 'readinessProbe'] as const).flatMap((key): Violation[] => {
      const probe: Probe | undefined = container[key];
      const port = (probe?.httpGet ?? probe?.tcpSocket)?.port;
      return port === undefined || own.has(port)
        ? []
        : [
            {
              object: workload.object,
              path: `${path}.${key}`,
              reason: `asks port ${port}, which the container does not have; name one of its ports`,
            },
          ];
    });
  });
}

function ofService(service: KubeObject, workloads: readonly Workload[]): Violation[] {
  const spec = (service.spec ?? {}) as ServiceSpec;
  const behind = workloads.filter(({ labels }) => selects({ matchLabels: spec.selector ?? {} }, labels));
  if (spec.selector === undefined || behind.length === 0) return [];
  return (spec.ports ?? []).flatMap(({ port, targetPort = port }, index): Violation[] =>
    behind.some((workload) => portsOf(workload).has(targetPort))
      ? []
      : [
          {
            object: service,
            path: `spec.ports[${index}].targetPort`,
            reason: `${targetPort} is no port of the pods behind it; name one of theirs`,
          },
        ],
  );
}

function ofMonitor(monitor: KubeObject, objects: readonly KubeObject[]): Violation[] {
  const { selector = {}, endpoints = [] } = (monitor.spec ?? {}) as {
    readonly selector?: LabelSelector;
    readonly endpoints?: readonly { readonly port?: string }[];
  };
  const services = objects.filter(
    ({ kind, metadata }) => kind === 'Service' && selects(selector, metadata.labels ?? {}),
  );
  const names = new Set(
    services.flatMap(({ spec }) => (spec as ServiceSpec).ports ?? []).map(({ name }) => name),
  );
  return services.length === 0
    ? []
    : endpoints.flatMap(({ port }, index): Violation[] =>
        port === undefined || names.has(port)
          ? []
          : [
              {
                object: monitor,
                path: `spec.endpoints[${index}].port`,
                reason: `${port} is no port of the Service; name one of its ports`,
              },
            ],
      );
}
