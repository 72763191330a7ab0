/** `promote` as it is called, on real git repositories. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runIn, shopRepository, temporaryFolder } from '../fixtures/shop-repository.setup.ts';

const [DEV, PROD] = ['gitops/envs/dev/shop/version.yaml', 'gitops/envs/prod/shop/version.yaml'];

describe('promote', () => {
  it('copies the file to the byte, and nothing else, and shows what it changes there', async () => {
    const { git, read, run } = shopRepository();
    const { code, out } = await run('promote', 'shop', 'dev', 'prod');
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      '--- Deployment.apps/apps/shop',
      '+++ Deployment.apps/apps/shop',
      expect.stringMatching(/^@@ /),
      '         app: shop',
      '     spec:',
      '       containers:',
      '-        - image: example.org/shop:0.1.0',
      '+        - image: example.org/shop:0.2.0',
      '           name: shop',
      '',
      'shop in prod: 0.1.0 to 0.2.0; gitops/envs/prod/shop/version.yaml is written.',
      'Commit it; Argo CD deploys it when it is merged.',
    ]);
    expect(read(PROD)).toBe(read(DEV));
    expect(read(PROD)).toContain('# What runs.');
    expect(git('status', '--porcelain').trim()).toBe(`M ${PROD}`);
  });

  it('writes nothing with --dry-run', async () => {
    const { git, run } = shopRepository();
    const { code, out } = await run('promote', 'shop', 'dev', 'prod', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('+        - image: example.org/shop:0.2.0');
    expect(out).toContain('shop in prod: 0.1.0 to 0.2.0; nothing is written (--dry-run)');
    expect(git('status', '--porcelain')).toBe('');
  });

  it('says that it is there already, also before it is committed', async () => {
    const { run } = shopRepository();
    await run('promote', 'shop', 'dev', 'prod');
    expect(await run('promote', 'shop', 'dev', 'prod')).toEqual({
      code: 0,
      out: 'prod has shop 0.2.0 already there, as dev has.',
      err: '',
    });
  });

  it('makes the file in an environment that has no version yet', async () => {
    const repository = shopRepository();
    repository.remove('gitops/envs/prod/shop');
    repository.commit();
    const { code, out } = await repository.run('promote', 'shop', 'dev', 'prod');
    expect(code).toBe(0);
    expect(out).toContain('--- /dev/null\n+++ Deployment.apps/apps/shop');
    expect(out).toContain('shop in prod: no version to 0.2.0');
    expect(repository.read(PROD)).toBe(repository.read(DEV));
  });

  it('warns when the schemas there are registered by an older version', async () => {
    const repository = shopRepository();
    const { err } = await repository.run('promote', 'shop', 'dev', 'prod', '--dry-run');
    expect(err).toContain('warning: prod registers the schemas of 0.1.0, dev those of 0.2.0');
    expect(err).toContain('npm run promote -- schema-registration dev prod');
    const registration = await repository.run('promote', 'schema-registration', 'dev', 'prod');
    expect(registration).toMatchObject({ code: 0, err: '' });
    expect((await repository.run('promote', 'shop', 'dev', 'prod', '--dry-run')).err).toBe('');
  });

  it.each([
    ['0.10.0', false],
    ['0.2.0', false],
    ['0.1.9', true],
    ['nightly', true],
  ])('compares versions by their numbers: %s there, older: %s', async (there, isOlder) => {
    const repository = shopRepository();
    repository.change('gitops/envs/prod/schema-registration/version.yaml', '0.1.0', there);
    const { err } = await repository.run('promote', 'shop', 'dev', 'prod', '--dry-run');
    expect(err.includes('warning')).toBe(isOlder);
  });

  it.each<[string[], string]>([
    [[], 'promote needs an application and two environments'],
    [['shop', 'dev'], 'promote needs an application and two environments'],
    [['shop', 'dev', 'prod', 'more'], 'promote needs an application and two environments'],
    [['shpo', 'dev', 'prod'], 'There is no application "shpo".'],
    [['shop', 'dev', 'prd'], 'There is no environment "prd". Did you mean "prod"?'],
    [['shop', 'test', 'prod'], 'There is no environment "test".'],
    [['shop', '../dev', 'prod'], 'There is no environment "../dev".'],
    [['shop', 'dev', 'dev'], 'dev has what it has: name two environments.'],
    [['shop', 'dev', 'prod', '--dry'], "Unknown option '--dry'"],
  ])('does not understand %j, and says why', async (args, message) => {
    const { run, git } = shopRepository();
    const { code, err } = await run('promote', ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(git('status', '--porcelain')).toBe('');
  });

  type Repository = ReturnType<typeof shopRepository>;
  const off = (environment: string) => (repository: Repository) => {
    const file = `gitops/root/values-${environment}.yaml`;
    repository.write(file, `${repository.read(file)}applications: { shop: { enabled: false } }\n`);
    repository.commit();
  };

  it.each<[string, (repository: Repository) => void, string]>([
    [
      'no version in from',
      (repository) => {
        repository.remove(DEV);
        repository.commit();
      },
      `${DEV} is not there: shop has no version in dev. Versions have schema-registration.`,
    ],
    [
      'a version that is not committed',
      ({ change }) => change(DEV, '0.2.0', '0.3.0'),
      `${DEV} is not committed as it is, so dev does not run it.`,
    ],
    [
      'a change that would be lost',
      ({ change }) => change(PROD, '0.1.0', '0.1.1'),
      `${PROD} has a change that is not committed and would be lost.`,
    ],
    [
      'an application that is off in to',
      off('prod'),
      'shop is switched off in prod: gitops/root/values-prod.yaml has to switch it on first.',
    ],
    [
      'an application that is off in from',
      off('dev'),
      'shop is switched off in dev: there is no version to promote.',
    ],
    [
      'a file without a version',
      (repository) => {
        repository.write(DEV, 'image: {}\n');
        repository.commit();
      },
      `${DEV} names no version: image.tag is missing or no text.`,
    ],
    [
      'a file that is no YAML',
      (repository) => {
        repository.write(DEV, 'image: {');
        repository.commit();
      },
      `${DEV} is no YAML, line 1: `,
    ],
    [
      'a version that its chart refuses',
      (repository) => {
        repository.write(
          'charts/shop/values.schema.json',
          '{"properties":{"image":{"properties":{"tag":{"enum":["none","0.1.0"]}}}}}',
        );
        repository.commit();
      },
      'shop: image.tag:',
    ],
  ])('refuses %s', async (_, prepare, message) => {
    const repository = shopRepository();
    prepare(repository);
    const before = [repository.git('status', '--porcelain'), repository.read(PROD)];
    const { code, err } = await repository.run('promote', 'shop', 'dev', 'prod');
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect([repository.git('status', '--porcelain'), repository.read(PROD)]).toEqual(before);
  });

  it('refuses a folder that is no git repository', async () => {
    const { root } = shopRepository();
    const copy = temporaryFolder();
    cpSync(root, copy, { recursive: true });
    rmSync(join(copy, '.git'), { recursive: true });
    const { code, err } = await runIn(copy, 'promote', 'shop', 'dev', 'prod');
    expect(code).toBe(1);
    expect(err).toContain(`${copy} is in no git repository`);
  });
});
