import { expect, test } from 'vitest';
import { withPodAnnotation } from './pod-annotation.ts';

test('a second annotation takes the place of the first', () => {
  const settings = 'serviceMonitor:\n  enabled: true\n';
  const once = withPodAnnotation(settings, 'one');
  expect(once).toBe(`${settings}podAnnotations:\n  suite: "one"\n`);
  expect(withPodAnnotation(once, 'two')).toBe(`${settings}podAnnotations:\n  suite: "two"\n`);
});
