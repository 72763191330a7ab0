import { describe, expect, it } from 'vitest';
import { secretsAsDirectories } from './secrets-as-directories.ts';
import { changed, DEPLOYMENT, told } from './policy.setup.ts';

const mounted = (more: string, volume = 'secret: { secretName: store-kafka }') =>
  told(
    secretsAsDirectories,
    changed(
      changed(DEPLOYMENT, 'mountPath: /var/run/secrets/kafka', `mountPath: /var/run/secrets/kafka${more}`),
      'secret: { secretName: store-kafka }',
      volume,
    ),
  );

describe('A Secret', () => {
  it('that is a directory is right', () => {
    expect(mounted('')).toEqual([]);
  });

  it.each(['subPath', 'subPathExpr'])('is not mounted by %s', (key) => {
    expect(mounted(`, ${key}: password`)).toEqual([
      `Deployment/store spec.template.spec.containers[0].volumeMounts[0].${key}: mounts one file of a Secret; mount the Secret as a directory`,
    ]);
  });

  it('is found in a projected volume', () => {
    expect(mounted(', subPath: password', 'projected: { sources: [{ secret: { name: a } }] }')).toHaveLength(
      1,
    );
  });

  it('is not what an emptyDir is', () => {
    expect(mounted(', subPath: data', 'emptyDir: {}')).toEqual([]);
  });
});
