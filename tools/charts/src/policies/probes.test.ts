import { describe, expect, it } from 'vitest';
import { probes } from './probes.ts';
import { changed, DEPLOYMENT, told } from './policy.setup.ts';

describe('Probes', () => {
  it('that are all there are right', () => {
    expect(told(probes, DEPLOYMENT)).toEqual([]);
  });

  it('are missed at every container that runs on', () => {
    const sidecar = changed(
      DEPLOYMENT,
      '      volumes:',
      '      initContainers: [{ name: first }, { name: beside, restartPolicy: Always }]\n      volumes:',
    );
    expect(told(probes, sidecar)).toEqual(
      ['startupProbe', 'livenessProbe', 'readinessProbe'].map(
        (probe) =>
          `Deployment/store spec.template.spec.initContainers[1].${probe}: is missing; every container that runs on needs one`,
      ),
    );
  });

  it('are missed one by one', () => {
    const without = changed(
      DEPLOYMENT,
      '          readinessProbe: { httpGet: { path: /readyz, port: http } }\n',
      '',
    );
    expect(told(probes, without)).toEqual([
      'Deployment/store spec.template.spec.containers[0].readinessProbe: is missing; every container that runs on needs one',
    ]);
  });

  it('are not asked of a Job', () => {
    const job =
      'apiVersion: batch/v1\nkind: Job\nmetadata: { name: a }\nspec: { template: { spec: { containers: [{ name: a }] } } }';
    expect(told(probes, job)).toEqual([]);
  });
});
