import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { appImages } from './app-images.ts';
import { commands, testCommand } from './commands.ts';
import { MIRROR_ADDRESS } from './git-mirror.ts';
import { ended, machine, someRepository, WORKSPACE } from '../programs.setup.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const ROOT_FILE = 'gitops/bootstrap/30-root.yaml';

/** kind, with clusters that come and go in a file. */
const KIND = `
clusters="$(dirname "$0")/../clusters"
touch "$clusters"
case "$1 $2" in
  'get clusters') cat "$clusters" ;;
  'create cluster') echo "$4" >>"$clusters" ;;
  'delete cluster') : >"$clusters" ;;
esac`;

/** kubectl, that keeps what is applied, and for which this machine is the pod. */
const KUBECTL = `
root="$(dirname "$0")/.."
case "$*" in
  *' apply '*) cat >"$root/applied.json" ;;
  *' exec '*)
    while [ "$1" != -- ]; do shift; done
    REPOSITORY="$root/repository.git"
    export REPOSITORY
    [ -d "$REPOSITORY" ] || git init --quiet --bare "$REPOSITORY"
    exec sh "${join(import.meta.dirname, 'mirror')}/\${3#/programs/}" "$4" ;;
esac`;

const WORKING = { docker: '', kind: KIND, kubectl: KUBECTL };

/** A repository with what is deployed and folders for what is built. */
async function workspaceOf() {
  const repository = await someRepository('gitops');
  const { folder } = repository;
  for (const chart of readdirSync(join(WORKSPACE, 'charts'))) {
    const values = join('charts', chart, 'values.yaml');
    if (!existsSync(join(WORKSPACE, values))) continue;
    mkdirSync(join(folder, dirname(values)), { recursive: true });
    cpSync(join(WORKSPACE, values), join(folder, values));
  }
  for (const { kind, app } of appImages(WORKSPACE, 'dev'))
    mkdirSync(join(folder, kind, app), { recursive: true });
  await repository.commit('What is built');
  return repository;
}

type Workspace = Awaited<ReturnType<typeof workspaceOf>>;

/** Runs a command on a machine with these programs; returns what it said and what it called. */
async function on(
  programs: Readonly<Record<string, string>>,
  command: keyof typeof commands,
  { workspace, images = true, name = 'eda' }: { workspace: Workspace; images?: boolean; name?: string },
) {
  const made = machine({ dirname: 'echo "${1%/*}"', ...programs });
  vi.stubEnv('PATH', made.bin);
  const lines: string[] = [];
  const { folder } = workspace;
  const run = () =>
    commands[command]({ name, images, workspace: folder, folder, out: (line) => void lines.push(line) });
  const failure = await run()
    .catch((error: unknown) => error)
    .finally(() => vi.unstubAllEnvs());
  const calls = made.calls().filter((call) => !call.startsWith('dirname'));
  return { ...made, run, lines, calls, failure: failure instanceof Error ? failure.message : undefined };
}

