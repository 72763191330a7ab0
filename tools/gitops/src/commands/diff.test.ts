/** `diff` as it is called, on real git repositories. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  runIn,
  type ShopRepository,
  shopRepository,
  temporaryFolder,
} from '../fixtures/shop-repository.setup.ts';

const TOPICS = 'charts/topics/values.yaml';
const INVENTORY = 'gitops/root/values.yaml';

interface Found {
  readonly losses: number;
  readonly environments: readonly {
    readonly name: string;
    readonly change: string;
    readonly applications: readonly {
      readonly name: string;
      readonly change: string;
      readonly lost: readonly string[];
      readonly objects: readonly {
        change: string;
        kind: string;
        name: string;
        fate?: string;
        lost: string[];
      }[];
    }[];
  }[];
}

async function found(
  { run }: Pick<ShopRepository, 'run'>,
  ...args: string[]
): Promise<Found & { code: number }> {
  const { code, out, err } = await run('diff', '--against', 'main', '--format', 'json', ...args);
  expect(err).toBe('');
  return { ...(JSON.parse(out) as Found), code };
}

/** What one environment does, in short. */
function inShort({ environments }: Found, environment: string): string[] {
  const { applications = [] } = environments.find(({ name }) => name === environment) ?? {};
  return applications.flatMap(({ name, change, lost, objects }) => [
    [`${name} ${change}`, ...lost].join(': '),
    ...objects.map((object) =>
      [`  ${object.kind} ${object.name} ${object.change}`, object.fate, ...object.lost]
        .filter(Boolean)
        .join(': '),
    ),
  ]);
}

