/** `init` as it is called, on real git repositories. That the whole of it still works afterwards is tried by hand: it takes minutes. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ORIGINAL } from '../adoption/original-names.ts';
import { readRootFile, ROOT_FILE } from '../adoption/root-file.ts';
import { type ShopRepository, shopRepository } from '../fixtures/shop-repository.setup.ts';

const WORKSPACE = resolve(import.meta.dirname, '../../../..');
const { scope, product, title, repository: address } = ORIGINAL;
const IMAGES = `ghcr.io/${product}/${product}`;
const TO = 'https://github.com/Acme/Store.git';
const ALL = ['--repo', TO, '--scope', '@acme', '--product', 'Acme Shop'];

/** The shop with what is renamed: as much of this repository as init looks at. */
function clone(): ShopRepository {
  const repository = shopRepository();
  const { write } = repository;
  // The real templates have names in them.
  repository.remove('gitops/root/templates');
  write(ROOT_FILE, ROOT);
  write('package.json', JSON.stringify({ name: product }));
  write('tools/gitops/package.json', JSON.stringify({ name: `${scope}/gitops` }));
  write(
    'package-lock.json',
    JSON.stringify({ name: product, packages: { [`node_modules/${scope}/gitops`]: {} } }),
  );
  write('README.md', `# ${title}\n\nSee ${address.replace('.git', '')}/blob/main/README.md\n`);
  write(
    'apps/a/main.ts',
    `import '${scope}/kafka';\nconst path = /@${scope.slice(1)}\\/kafka/; // not ${scope}x\n`,
  );
  write('charts/a/values.yaml', `repository: ${IMAGES}/a\npart-of: ${product}\n${product}/owner: a\n`);
  write('tools/platform/paths.ts', `'${product}'; import '${scope}/testing';\n`);
  write('ci.yaml', `path: ~/.cache/${product}\n`);
  write('docs/how-to/make-it-yours.md', `${scope}/ ${product} ${title}\n`);
  write('image.png', `\0${product}`);
  repository.commit();
  return repository;
}

const ROOT = `data:
  root.yaml: |
    items:
      - kind: AppProject
        # Stays, ${product}.
        spec: { sourceRepos: [] }
        metadata:
          sourceRepos:
            - &repository ${address}
      - kind: Application
          source:
            repoURL: *repository
            targetRevision: main
            helm:
              valueFiles: [values-dev.yaml]
`;