describe('up', () => {
  test('makes the cluster, its images and its Git server, and says how to go on', async () => {
    const workspace = await workspaceOf();
    const { calls, lines, failure, root } = await on(WORKING, 'up', { workspace });
    expect(failure).toBeUndefined();
    // The first three are asked at the same time.
    expect(calls.slice(0, 3).sort()).toEqual([
      'docker ps --quiet',
      'kind version',
      'kubectl version --client',
    ]);
    const images = appImages(WORKSPACE, 'dev');
    expect(images.length).toBeGreaterThan(1);
    const kubectl = 'kubectl --context kind-eda';
    expect(calls.slice(3)).toEqual([
      'kind get clusters',
      'kind create cluster --name eda --wait 3m',
      ...images.flatMap(({ image, app, kind }) => [
        `docker build --build-arg KIND=${kind} --build-arg APP=${app} --tag ${image} .`,
        `kind load docker-image ${image} --name eda`,
      ]),
      `${kubectl} apply -f -`,
      `${kubectl} --namespace git-mirror rollout status deployment/git-mirror --timeout 10m`,
      `${kubectl} --namespace git-mirror exec --stdin deployment/git-mirror -- sh /programs/receive-bundle.sh main`,
    ]);
    expect(lines.slice(0, -3)).toEqual([
      'cluster eda: being made with kind in docker',
      ...images.map(({ image }, index) => `image ${index + 1} of ${images.length}: ${image}`),
    ]);
    const head = await workspace.git('rev-parse', 'HEAD');
    expect(lines.at(-2)).toBe(`Git server: main is ${head.slice(0, 7)} at ${MIRROR_ADDRESS}`);
    expect(lines.at(-1)).toContain(testCommand(workspace.folder, 'eda'));
    const { items } = JSON.parse(readFileSync(join(root, 'applied.json'), 'utf8')) as {
      items: { kind: string }[];
    };
    expect(items.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ConfigMap',
      'ServiceAccount',
      'Service',
      'Deployment',
    ]);
    const given = await ended('git', ['--git-dir', join(root, 'repository.git'), 'rev-parse', 'main']);
    expect(given.stdout.trim()).toBe(head);
  });

  test('takes the cluster that is there, with another name, and leaves images out', async () => {
    const workspace = await workspaceOf();
    const kind = KIND.replace('cat "$clusters"', 'printf "eda\\ntwo\\n"');
    const { calls, lines } = await on({ ...WORKING, kind }, 'up', { workspace, images: false, name: 'two' });
    expect(calls.slice(3, 6)).toEqual([
      'kind get clusters',
      'kind export kubeconfig --name two',
      'kubectl --context kind-two apply -f -',
    ]);
    expect(lines[0]).toBe('cluster two: is there already');
    expect(lines.at(-1)).toContain('publish --name two');
  });

  test('makes a cluster beside one whose name only begins alike', async () => {
    const workspace = await workspaceOf();
    const kind = KIND.replace('cat "$clusters"', 'echo eda-two');
    const { calls } = await on({ ...WORKING, kind }, 'up', { workspace, images: false });
    expect(calls).toContain('kind create cluster --name eda --wait 3m');
  });

  test('goes by Podman where Docker does not answer, and tells kind so', async () => {
    const workspace = await workspaceOf();
    const kind = `[ "$1" = version ] || [ "$KIND_EXPERIMENTAL_PROVIDER" = podman ] || exit 1\n${KIND}`;
    const { calls, failure } = await on({ ...WORKING, docker: 'exit 1', podman: '', kind }, 'up', {
      workspace,
    });
    expect(failure).toBeUndefined();
    const [{ image, app, kind: folder } = { image: '', app: '', kind: 'apps' }] = appImages(WORKSPACE, 'dev');
    const start = calls.findIndex((call) => call.startsWith('podman build'));
    expect(calls[start]).toBe(
      `podman build --build-arg KIND=${folder} --build-arg APP=${app} --tag ${image} .`,
    );
    expect(calls[start + 1]).toMatch(new RegExp(`^podman save --output \\S+/image.tar ${image}$`));
    expect(calls[start + 2]).toMatch(/^kind load image-archive \S+\/image.tar --name eda$/);
    expect(existsSync(calls[start + 1]?.split(' ')[3] ?? '')).toBe(false);
  });

  test.each([
    [
      'docker',
      { docker: 'echo "Cannot connect." >&2; exit 1' },
      'docker is there and does not answer; start it. It says: Cannot connect.',
    ],
    [
      'kind',
      { kind: 'echo broken >&2; exit 1' },
      'kind does not run; it says: broken. Install it: https://kind.sigs',
    ],
    [
      'kubectl',
      { kubectl: 'exit 3' },
      'kubectl does not run; it says: exit code 3. Install it: https://kubernetes.io',
    ],
  ])('ends before anything is made when %s does not run', async (_, programs, message) => {
    const workspace = await workspaceOf();
    const { failure, calls } = await on({ ...WORKING, ...programs }, 'up', { workspace });
    expect(failure?.split('\n')).toEqual([expect.stringContaining(message)]);
    expect(calls.filter((call) => /create|build|apply/.test(call))).toEqual([]);
  });

  test('tells all that is missing, a line each', async () => {
    const { failure } = await on({}, 'up', { workspace: await workspaceOf() });
    expect(failure?.split('\n')).toEqual([
      expect.stringMatching(
        /^There is no container engine in PATH\. Install Docker \(https:.*\) or Podman \(https:/,
      ),
      expect.stringMatching(/^kind is not in PATH\. Install it: https:/),
      expect.stringMatching(/^kubectl is not in PATH\. Install it: https:/),
    ]);
  });

  test.each([
    [
      'the cluster',
      { kind: `[ "$1" = create ] && { echo "no space" >&2; exit 1; }\n${KIND}` },
      'kind create cluster --name eda --wait 3m: no space',
    ],
    [
      'an image',
      { docker: '[ "$1" = build ] && { echo "no such file" >&2; exit 1; }; exit 0' },
      /^docker build .*: no such file$/,
    ],
    [
      'the Git server',
      { kubectl: `case "$*" in *rollout*) echo "timed out" >&2; exit 1;; esac\n${KUBECTL}` },
      /^kubectl .* rollout status .*: timed out$/,
    ],
    [
      'the commit',
      { kubectl: `case "$*" in *exec*) echo 0000; exit 0;; esac\n${KUBECTL}` },
      /^The Git server has 0000 instead of [0-9a-f]{40}\.$/,
    ],
  ])('ends where %s fails, and says by what', async (_, programs, message) => {
    const { failure, lines } = await on({ ...WORKING, ...programs }, 'up', {
      workspace: await workspaceOf(),
    });
    expect(failure).toMatch(message);
    expect(lines.join('\n')).not.toContain('ready');
  });

  test('builds nothing for a version that only a registry can have', async () => {
    const workspace = await workspaceOf();
    writeFileSync(
      join(workspace.folder, 'gitops/envs/dev/store/version.yaml'),
      `image:\n  tag: 1.0.0\n  digest: sha256:${'0'.repeat(64)}\n`,
    );
    const { failure, calls } = await on(WORKING, 'up', { workspace });
    expect(failure).toMatch(/^store is at 1\.0\.0@sha256:0+ in dev, .* Give --no-images/);
    expect(calls.filter((call) => call.includes('create'))).toEqual([]);
    expect((await on(WORKING, 'up', { workspace, images: false })).failure).toBeUndefined();
  });
});

