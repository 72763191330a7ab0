import type { KubeObject, Labels } from '../render/kube-object.ts';
import type { LabelSelector } from './pod-types.ts';
import type { Policy, Violation } from './policy.ts';
import { selects, type Workload, workloadsOf } from './workloads.ts';

export const stableSelectors: Policy = {
  name: 'stable-selectors',
  why: 'The selector of a Deployment is immutable, so a label in it that changes makes the next upgrade fail; two selectors that differ protect or serve other pods than they should.',
  check: ({ objects }) => {
    const workloads = workloadsOf(objects);
    return [
      ...workloads.flatMap(ofWorkload),
      ...objects.flatMap((object) => ofSelecting(object, workloads, objects)),
    ];
  },
};

const NAME = 'app.kubernetes.io/name';
const INSTANCE = 'app.kubernetes.io/instance';

function ofWorkload({ object, path, selector, labels, pod }: Workload): Violation[] {
  const found: Violation[] = [];
  if (selector !== undefined) {
    if (!isStable(selector))
      found.push({
        object,
        path: 'spec.selector',
        reason: `has to be ${NAME} and ${INSTANCE} and nothing else`,
      });
    if (!selects(selector, labels))
      found.push({
        object,
        path: 'spec.selector',
        reason: 'does not select its own pods; give them its labels',
      });
  }
  (pod.topologySpreadConstraints ?? []).forEach(({ labelSelector = {} }, index) => {
    if (selector !== undefined && !sameLabels(labelSelector.matchLabels, selector.matchLabels))
      found.push({
        object,
        path: `${path}.topologySpreadConstraints[${index}].labelSelector`,
        reason: 'spreads other pods than its own; use the labels of spec.selector',
      });
  });
  return found;
}

function isStable({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return matchExpressions.length === 0 && Object.keys(matchLabels).sort().join() === [INSTANCE, NAME].join();
}

function sameLabels(one: Labels = {}, other: Labels = {}): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

/** Where an object says which pods it is about. */
const SELECTORS: Readonly<
  Record<
    string,
    (spec: Readonly<Record<string, unknown>>) => [path: string, selector: LabelSelector] | undefined
  >
> = {
  Service: ({ selector }) =>
    selector === undefined ? undefined : ['spec.selector', { matchLabels: selector as Labels }],
  PodDisruptionBudget: ({ selector = {} }) => ['spec.selector', selector as LabelSelector],
  NetworkPolicy: ({ podSelector = {} }) => ['spec.podSelector', podSelector as LabelSelector],
  PodMonitor: ({ selector = {} }) => ['spec.selector', selector as LabelSelector],
};

function ofSelecting(
  object: KubeObject,
  workloads: readonly Workload[],
  objects: readonly KubeObject[],
): Violation[] {
  if (object.kind === 'ServiceMonitor') return ofServiceMonitor(object, objects);
  const [path, selector] = SELECTORS[object.kind]?.(object.spec ?? {}) ?? [];
  if (path === undefined || selector === undefined) return [];
  if (isEmpty(selector))
    return [{ object, path, reason: 'selects all pods of the namespace; name those that are meant' }];
  // Pods that an operator makes have the operator's labels.
  if (
    selector.matchLabels?.[NAME] === undefined &&
    !workloads.some(({ labels }) => selects(selector, labels))
  )
    return [];
  if (!isStable(selector))
    return [{ object, path, reason: `has to be ${NAME} and ${INSTANCE} and nothing else` }];
  return workloads.some(({ labels }) => selects(selector, labels))
    ? []
    : [{ object, path, reason: 'selects no pods of this chart; use the labels of their selector' }];
}

function ofServiceMonitor(object: KubeObject, objects: readonly KubeObject[]): Violation[] {
  const selector = (object.spec?.['selector'] ?? {}) as LabelSelector;
  const path = 'spec.selector';
  if (!isStable(selector))
    return [{ object, path, reason: `has to be ${NAME} and ${INSTANCE} and nothing else` }];
  const services = objects.filter(({ kind }) => kind === 'Service');
  return services.some(({ metadata }) => selects(selector, metadata.labels ?? {}))
    ? []
    : [{ object, path, reason: 'selects no Service of this chart; use the labels of one' }];
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