describe('init', () => {
  it('renames everywhere, and tells which files changed', async () => {
    const repository = clone();
    const { code, out } = await repository.run('init', ...ALL, '--env', 'prod', '--branch', 'release');
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'README.md',
      'apps/a/main.ts',
      'charts/a/values.yaml',
      'gitops/bootstrap/30-root.yaml',
      'package-lock.json',
      'package.json',
      'tools/gitops/package.json',
      'tools/platform/paths.ts',
      `The cluster reads ${TO}, branch release, as prod.`,
      'Now: npm ci && npm run ci, then commit and push.',
    ]);
    expect(repository.read('README.md')).toBe(
      '# Acme Shop\n\nSee https://github.com/Acme/Store/blob/release/README.md\n',
    );
    expect(repository.read('apps/a/main.ts')).toBe(
      `import '@acme/kafka';\nconst path = /@acme\\/kafka/; // not ${scope}x\n`,
    );
    expect(repository.read('charts/a/values.yaml')).toBe(
      'repository: ghcr.io/acme/store/a\npart-of: acme-shop\nacme-shop/owner: a\n',
    );
    expect(repository.read('package-lock.json')).toBe(
      '{"name":"acme-shop","packages":{"node_modules/@acme/gitops":{}}}',
    );
    expect(repository.read(ROOT_FILE)).toBe(
      ROOT.replace(address, TO)
        .replace(product, 'acme-shop')
        .replace('targetRevision: main', 'targetRevision: release')
        .replace('values-dev', 'values-prod'),
    );
  });

  it('leaves what is of this machine, what tells the old names, and what is no text', async () => {
    const repository = clone();
    await repository.run('init', ...ALL);
    expect(repository.read('tools/platform/paths.ts')).toBe(`'${product}'; import '@acme/testing';\n`);
    for (const file of ['ci.yaml', 'docs/how-to/make-it-yours.md', 'image.png'])
      expect(repository.git('status', '--porcelain', file)).toBe('');
  });

  it('does nothing the second time', async () => {
    const repository = clone();
    await repository.run('init', ...ALL);
    repository.commit();
    const again = { code: 0, out: 'Everything is called that already.', err: '' };
    expect(await repository.run('init', ...ALL)).toEqual(again);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  it('changes the address alone when nothing else is asked for, and later again', async () => {
    const repository = clone();
    await repository.run('init', '--repo', TO);
    expect(repository.read('charts/a/values.yaml')).toContain(`ghcr.io/acme/store/a\npart-of: ${product}`);
    expect(repository.read('apps/a/main.ts')).toContain(`${scope}/kafka`);
    repository.commit();
    await repository.run('init', '--repo', 'git@gitlab.com:other/group/shop.git');
    expect(readRootFile(repository.read(ROOT_FILE)).repository).toBe('git@gitlab.com:other/group/shop.git');
    expect(repository.read('charts/a/values.yaml')).toContain('registry.gitlab.com/other/group/shop/a');
    expect(repository.read('README.md')).toContain(
      'https://gitlab.com/other/group/shop/-/blob/main/README.md',
    );
  });

  it('leaves images where they are when the address does not say where they would be', async () => {
    const repository = clone();
    const args = ['--repo', 'https://git.example.org/acme/shop.git', '--product', 'Shop'];
    const { err } = await repository.run('init', ...args);
    expect(err).toContain('Give --images');
    expect(repository.read('charts/a/values.yaml')).toContain(`repository: ${IMAGES}/a\npart-of: shop`);
    repository.git('checkout', '--', '.');
    await repository.run('init', ...args, '--images', 'registry.example.org/shop');
    expect(repository.read('charts/a/values.yaml')).toContain('repository: registry.example.org/shop/a');
  });

  it('takes the remote origin, and no password into the files', async () => {
    const repository = clone();
    expect((await repository.run('init')).err).toContain('There is no remote origin: say with --repo');
    repository.git('remote', 'add', 'origin', 'https://bob:secret@github.com/Acme/Store.git');
    expect((await repository.run('init')).code).toBe(0);
    expect(repository.read(ROOT_FILE)).toContain(`&repository ${TO}\n`);
    repository.git('checkout', '--', '.');
    repository.git('remote', 'set-url', 'origin', '/somewhere/else');
    const { code, err } = await repository.run('init');
    expect(code).toBe(2);
    expect(err).toContain('The remote origin is "/somewhere/else", which a cluster cannot read.');
  });

  it('refuses files with changes that are not committed, unless forced', async () => {
    const repository = clone();
    repository.write('new', '');
    const { code, err } = await repository.run('init', ...ALL);
    expect(code).toBe(1);
    expect(err).toContain('There are changes that are not committed (new)');
    expect(repository.git('status', '--porcelain')).toBe('?? new\n');
    expect((await repository.run('init', ...ALL, '--force')).code).toBe(0);
  });

  it('writes nothing with --dry-run, whatever is not committed', async () => {
    const repository = clone();
    repository.write('new', '');
    const { code, out } = await repository.run('init', ...ALL, '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('apps/a/main.ts\n');
    expect(out).toContain('8 files would change');
    expect(repository.git('status', '--porcelain')).toBe('?? new\n');
  });

  it('does not rename a product a second time, since its name may be any word', async () => {
    const repository = clone();
    await repository.run('init', ...ALL);
    repository.commit();
    const { code, err } = await repository.run('init', '--repo', TO, '--product', 'Other');
    expect(code).toBe(1);
    expect(err).toContain('The product is called acme-shop already.');
  });

  it('says what is wrong with the file that has the address', async () => {
    const repository = clone();
    repository.change(ROOT_FILE, 'targetRevision: main', 'revision: main');
    expect((await repository.run('init', ...ALL)).err).toBe(
      `${ROOT_FILE}: there must be one branch, and there are 0.`,
    );
    repository.remove(ROOT_FILE);
    expect((await repository.run('init', ...ALL)).err).toContain(`${ROOT_FILE} is not there`);
  });

  it.each<[string[], string]>([
    [['--scope', 'acme'], '--scope is "acme", and has to be a scope of npm'],
    [['--scope', '@Acme'], '--scope is "@Acme"'],
    [['--product', 'on'], '--product is "on"'],
    [['--product', '#shop'], '--product is "#shop"'],
    [['--product', '4711'], '--product is "4711"'],
    [['--env', 'test'], 'There is no environment "test"; environments: dev, prod.'],
    [['--branch', '--x y'], "Option '--branch' argument is ambiguous"],
    [['--branch', 'a b'], '--branch is "a b"'],
    [['--images', 'Acme/Shop'], '--images is "Acme/Shop"'],
    [['--repo', 'shop'], '--repo is "shop", which a cluster cannot read'],
    [['shop'], 'Unexpected argument "shop".'],
  ])('does not understand %j, and says why', async (args, message) => {
    const repository = clone();
    const { code, err } = await repository.run('init', '--repo', TO, ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(repository.git('status', '--porcelain')).toBe('');
  });
});

describe('This repository', () => {
  it('has its address, branch and environment in one place', () => {
    const { repository } = readRootFile(readFileSync(join(WORKSPACE, ROOT_FILE), 'utf8'));
    const found = execFileSync('git', ['grep', '-lF', repository, '--', ':!docs', ':!tools'], {
      cwd: WORKSPACE,
      encoding: 'utf8',
    });
    expect(found.trim()).toBe(ROOT_FILE);
  });
});
