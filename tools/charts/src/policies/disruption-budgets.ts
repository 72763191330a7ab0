import type { KubeObject } from '../render/kube-object.ts';
import type { LabelSelector } from './pod-types.ts';
import type { Policy, Violation } from './policy.ts';
import { selects, type Workload, workloadsOf } from './workloads.ts';

export const disruptionBudgets: Policy = {
  name: 'disruption-budgets',
  why: 'Without a budget a drain may take all pods at once; with one that never lets any go, no node can be drained for ever.',
  check: ({ objects }) => {
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
    return workloadsOf(objects)
      .filter(({ object }) => object.kind === 'Deployment' || object.kind === 'StatefulSet')
      .flatMap((workload) => ofWorkload(workload, budgets, replicasOf(workload.object, objects)));
  },
};

interface BudgetSpec {
  readonly selector?: LabelSelector;
  readonly maxUnavailable?: number | string;
  readonly minAvailable?: number | string;
}

/** The fewest pods there are: those of an autoscaler, when one decides. */
function replicasOf({ spec, kind, metadata }: KubeObject, objects: readonly KubeObject[]): number {
  for (const scaler of objects) {
    const { scaleTargetRef, minReplicas, minReplicaCount } = (scaler.spec ?? {}) as {
      readonly scaleTargetRef?: { readonly name?: string; readonly kind?: string };
      readonly minReplicas?: number;
      readonly minReplicaCount?: number;
    };
    if (scaleTargetRef?.name !== metadata.name || (scaleTargetRef.kind ?? 'Deployment') !== kind) continue;
    if (scaler.kind === 'HorizontalPodAutoscaler') return minReplicas ?? 1;
    if (scaler.kind === 'ScaledObject') return minReplicaCount ?? 0;
  }
  return ((spec ?? {}) as { readonly replicas?: number }).replicas ?? 1;
}

function ofWorkload(
  { object, labels }: Workload,
  budgets: readonly KubeObject[],
  replicas: number,
): Violation[] {
  const own = budgets.filter(({ spec }) => selects(((spec ?? {}) as BudgetSpec).selector ?? {}, labels));
  const [budget, second] = own;
  if (budget === undefined) {
    return replicas > 1
      ? [
          {
            object,
            path: 'spec.replicas',
            reason: `${replicas} pods, and no PodDisruptionBudget selects them; add one`,
          },
        ]
      : [];
  }
  if (second !== undefined)
    return [
      {
        object: second,
        path: 'spec.selector',
        reason: 'selects pods that another budget selects too, and no eviction works then; remove one',
      },
    ];
  return blocks((budget.spec ?? {}) as BudgetSpec, replicas).map(([path, reason]) => ({
    object: budget,
    path,
    reason,
  }));
}

function blocks(
  { maxUnavailable, minAvailable }: BudgetSpec,
  replicas: number,
): [path: string, reason: string][] {
  if (maxUnavailable !== undefined && countOf(maxUnavailable, replicas) < 1)
    return [['spec.maxUnavailable', `${maxUnavailable} lets no pod go, so no node can be drained; allow 1`]];
  if (minAvailable !== undefined && countOf(minAvailable, replicas) >= replicas)
    return [
      [
        'spec.minAvailable',
        `${minAvailable} of ${replicas} pods lets none go, so no node can be drained; use maxUnavailable 1`,
      ],
    ];
  if (maxUnavailable === undefined && minAvailable === undefined)
    return [['spec', 'has neither maxUnavailable nor minAvailable, and lets none go; set maxUnavailable 1']];
  return [];
}

/** Kubernetes rounds percentages up, for both. */
function countOf(value: number | string, replicas: number): number {
  return typeof value === 'string' && value.endsWith('%')
    ? Math.ceil((Number(value.slice(0, -1)) / 100) * replicas)
    : Number(value);
}
