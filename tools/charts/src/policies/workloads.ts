/** The objects of a render that run pods. */
import type { KubeObject, Labels } from '../render/kube-object.ts';
import type { Container, LabelSelector, PodSpec } from './pod-types.ts';

export interface Workload {
  readonly object: KubeObject;
  /** Where its pods' spec stands: `spec.template.spec`. */
  readonly path: string;
  readonly pod: PodSpec;
  readonly labels: Labels;
  /** What selects its pods; absent for Jobs, whose selector the cluster makes, and for single pods. */
  readonly selector?: LabelSelector;
  /** Whether its pods run until they are stopped. */
  readonly longRunning: boolean;
}

export interface PlacedContainer {
  readonly container: Container;
  /** Where it stands: `spec.template.spec.containers[0]`. */
  readonly path: string;
  /** Whether it runs as long as its pod does. */
  readonly longRunning: boolean;
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec?: PodSpec;
}

interface TemplateSpec {
  readonly selector?: LabelSelector;
  readonly template?: PodTemplate;
  readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
}

const LONG_RUNNING = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

/** Returns the workloads among `objects`. Pods that an operator makes of its own resources are not known here. */
export function workloadsOf(objects: readonly KubeObject[]): Workload[] {
  return objects.flatMap((object): Workload[] => {
    const spec = (object.spec ?? {}) as TemplateSpec;
    if (LONG_RUNNING.includes(object.kind)) {
      const { selector = {} } = spec;
      return [{ ...placed(object, 'spec.template.spec', spec.template), selector, longRunning: true }];
    }
    switch (object.kind) {
      case 'Job':
        return [placed(object, 'spec.template.spec', spec.template)];
      case 'CronJob':
        return [placed(object, 'spec.jobTemplate.spec.template.spec', spec.jobTemplate?.spec?.template)];
      case 'Pod':
        return [placed(object, 'spec', { metadata: object.metadata, spec: object.spec as PodSpec })];
      default:
        return [];
    }
  });
}

function placed(object: KubeObject, path: string, template: PodTemplate = {}): Workload {
  return {
    object,
    path,
    pod: template.spec ?? {},
    labels: template.metadata?.labels ?? {},
    longRunning: false,
  };
}

/** Returns all containers of a workload, those that run first included. */
export function containersOf({ pod, path, longRunning }: Workload): PlacedContainer[] {
  const main = (pod.containers ?? []).map((container, index) => ({
    container,
    path: `${path}.containers[${index}]`,
    longRunning,
  }));
  const first = (pod.initContainers ?? []).map((container, index) => ({
    container,
    path: `${path}.initContainers[${index}]`,
    longRunning: longRunning && container.restartPolicy === 'Always',
  }));
  return [...main, ...first];
}

/** Returns whether `selector` takes in an object with `labels`; an empty one takes in everything. */
export function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}
