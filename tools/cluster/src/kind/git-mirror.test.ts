import { type KubeObject, POLICIES } from '@eda/charts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MIRROR_ADDRESS, mirrorObjects } from './git-mirror.ts';
import { WORKSPACE } from '../programs.setup.ts';

const NAMESPACE = 'git-mirror';

const objectOf = (kind: string) => mirrorObjects().find((object) => object.kind === kind);

test('the image is the base of all images, in the variant that has Git', () => {
  const [, base] = /^ARG NODE=(\S+)-slim$/m.exec(readFileSync(join(WORKSPACE, 'Dockerfile'), 'utf8')) ?? [];
  expect(base).toMatch(/^node:\d+\.\d+\.\d+-bookworm$/);
  expect(objectOf('Deployment')).toHaveProperty(
    'spec.template.spec.containers.0.image',
    `docker.io/library/${base}`,
  );
});

test('the namespace lets in restricted pods only, and all else is in it', () => {
  const [namespace, ...others] = mirrorObjects();
  expect(namespace).toMatchObject({
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  expect(others.map(({ metadata }) => metadata.namespace)).toEqual(others.map(() => NAMESPACE));
});

test.each(['restricted-security', 'service-account-token', 'resources', 'probes', 'ports', 'image-pinned'])(
  'the pod follows the policy %s',
  (name) => {
    const policy = POLICIES.find((candidate) => candidate.name === name);
    const objects = mirrorObjects().filter(({ kind }) => kind !== 'Namespace') as unknown as KubeObject[];
    expect(policy?.check({ objects, namespace: NAMESPACE })).toEqual([]);
  },
);

test('the pod finds its programs where it is told to, and is another one when they are', () => {
  expect(Object.keys(objectOf('ConfigMap')?.data ?? {})).toEqual(['git-server.mjs', 'receive-bundle.sh']);
  const deployment = objectOf('Deployment');
  expect(deployment).toMatchObject({
    spec: {
      template: {
        spec: {
          volumes: [{ configMap: { name: objectOf('ConfigMap')?.metadata.name } }, { emptyDir: {} }],
          containers: [{ command: ['node', '/programs/git-server.mjs'] }],
        },
      },
    },
  });
  expect(deployment?.spec?.template?.metadata.annotations?.['eda.mirror/programs']).toMatch(/^[0-9a-f]{16}$/);
});

test('the address is that of the Service and of the repository that is served', () => {
  const { hostname, port, pathname } = new URL(MIRROR_ADDRESS);
  const { name, namespace } = objectOf('Service')?.metadata ?? {};
  expect(hostname).toBe(`${name}.${namespace}.svc.cluster.local`);
  expect({ port, pathname }).toEqual({ port: '', pathname: '/repository.git' });
  expect(objectOf('Service')).toMatchObject({ spec: { ports: [{ port: 80 }] } });
  expect(JSON.stringify(objectOf('Deployment'))).toContain(`"/git${pathname}"`);
});
