/** What the trees of the real images hold, judged by others than the program that makes them: npm, Node's resolution, TypeScript. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';
import { rmSync, writeFileSync } from 'node:fs';
import { isBuiltin, stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { entriesBelow } from './entries-below.ts';
import { assembleImageTree } from './image-tree.ts';
import { readLock } from './lockfile.ts';
import { imagesOf, readsFile, workspaceOf } from './programs.ts';
import { overBudget, treeSize } from './tree-size.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** What is installed here. */
const TARGET = { os: process.platform, cpu: process.arch, libc: 'glibc' };
const IMAGES = imagesOf(ROOT);

const folder = mkdtempSync(join(tmpdir(), 'image-trees-'));
const treeOf = (image: string) => join(folder, image);
const read = (path: string) => readFileSync(path, 'utf8');

const assemble = (image: string, out: string, epoch = 1_700_000_000) =>
  assembleImageTree(ROOT, { image, out, target: TARGET, epoch });

/** Every file and link below `tree`, relative to it. */
const contents = (tree: string) =>
  entriesBelow(tree)
    .filter(({ kind }) => kind !== 'folder')
    .map(({ path }) => path);

const packagesIn = (tree: string) =>
  contents(tree)
    .filter((path) => /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
    .map(dirname)
    // Folders within a package that say what kind of modules they hold are no packages.
    .filter((path) => (JSON.parse(read(join(tree, path, 'package.json'))) as { version?: string }).version);

beforeAll(() => {
  for (const image of IMAGES) assemble(image, treeOf(image));
}, 120_000);

// Some twenty thousand files.
afterAll(() => rmSync(folder, { recursive: true }), 120_000);

it('is made of every app, and of the program that publishes schemas', () => {
  expect(IMAGES).toEqual(['console', 'inventory', 'replenishment', 'store', 'store-simulator', 'contracts']);
});

describe.each(IMAGES)('the tree of %s', (image) => {
  const tree = treeOf(image);

  it('has the packages that npm counts to production, in their exact versions, and no others', () => {
    const lock = readLock(ROOT);
    const list = ['ls', '--omit=dev', '--all', '--parseable', '--long', '--workspace', workspaceOf(image)];
    const listed = execFileSync('npm', list, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
    const production = listed
      // What the script of a package has left in node_modules is installed and needed by nobody.
      .filter((line) => !line.endsWith(':EXTRANEOUS'))
      .map((line) => relative(ROOT, line.slice(0, line.indexOf(':', ROOT.length))))
      .filter((path) => path in lock && path.includes('node_modules/') && lock[path]?.link !== true);

    expect(packagesIn(tree).sort()).toEqual(production.sort());
    for (const path of packagesIn(tree)) {
      const { version } = JSON.parse(read(join(tree, path, 'package.json'))) as { version: string };
      expect(version, path).toBe(lock[path]?.version);
    }
  });

  it('has files of the workspace as they are there, and the catalogue for the console alone', () => {
    const made = contents(tree).filter((path) => path.startsWith('dist/'));
    const copied = contents(tree).filter((path) => !path.startsWith('dist/'));
    const linked = copied.filter((path) => lstatSync(join(tree, path)).isSymbolicLink());

    expect(made.includes('dist/catalog/index.html')).toBe(image === 'console');
    if (image !== 'console') expect(made).toEqual([]);
    for (const path of linked) expect(path).toMatch(/^node_modules\/@eda\/(contracts|kafka|service)$/);
    const changed = copied.filter(
      (path) =>
        !linked.includes(path) && !readFileSync(join(tree, path)).equals(readFileSync(join(ROOT, path))),
    );
    expect(changed).toEqual([]);
  });

  it('has no test, no helper of tests, nothing for developers', () => {
    const useless =
      /\.(test|spec)\.[cm]?[jt]s$|\.setup\.ts$|browser-tests|write-openapi|tsconfig\.json$|\.map$|\.d\.[cm]?ts$/;
    const own = contents(tree).filter((path) => !path.includes('node_modules/'));
    const ofOthers = contents(tree).filter((path) => path.includes('node_modules/'));

    expect(own.filter((path) => useless.test(path))).toEqual([]);
    expect(own.filter((path) => path.includes('testing'))).toEqual([]);
    expect(ofOthers.filter((path) => /\.map$|\.d\.[cm]?ts$|\.(test|spec)\.[cm]?[jt]s$/.test(path))).toEqual(
      [],
    );
    const elsewhere = own.filter(
      (path) => !path.startsWith(`${workspaceOf(image)}/`) && !/^(LICENSE$|libs\/|dist\/)/.test(path),
    );
    expect(elsewhere.filter((path) => !readsFile(image, path))).toEqual([]);
  });

  it('has every module that its sources import, and says in package.json that it needs it', () => {
    const workspaces = ['apps', 'libs', 'tools'].flatMap((kind) =>
      existsSync(join(tree, kind))
        ? readdirSync(join(tree, kind))
            .map((name) => `${kind}/${name}`)
            .filter((name) => existsSync(join(tree, name, 'package.json')))
        : [],
    );
    const missing = workspaces.flatMap((workspace) => importsThatMiss(tree, workspace));
    expect(missing).toEqual([]);
  });

  it('has the licence of every package that comes with one', () => {
    for (const path of packagesIn(tree)) {
      const licences = readdirSync(join(ROOT, path)).filter((name) => /^licen[cs]e/i.test(name));
      for (const name of licences) expect(existsSync(join(tree, path, name)), `${path}/${name}`).toBe(true);
    }
  });

  it('stays within its budget', () => {
    expect(overBudget(image, treeSize(tree))).toBeUndefined();
  });
});

it('a tree is the same when it is made again, also in place of another', () => {
  const again = join(folder, 'again');
  assemble('store-simulator', again);
  assemble('console', again);
  expect(fingerprint(again)).toBe(fingerprint(treeOf('console')));

  assemble('console', again, 1_600_000_000);
  expect(fingerprint(again)).not.toBe(fingerprint(treeOf('console')));
}, 60_000);

/** Names, contents, modes, times. */
function fingerprint(tree: string): string {
  const hash = createHash('sha256');
  for (const { path } of entriesBelow(tree)) {
    const stats = lstatSync(join(tree, path));
    hash.update(`${path} ${stats.mode} ${stats.mtimeMs}\n`);
    if (stats.isFile()) hash.update(readFileSync(join(tree, path)));
    if (stats.isSymbolicLink()) hash.update(readlinkSync(join(tree, path)));
  }
  return hash.digest('hex');
}

function importsThatMiss(tree: string, workspace: string): string[] {
  const manifest = JSON.parse(read(join(tree, workspace, 'package.json'))) as {
    dependencies?: Record<string, string>;
  };
  return contents(join(tree, workspace))
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => {
      const file = join(tree, workspace, path);
      const { importedFiles } = ts.preProcessFile(stripTypeScriptTypes(read(file)));
      const there = (name: string) => {
        if (name.startsWith('.')) return existsSync(join(dirname(file), name));
        const [scope = '', rest = ''] = name.split('/');
        const bare = scope.startsWith('@') ? `${scope}/${rest}` : scope;
        const declared = bare in (manifest.dependencies ?? {});
        const installed = ['', workspace].some((place) =>
          existsSync(join(tree, place, 'node_modules', bare)),
        );
        return isBuiltin(name) || (declared && installed);
      };
      return importedFiles
        .filter(({ fileName }) => !there(fileName))
        .map(({ fileName }) => `${workspace}/${path} imports ${fileName}`);
    });
}

describe('a workspace that is not as its lock says', () => {
  /** A workspace with one app, and one package that the app needs. */
  const workspace = () => {
    const root = mkdtempSync(join(tmpdir(), 'image-workspace-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const write = (path: string, content: unknown) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
    };
    write('LICENSE', '');
    write('apps/shop/package.json', { dependencies: { a: '1.0.0' } });
    write('apps/shop/src/main.ts', 'import "a";');
    write('node_modules/a/package.json', { name: 'a', version: '1.0.0' });
    write('package-lock.json', {
      packages: {
        'apps/shop': { dependencies: { a: '1.0.0' } },
        'node_modules/a': { version: '1.0.0' },
      },
    });
    return { root, write };
  };
  const out = (root: string) => join(root, 'dist/images/shop');
  const make = (root: string) => assembleImageTree(root, { image: 'shop', out: out(root), target: TARGET });

  it('is told so, and nothing is written', () => {
    const { root, write } = workspace();
    write('node_modules/a/package.json', { name: 'a', version: '1.0.1' });
    expect(() => make(root)).toThrow('node_modules/a is 1.0.1, and package-lock.json says 1.0.0. Install');

    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(() => make(root)).toThrow(/node_modules\/a is not installed\. Install .*: npm ci --os /);
    expect(existsSync(out(root))).toBe(false);
  });

  it('is told what is wrong with the contracts', () => {
    const { root, write } = workspace();
    write('apps/shop/src/config.ts', 'CATALOG_DIR');
    write('tools/catalog/src/main.ts', 'process.stderr.write("schemas/x.avsc: is wrong"); process.exit(1);');
    expect(() => make(root)).toThrow('The event catalogue could not be made: schemas/x.avsc: is wrong');
  });

  it('has what is readable for everybody, whoever may read the workspace', () => {
    const { root } = workspace();
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    make(root);
    const modes = entriesBelow(out(root)).map(({ path }) => lstatSync(join(out(root), path)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o755, 0o644]));
  });
});

describe('npm run image-tree', () => {
  const main = (...args: string[]) => {
    try {
      const program = join(import.meta.dirname, 'main.ts');
      return {
        code: 0,
        said: execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', stdio: 'pipe' }),
      };
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      return { code: status, said: stderr };
    }
  };

  it('says how large the image is, and explains itself', () => {
    const { code, said } = main('store-simulator', '--out', join(folder, 'by-main'));
    expect(code).toBe(0);
    expect(said).toMatch(/^store-simulator: \d+\.\d MB in \d+ files, of 40\.0 MB at most/m);
    expect(main('--help').said).toContain('Usage: npm run image-tree -- <image>');
  });

  it('names the images when it is asked for another', () => {
    const { code, said } = main('shop');
    expect(code).toBe(2);
    expect(said).toBe(
      `There is no image "shop". Images: ${IMAGES.join(', ')}.\nnpm run image-tree -- --help lists the options.\n`,
    );
  });
});
