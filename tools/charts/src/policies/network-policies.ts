import type { KubeObject, Labels } from '../render/kube-object.ts';
import type { LabelSelector } from './pod-types.ts';
import type { Policy, Violation } from './policy.ts';
import { selects, workloadsOf } from './workloads.ts';

export const networkPolicies: Policy = {
  name: 'network-policies',
  why: 'A pod that no policy selects may be reached by, and may reach, everything; one direction that is not named is open.',
  check: ({ objects }) => {
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    const own = workloadsOf(objects).map(({ object, labels, path }) => ({
      object,
      labels,
      path: path.replace(/spec$/, 'metadata.labels'),
    }));
    return [
      ...[...own, ...managedPods(objects)].flatMap((pods) => ofPods(pods, policies)),
      ...policies.flatMap(ofPolicy),
    ];
  },
};

interface Spec {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly Rule[] | null;
  readonly egress?: readonly Rule[] | null;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly unknown[];
}

interface Peer {
  readonly ipBlock?: { readonly cidr?: string };
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
}

interface Pods {
  readonly object: KubeObject;
  readonly labels: Labels;
  readonly path: string;
}

/** The label by which an operator marks the pods that it makes of a resource. */
const MANAGED: Readonly<Record<string, string>> = { Kafka: 'strimzi.io/cluster', Cluster: 'cnpg.io/cluster' };

function managedPods(objects: readonly KubeObject[]): Pods[] {
  return objects.flatMap((object): Pods[] => {
    const label = MANAGED[object.kind];
    return label === undefined
      ? []
      : [{ object, labels: { [label]: object.metadata.name }, path: 'metadata.name' }];
  });
}

function ofPods({ object, labels, path }: Pods, policies: readonly KubeObject[]): Violation[] {
  const types = new Set(
    policies
      .map(({ spec }) => (spec ?? {}) as Spec)
      .filter(({ podSelector = {} }) => selects(podSelector, labels))
      .flatMap(({ policyTypes = [] }) => policyTypes),
  );
  if (types.size === 0)
    return [
      {
        object,
        path,
        reason: 'no NetworkPolicy of the chart selects its pods; add one with both directions',
      },
    ];
  return ['Ingress', 'Egress']
    .filter((type) => !types.has(type))
    .map((type) => ({
      object,
      path,
      reason: `no NetworkPolicy that selects its pods names ${type}; add it to policyTypes`,
    }));
}

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** Rules that take back what the policy is there for. */
function ofPolicy(object: KubeObject): Violation[] {
  const { ingress, egress } = (object.spec ?? {}) as Spec;
  return [...rules('ingress', ingress), ...rules('egress', egress)].flatMap(({ path, peers, ports }) => {
    const found: Violation[] = [];
    if (peers.length === 0 && ports.length === 0)
      found.push({
        object,
        path,
        reason: 'names neither peers nor ports, and so allows everything; name some',
      });
    peers.forEach((peer, index) => {
      if (EVERYWHERE.includes(peer.ipBlock?.cidr ?? '') && ports.length === 0)
        found.push({
          object,
          path: `${path}[${index}]`,
          reason: `${peer.ipBlock?.cidr ?? ''} on every port is everything; name the ports`,
        });
    });
    return found;
  });
}

function rules(direction: 'ingress' | 'egress', list: readonly Rule[] | null = []) {
  return (list ?? []).map((rule, index) => {
    const key = direction === 'ingress' ? 'from' : 'to';
    const peers = rule[key] ?? [];
    return { path: `spec.${direction}[${index}]`, peers, ports: rule.ports ?? [] };
  });
}