describe('publish', () => {
  test('gives the branch that gitops/bootstrap of the current folder names, whatever is checked out', async () => {
    const workspace = await workspaceOf();
    const file = join(workspace.folder, ROOT_FILE);
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('targetRevision: main', 'targetRevision: trial/one'),
    );
    const head = await workspace.commit('Another branch');
    const { root, calls, lines } = await on(WORKING, 'publish', { workspace });
    expect(calls).toHaveLength(1);
    const given = await ended('git', ['--git-dir', join(root, 'repository.git'), 'show-ref']);
    expect(given.stdout).toBe(`${head} refs/heads/trial/one\n`);
    expect(lines).toEqual([`trial/one is ${head.slice(0, 7)} at ${MIRROR_ADDRESS}`]);
  });

  test('refuses a clone without its history, and a folder that is another', async () => {
    const workspace = await workspaceOf();
    const clone = join(workspace.folder, 'clone');
    await workspace.git('clone', '--quiet', '--depth', '1', `file://${workspace.folder}`, clone);
    const shallow = await on(WORKING, 'publish', { workspace: { ...workspace, folder: clone } });
    expect(shallow.failure).toMatch(/only a part of the history.*git fetch --unshallow$/);
    const other = await someRepository();
    const { failure } = await on(WORKING, 'publish', { workspace: other });
    expect(failure).toBe(`The current folder has no ${ROOT_FILE}.`);
  });

  test('says what kubectl says, and that kubectl is missing', async () => {
    const workspace = await workspaceOf();
    const kubectl = 'cat >/dev/null; echo "Error: deployments.apps not found" >&2; exit 1';
    const { failure } = await on({ kubectl }, 'publish', { workspace });
    expect(failure).toMatch(/^kubectl --context kind-eda .*: Error: deployments.apps not found$/);
    expect((await on({}, 'publish', { workspace })).failure).toMatch(/^The program "kubectl" is missing/);
  });
});

test('down deletes the cluster, and needs no kubectl', async () => {
  const { calls, lines } = await on({ docker: '', kind: KIND }, 'down', {
    workspace: await workspaceOf(),
    name: 'two',
  });
  expect(calls.at(-1)).toBe('kind delete cluster --name two');
  expect(lines).toEqual(['cluster two: deleted']);
});

test('the next command calls the program by its path, whatever that is', async () => {
  const { bin, root } = machine({ npm: 'for argument; do echo "$argument"; done' });
  const line = testCommand("/some where/it's", 'eda').replace(/^npm run /, 'npm run ');
  const { stdout } = await ended('sh', ['-c', line], { env: { PATH: bin }, cwd: root });
  const [, , , ...options] = stdout.trimEnd().split('\n');
  expect(options).toEqual([
    '--repo',
    MIRROR_ADDRESS,
    '--publish',
    `node '/some where/it'\\''s/tools/cluster/src/kind/main.ts' publish --name eda`,
    '--timeout',
    '1800',
  ]);
});

test('the program publishes from a folder that is not its own', async () => {
  const { bin, root } = machine({ dirname: 'echo "${1%/*}"', kubectl: KUBECTL });
  const { folder, git } = await workspaceOf();
  const { code, stdout, stderr } = await ended('node', [MAIN, 'publish'], {
    env: { PATH: bin },
    cwd: folder,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const head = await git('rev-parse', 'HEAD');
  expect(stdout).toBe(`main is ${head.slice(0, 7)} at ${MIRROR_ADDRESS}\n`);
  const given = await ended('git', ['--git-dir', join(root, 'repository.git'), 'rev-parse', 'HEAD']);
  expect(given.stdout.trim()).toBe(head);
});

test.each([
  [['up'], 1, /^There is no container engine in PATH.*\nkind is not in PATH.*\nkubectl is not in PATH.*\n$/],
  [['publish'], 1, /^The program "kubectl" is missing/],
  [
    ['sideways'],
    2,
    /^"sideways": expected one of up, publish, down\nnpm run cluster -- --help tells more\.\n$/,
  ],
])('the program ends %j with exit code %d and lines without a stack', async (args, code, message) => {
  const { bin } = machine({});
  const { folder } = await someRepository('gitops');
  const end = await ended('node', [MAIN, ...args], { env: { PATH: bin }, cwd: folder });
  expect(end).toMatchObject({ code, stdout: '' });
  expect(end.stderr).toMatch(message);
  expect(end.stderr).not.toContain('    at ');
});
