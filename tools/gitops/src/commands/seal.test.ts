/** `seal` as it is called, on a copy of what Argo CD deploys. */
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { resolveTool } from '@eda/helm';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runIn, runWith, temporaryFolder } from '../fixtures/shop-repository.setup.ts';
import { readSealed, secretsFile } from '../sealing/sealed-passwords.ts';
import { readKeys } from '../sealing/sealing-keys.ts';
import { sealingProgram } from '../sealing/sealing-program.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../../..');
const DATABASES = ['inventory', 'replenishment', 'store'];

beforeAll(async () => {
  await resolveTool('sealing');
}, 600_000);

function repository() {
  const folder = temporaryFolder();
  const root = join(folder, 'clone');
  mkdirSync(root);
  for (const part of ['gitops', 'charts'])
    cpSync(join(WORKSPACE, part), join(root, part), { recursive: true });
  return {
    root,
    key: join(folder, 'staging-key.yaml'),
    other: join(folder, 'other-key.yaml'),
    seal: (...args: readonly string[]) => runIn(root, 'seal', ...args),
  };
}

describe('seal', { timeout: 120_000 }, () => {
  it('makes a key that opens what it seals, and only that', async () => {
    const { root, key, other, seal } = repository();
    const before = readSealed(root, 'staging');
    expect(await seal('key', 'staging', key)).toMatchObject({ code: 0 });
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(parse(readFileSync(key, 'utf8'))).toMatchObject({
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: {
        namespace: 'sealed-secrets',
        labels: { 'sealedsecrets.bitnami.com/sealed-secrets-key': 'active' },
      },
    });
    const after = readSealed(root, 'staging');
    expect([...after.keys()]).toEqual(DATABASES);
    for (const [name, sealed] of after) expect(sealed).not.toBe(before.get(name));
    expect(await seal('verify', 'staging', key)).toEqual({
      code: 0,
      out: ['store', 'inventory', 'replenishment']
        .map((name) => `✓ apps/${name}-database: password, uri, username`)
        .join('\n'),
      err: '',
    });

    expect(await seal('key', 'prod', other)).toMatchObject({ code: 0 });
    const { code, out } = await seal('verify', 'staging', other);
    expect(code).toBe(1);
    expect(out).toContain('✗ apps/store-database: no key could decrypt secret (password)');
  });

  it('makes the Secret that the chart means', async () => {
    const { root, key, seal } = repository();
    await seal('key', 'staging', key);
    const sealing = sealingProgram(await resolveTool('sealing'));
    const opened = sealing.open(readKeys(key), {
      metadata: { name: 'store-database', namespace: 'apps' },
      spec: { encryptedData: { password: readSealed(root, 'staging').get('store') } },
    });
    expect(opened.get('password')).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  it('seals new passwords for those that have none, or for those that are named', async () => {
    const { root, key, seal } = repository();
    await seal('key', 'staging', key);
    const first = readSealed(root, 'staging');
    expect((await seal('passwords', 'staging')).out).toContain(
      'Every database of staging has a sealed password',
    );
    expect((await seal('passwords', 'staging', 'store')).out).toContain(
      'New passwords are sealed for store.',
    );
    const second = readSealed(root, 'staging');
    expect(DATABASES.filter((name) => first.get(name) !== second.get(name))).toEqual(['store']);
    expect(await seal('verify', 'staging', key)).toMatchObject({ code: 0 });
  });

  it('seals any value for one Secret, and prints nothing else', async () => {
    const { root, key, seal } = repository();
    await seal('key', 'prod', key);
    const { code, out } = await runWith('s3cret\n', root, 'seal', 'value', 'prod', 'apps/token');
    expect(code).toBe(0);
    const sealing = sealingProgram(await resolveTool('sealing'));
    const open = (name: string) =>
      sealing.open(readKeys(key), {
        metadata: { name, namespace: 'apps' },
        spec: { encryptedData: { value: out } },
      });
    expect(open('token').get('value')).toBe('s3cret');
    expect(() => open('elsewhere')).toThrow('no key could decrypt secret');
    expect(await runWith('', root, 'seal', 'value', 'prod', 'apps/token')).toMatchObject({
      code: 1,
      err: 'Standard input is empty: there is nothing to seal.',
    });
  });

  it('keeps keys out of the repository, and keys that are there', async () => {
    const { root, key, seal } = repository();
    const before = readFileSync(join(root, secretsFile('staging')), 'utf8');
    const inside = join(root, '..key.yaml');
    expect(await seal('key', 'staging', inside)).toMatchObject({
      code: 1,
      err: `${inside} would be in the repository, where a key must never be: name a file elsewhere.`,
    });
    expect(existsSync(inside)).toBe(false);
    const worktree = join(dirname(root), 'worktree');
    mkdirSync(join(worktree, 'keys'), { recursive: true });
    writeFileSync(join(worktree, '.git'), 'gitdir: elsewhere\n');
    const beside = join(worktree, 'keys/staging.yaml');
    expect(await seal('key', 'staging', beside)).toMatchObject({
      code: 1,
      err: `${beside} would be in a repository, where a key must never be: name a file elsewhere.`,
    });
    expect(existsSync(beside)).toBe(false);
    expect(readFileSync(join(root, secretsFile('staging')), 'utf8')).toBe(before);
    await seal('key', 'staging', key);
    const kept = readFileSync(key, 'utf8');
    expect(await seal('key', 'staging', key)).toMatchObject({
      code: 1,
      err: `${key} is there already, and may be the only copy of a key: name another file.`,
    });
    expect(readFileSync(key, 'utf8')).toBe(kept);
  });
});

/** What is refused before anything is written needs no copy. */
describe('seal refuses', { timeout: 120_000 }, () => {
  const seal = (...args: readonly string[]) => runIn(WORKSPACE, 'seal', ...args);

  it('to seal for a key that nobody has', async () => {
    const { code, err } = await seal('passwords', 'staging');
    expect(code).toBe(1);
    expect(err).toBe(
      "gitops/sealing/staging.crt came with the repository and nobody has its key, so nobody could open what it seals: npm run seal -- key staging <file outside of the repository> makes staging's own.",
    );
    expect((await seal('passwords', 'dev')).err).toContain('There is no gitops/sealing/dev.crt');
  });

  it.each([
    [[], 'What is to be done? key, passwords, value, verify'],
    [['keys', 'staging'], 'What is to be done? Did you mean "key"?'],
    [['key'], 'For which environment? Known are dev, prod, staging.'],
    [['key', 'qa', 'file'], 'There is no environment "qa". Known are dev, prod, staging.'],
    [['key', 'staging'], 'Where is the key to be kept?'],
    [['verify', 'staging'], 'Which file holds the keys?'],
    [['value', 'staging', 'token'], 'Name it as <namespace>/<name>.'],
  ])('%j, and tells how it is used', async (args, message) => {
    const { code, err } = await seal(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('a file without keys', async () => {
    expect((await seal('verify', 'staging', join(WORKSPACE, 'none.yaml'))).err).toContain(
      'none.yaml cannot be read',
    );
    expect((await seal('verify', 'staging', join(WORKSPACE, 'gitops/root/Chart.yaml'))).err).toContain(
      'Chart.yaml has no key: no Secret in it has a field tls.key in its data.',
    );
  });
});
