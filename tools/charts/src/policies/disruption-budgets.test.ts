import { describe, expect, it } from 'vitest';
import { disruptionBudgets } from './disruption-budgets.ts';
import { BUDGET, changed, DEPLOYMENT, told } from './policy.setup.ts';

const single = changed(DEPLOYMENT, 'replicas: 2', 'replicas: 1');
const scaler = (kind: string, spec: string) =>
  `kind: ${kind}\nmetadata: { name: store }\nspec: { scaleTargetRef: { name: store }, ${spec} }`;

describe('A budget', () => {
  it('that lets one pod go is right', () => {
    expect(told(disruptionBudgets, DEPLOYMENT, BUDGET)).toEqual([]);
  });

  it('is missed where there are several pods', () => {
    expect(told(disruptionBudgets, DEPLOYMENT)).toEqual([
      'Deployment/store spec.replicas: 2 pods, and no PodDisruptionBudget selects them; add one',
    ]);
    expect(told(disruptionBudgets, single)).toEqual([]);
  });

  it.each([
    ['HorizontalPodAutoscaler', 'minReplicas: 3'],
    ['ScaledObject', 'minReplicaCount: 3'],
  ])('counts the pods of a %s', (kind, spec) => {
    expect(told(disruptionBudgets, single, scaler(kind, spec))).toEqual([
      'Deployment/store spec.replicas: 3 pods, and no PodDisruptionBudget selects them; add one',
    ]);
  });

  it.each([
    ['maxUnavailable: 0', 'spec.maxUnavailable: 0 lets no pod go, so no node can be drained; allow 1'],
    ['maxUnavailable: 0%', 'spec.maxUnavailable: 0% lets no pod go, so no node can be drained; allow 1'],
    [
      'minAvailable: 2',
      'spec.minAvailable: 2 of 2 pods lets none go, so no node can be drained; use maxUnavailable 1',
    ],
    [
      'minAvailable: 60%',
      'spec.minAvailable: 60% of 2 pods lets none go, so no node can be drained; use maxUnavailable 1',
    ],
    [
      'unhealthyPodEvictionPolicy: AlwaysAllow',
      'spec: has neither maxUnavailable nor minAvailable, and lets none go; set maxUnavailable 1',
    ],
  ])('of %s lets no node be drained', (text, line) => {
    expect(told(disruptionBudgets, DEPLOYMENT, changed(BUDGET, 'maxUnavailable: 1', text))).toEqual([
      `PodDisruptionBudget/store ${line}`,
    ]);
  });

  it.each(['maxUnavailable: 10%', 'minAvailable: 50%', 'minAvailable: 1'])('of %s lets one go', (text) => {
    expect(told(disruptionBudgets, DEPLOYMENT, changed(BUDGET, 'maxUnavailable: 1', text))).toEqual([]);
  });

  it('for one pod may not keep it', () => {
    expect(
      told(disruptionBudgets, single, changed(BUDGET, 'maxUnavailable: 1', 'minAvailable: 1')),
    ).toHaveLength(1);
  });

  it('beside another one lets nobody go', () => {
    expect(
      told(disruptionBudgets, DEPLOYMENT, BUDGET, changed(BUDGET, '  name: store', '  name: second')),
    ).toEqual([
      'PodDisruptionBudget/second spec.selector: selects pods that another budget selects too, and no eviction works then; remove one',
    ]);
  });
});