describe('diff', () => {
  it('finds nothing when the files are as they are committed', async () => {
    const { run } = shopRepository();
    const { code, out } = await run('diff', '--against', 'main');
    expect(code).toBe(0);
    expect(out.split('\n').slice(2)).toEqual([
      'dev: nothing changes',
      '',
      'prod: nothing changes',
      '',
      'Nothing is destroyed.',
    ]);
  });

  it('tells what changes in one environment, and destroys nothing by it', async () => {
    const repository = shopRepository();
    repository.change('gitops/envs/prod/shop/replicas.yaml', '3', '4');
    const { code, out } = await repository.run('diff', '--against', 'main');
    expect(code).toBe(0);
    expect(out.split('\n').slice(2)).toEqual([
      'dev: nothing changes',
      '',
      'prod',
      '  ~ shop (wave 70)',
      '      ~ Deployment apps/shop',
      '          spec.replicas: 3 to 4',
      '',
      'Nothing is destroyed.',
    ]);
  });

  it('reads what is committed there with the charts of there, and leaves files and index alone', async () => {
    const repository = shopRepository();
    repository.git('checkout', '--quiet', '-b', 'other');
    repository.change('charts/shop/templates/deployment.yaml', '/shop:', '/other:');
    repository.commit();
    repository.write('untracked', '');
    const before = repository.git('status', '--porcelain');
    const { environments } = await found(repository, '--env', 'dev');
    expect(environments.map(({ name }) => name)).toEqual(['dev']);
    expect(inShort({ environments, losses: 0 }, 'dev')).toEqual([
      'shop changed',
      '  Deployment shop changed',
    ]);
    expect(repository.git('status', '--porcelain')).toBe(before);
    expect(repository.git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  it('calls the deletion of a topic a destruction, and says where Argo CD asks', async () => {
    const repository = shopRepository();
    repository.change(TOPICS, '  orders: { partitions: 6 }\n', '');
    const changes = await found(repository);
    expect(changes.code).toBe(3);
    expect(changes.losses).toBe(2);
    expect(inShort(changes, 'dev')).toEqual([
      'topics changed',
      '  KafkaTopic orders deleted: deleted: all records of the topic orders',
    ]);
    expect(inShort(changes, 'prod')).toEqual([
      'topics changed',
      '  KafkaTopic orders deleted: asks: all records of the topic orders',
    ]);
    expect(
      (await repository.run('diff', '--against', 'main', '--env', 'prod')).out.split('\n').slice(2),
    ).toEqual([
      'prod',
      '  ~ topics (wave 10)',
      '      - KafkaTopic kafka/orders DESTROYED',
      '          ! all records of the topic orders',
      '          Argo CD asks before it does (sync option confirm)',
      '',
      'This destroys: see the 1 line marked by !',
    ]);
  });

  it('destroys nothing by the deletion of what Argo CD leaves', async () => {
    const repository = shopRepository();
    repository.change(TOPICS, 'Prune=confirm', 'Prune=false');
    repository.commit();
    repository.change(TOPICS, '  orders: { partitions: 6 }\n', '');
    const changes = await found(repository, '--env', 'prod');
    expect(changes.code).toBe(0);
    expect(inShort(changes, 'prod')).toEqual(['topics changed', '  KafkaTopic orders deleted: stays']);
  });

  it('goes by the question as it stands on the cluster, not by one that comes or goes with the change', async () => {
    const repository = shopRepository();
    repository.change(TOPICS, 'options: Prune=confirm,Delete=confirm', "options: ''");
    repository.change(TOPICS, '  orders: { partitions: 6 }\n', '');
    expect(inShort(await found(repository, '--env', 'prod'), 'prod')[1]).toContain('deleted: asks');
  });

  it('calls what cannot be changed in place a destruction', async () => {
    const repository = shopRepository();
    repository.change(TOPICS, 'partitions: 6', 'partitions: 4');
    repository.change('charts/shop/values.yaml', 'selector: shop', 'selector: store');
    const changes = await found(repository, '--env', 'dev');
    expect(changes.code).toBe(3);
    expect(inShort(changes, 'dev').filter((line) => line.startsWith(' '))).toEqual([
      expect.stringContaining('KafkaTopic orders changed: partitions becomes smaller (6 to 4)'),
      expect.stringContaining('Deployment shop changed: spec.selector cannot be changed'),
    ]);
  });

  it('tells what goes with an application that is switched off', async () => {
    const repository = shopRepository();
    repository.change(
      'gitops/root/values-prod.yaml',
      'prod\n',
      'prod\napplications: { shop: { enabled: false } }\n',
    );
    const changes = await found(repository);
    expect(changes.code).toBe(3);
    expect(inShort(changes, 'dev')).toEqual([]);
    expect(inShort(changes, 'prod')).toEqual([
      'root changed',
      // Its namespace is no place for applications of the project any more.
      '  AppProject shop changed',
      'shop deleted: Argo CD deletes the application with everything it made',
      '  Deployment shop deleted: deleted',
    ]);
  });

  it('tells that nothing of an application without a finalizer goes', async () => {
    const repository = shopRepository();
    repository.change(INVENTORY, '{ wave: 70,', '{ keep: true, wave: 70,');
    repository.commit();
    repository.change(
      'gitops/root/values-prod.yaml',
      'prod\n',
      'prod\napplications: { shop: { enabled: false } }\n',
    );
    const { code, out } = await repository.run('diff', '--against', 'main', '--env', 'prod');
    expect(code).toBe(0);
    expect(out).toContain('What it made stays on the cluster, and nobody looks after it any more.');
  });

  it('calls the deletion of a namespace the destruction of all in it', async () => {
    const repository = shopRepository();
    repository.change(INVENTORY, '  monitoring: { podSecurity: privileged }\n', '');
    repository.change(INVENTORY, '    namespace: monitoring', '    namespace: apps');
    const changes = await found(repository);
    expect(changes.code).toBe(3);
    expect(inShort(changes, 'prod').slice(0, 3)).toEqual([
      'root changed',
      '  AppProject shop changed',
      '  Namespace monitoring deleted: asks: everything in the namespace monitoring',
    ]);
    expect(inShort(changes, 'dev')[2]).toContain('Namespace monitoring deleted: deleted');
  });

  it('tells versions and values of charts of others, whose content is not here', async () => {
    const repository = shopRepository();
    repository.change(INVENTORY, 'version: 1.0.0', 'version: 2.0.0');
    repository.change('gitops/platform/monitoring/values.yaml', '7d', '1d');
    repository.write('gitops/envs/dev/monitoring/settings.yaml', 'replicas: 2\n');
    const { code, out } = await repository.run('diff', '--against', 'main', '--env', 'dev');
    expect(code).toBe(0);
    expect(out.split('\n').slice(2)).toEqual([
      'dev',
      '  ~ monitoring (wave -20)',
      '      chart monitoring 1.0.0 to 2.0.0, its content is not rendered here',
      '      gitops/envs/dev/monitoring/settings.yaml',
      '        replicas: 2 added',
      '      gitops/platform/monitoring/values.yaml',
      '        retention: "7d" to "1d"',
      '',
      'Nothing is destroyed.',
    ]);
  });

  it('says that a Job runs again when its name follows its content', async () => {
    const repository = shopRepository();
    repository.change('gitops/envs/prod/schema-registration/version.yaml', '0.1.0', '0.2.0');
    const changes = await found(repository);
    expect(changes.code).toBe(0);
    expect(inShort(changes, 'prod')).toEqual([
      'schema-registration changed',
      expect.stringMatching(/^ {2}Job registration-\w{8}-0123abcd again$/),
    ]);
  });

  it('adds everything when there was no gitops/', async () => {
    const repository = shopRepository();
    repository.git('checkout', '--quiet', '--orphan', 'empty');
    repository.git('rm', '--quiet', '-r', '--cached', '.');
    repository.git('commit', '--quiet', '--allow-empty', '--message=empty');
    const { code, out } = await repository.run('diff', '--against', 'empty', '--env', 'dev');
    expect(code).toBe(0);
    expect(out).toContain('dev is new');
    expect(out).toContain('  + shop (wave 70)\n      + Deployment apps/shop');
    expect(out).not.toContain('~');
  });

  it('tells of an environment that is no more that its cluster stays as it is', async () => {
    const repository = shopRepository();
    repository.remove('gitops/root/values-dev.yaml');
    const { code, out } = await repository.run('diff', '--against', 'main');
    expect(code).toBe(0);
    expect(out).toContain('dev: is an environment no more; its cluster stays as it is');
  });

  it('answers the same each time, whatever the order in the files', async () => {
    const one = shopRepository();
    one.change(TOPICS, '  orders: { partitions: 6 }\n  payments: { partitions: 3 }\n', '  b: {}\n  a: {}\n');
    const other = shopRepository();
    other.change(
      TOPICS,
      '  orders: { partitions: 6 }\n  payments: { partitions: 3 }\n',
      '  a: {}\n  b: {}\n',
    );
    const answers = await Promise.all([one, other].map((repository) => found(repository, '--env', 'prod')));
    const [first, second] = answers.map(({ environments }) => environments);
    expect(first).toEqual(second);
    expect(inShort({ losses: 0, environments: first ?? [] }, 'prod')).toEqual([
      'topics changed',
      '  KafkaTopic a added',
      '  KafkaTopic b added',
      '  KafkaTopic orders deleted: asks: all records of the topic orders',
      '  KafkaTopic payments deleted: asks: all records of the topic payments',
    ]);
  });

  it('writes a comment in which no text of the files is markup', async () => {
    const repository = shopRepository();
    repository.change(TOPICS, '  orders: { partitions: 6 }\n', '');
    repository.change('gitops/envs/prod/shop/version.yaml', '0.1.0', '"`a|b` @everybody <b>"');
    const { code, out } = await repository.run(
      'diff',
      '--against',
      'main',
      '--env',
      'prod',
      '--format',
      'markdown',
    );
    expect(code).toBe(3);
    expect(out.split('\n')).toEqual(
      expect.arrayContaining([
        '## Merging this destroys something',
        '| prod | topics | KafkaTopic kafka/orders | all records of the topic orders. Argo CD asks before it does (sync option confirm) |',
      ]),
    );
    expect(out).toContain('\\`a\\|b\\` @\u200beverybody \\<b\\>');
  });

  it('notes that the ref has commits that are not here', async () => {
    const repository = shopRepository();
    repository.git('checkout', '--quiet', '-b', 'behind');
    repository.git('checkout', '--quiet', 'main');
    repository.change('gitops/envs/prod/shop/replicas.yaml', '3', '4');
    repository.commit();
    repository.git('checkout', '--quiet', 'behind');
    const { out } = await repository.run('diff', '--against', 'main', '--env', 'prod');
    expect(out).toContain('main has commits that are not in here');
    expect(out).toContain('spec.replicas: 4 to 3');
  });

  it.each<[string[], string]>([
    [[], 'diff needs a commit to compare with, for example --against origin/main.'],
    [['--against', 'main', '--format', 'jsn'], 'There is no format "jsn". Did you mean "json"?'],
    [['--against', 'main', 'prod'], 'Unexpected argument "prod".'],
    [['--agianst', 'main'], "Unknown option '--agianst'"],
  ])('does not understand %j, and says why', async (args, message) => {
    const { code, err } = await runIn('/nowhere', 'diff', ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('says what is wrong with a ref, an environment or a folder', async () => {
    const { root, run } = shopRepository();
    expect(await run('diff', '--against', 'maim')).toEqual({
      code: 1,
      out: '',
      err: 'git knows no "maim". Did you mean "main"?',
    });
    expect(await run('diff', '--against', 'main', '--env', 'prd')).toEqual({
      code: 1,
      out: '',
      err: 'There is no environment "prd"; environments: dev, prod.',
    });
    expect((await runIn('/nowhere', 'diff', '--against', 'main')).err).toContain(
      '/nowhere has no gitops/root',
    );
    const copy = temporaryFolder();
    cpSync(root, copy, { recursive: true });
    rmSync(join(copy, '.git'), { recursive: true });
    expect((await runIn(copy, 'diff', '--against', 'main')).err).toContain('is in no git repository');
    vi.stubEnv('PATH', '/nowhere');
    expect((await run('diff', '--against', 'main')).err).toBe('git is not installed, or not in PATH');
    vi.unstubAllEnvs();
  });

  it('says what to do in a shallow clone without the commit', async () => {
    const repository = shopRepository();
    const first = repository.git('rev-parse', 'HEAD').trim();
    repository.git('commit', '--quiet', '--allow-empty', '--message=more');
    const clone = join(temporaryFolder(), 'clone');
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${repository.root}`, clone]);
    const { code, err } = await runIn(clone, 'diff', '--against', first);
    expect(code).toBe(1);
    expect(err).toContain('this clone is shallow. Run git fetch --unshallow');
  });

  it('says on which side a chart does not render', async () => {
    const repository = shopRepository();
    repository.change('charts/shop/templates/deployment.yaml', '{{ .Values.replicas }}', '{{ fail "no" }}');
    expect(await repository.run('diff', '--against', 'main', '--env', 'dev')).toEqual({
      code: 1,
      out: '',
      err: 'the files as they are cannot be rendered for dev, so nobody can tell what would change: shop: no',
    });
    repository.commit();
    repository.change('charts/shop/templates/deployment.yaml', '{{ fail "no" }}', '1');
    expect((await repository.run('diff', '--against', 'main', '--env', 'dev')).err).toContain(
      'main cannot be rendered for dev',
    );
  });
});
