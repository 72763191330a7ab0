import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/shop-repository.setup.ts';
import { loadSubject } from './subject.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../../..');

test.each([
  ['environment: staging', 'is staging'],
  ['# nothing', 'is missing'],
])('an environment that is a copy with %j is told so before all that follows from it', async (line, what) => {
  const workspace = temporaryFolder();
  cpSync(join(WORKSPACE, 'gitops/root'), join(workspace, 'gitops/root'), { recursive: true });
  const file = join(workspace, 'gitops/root/values-dev.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('environment: dev', line));
  await expect(loadSubject({ helm: '/nowhere', workspace })).rejects.toThrow(
    `gitops/root/values-dev.yaml: environment: ${what}; write dev`,
  );
});

test('an environment that does not render is named', async () => {
  await expect(loadSubject({ helm: '/nowhere', workspace: WORKSPACE })).rejects.toThrow(
    /^dev cannot be rendered: /,
  );
});
