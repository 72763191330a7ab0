import { describe, expect, it } from 'vitest';
import { resources } from './resources.ts';
import { changed, DEPLOYMENT, POOL, told } from './policy.setup.ts';

const GOOD = 'requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi }';
const given = (text: string) => told(resources, changed(DEPLOYMENT, GOOD, text));
const AT = 'Deployment/store spec.template.spec.containers[0].resources';

describe('Resources', () => {
  it('that are requested and limited are right', () => {
    expect(told(resources, DEPLOYMENT, POOL)).toEqual([]);
  });

  it('are missed one by one', () => {
    expect(given('')).toEqual(
      ['requests.cpu', 'requests.memory', 'limits.memory'].map(
        (key) => `${AT}.${key}: is missing; say what is needed`,
      ),
    );
  });

  it('may not be requested beyond the limit', () => {
    expect(given('requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1000M }')).toEqual([
      `${AT}.requests.memory: 1Gi is more than the limit 1000M, and the pod is refused; raise the limit`,
    ]);
  });

  it('are missed at pods that an operator makes', () => {
    expect(told(resources, changed(POOL, 'requests: { cpu: 100m, memory: 1Gi }, ', ''))).toEqual([
      'KafkaNodePool/broker spec.resources.requests.cpu: is missing; say what is needed',
      'KafkaNodePool/broker spec.resources.requests.memory: is missing; say what is needed',
    ]);
  });
});
