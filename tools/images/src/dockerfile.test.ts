import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageConfig } from './dockerfile.setup.ts';
import { imagesOf, workspaceOf } from './programs.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

it('the image has the Node that everything is tested with', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  expect(imageConfig(ROOT, 'store').base).toBe(`node:${devDependencies['node'] ?? ''}-bookworm-slim`);
});

it.each(imagesOf(ROOT))('the image of %s runs its main.ts as nobody in particular', (image) => {
  expect(imageConfig(ROOT, image)).toMatchObject({
    workdir: `/app/${workspaceOf(image)}`,
    entrypoint: ['node', 'src/main.ts'],
    user: '10001:10001',
    env: { HOST: '0.0.0.0', NODE_ENV: 'production' },
  });
});

it('the workflow uses actions by their commits and builds for both architectures', () => {
  const workflow = read('.github/workflows/images.yaml');
  const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
  expect(actions.length).toBeGreaterThan(5);
  for (const action of actions) expect(action).toMatch(/@[0-9a-f]{40}$/);
  expect(workflow.match(/platforms: linux\/amd64,linux\/arm64/g)).toHaveLength(2);
});

it('the workflow makes an image of all that can have one', () => {
  const workflow = read('.github/workflows/images.yaml');
  const [, list = ''] = /^ {6}- id: list\n {8}run: (.+)$/m.exec(workflow) ?? [];
  const file = join(mkdtempSync(join(tmpdir(), 'images-workflow-')), 'output');
  execFileSync('bash', ['-euo', 'pipefail', '-c', list], {
    cwd: ROOT,
    env: { ...process.env, GITHUB_OUTPUT: file },
  });
  const listed = JSON.parse(readFileSync(file, 'utf8').replace(/^images=/, '')) as {
    kind: string;
    name: string;
  }[];

  expect(listed.map(({ kind, name }) => `${kind}/${name}`)).toEqual(imagesOf(ROOT).map(workspaceOf));
});
