import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCli } from './cli.ts';
import { copyContracts, ROOT } from './copy-contracts.ts';
import { GENERATED } from './generate.ts';

async function run(
  args: readonly string[],
  root = ROOT,
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(args, root, { out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

function copy(source?: string) {
  const contracts = copyContracts(source);
  onTestFinished(contracts.delete);
  return contracts;
}

describe('this repository', () => {
  it('has generated files that are up to date', async () => {
    expect(await run(['generate', '--check'])).toMatchObject({ code: 0, err: '' });
  });
});

describe('generate', () => {
  it('writes the same every time, and touches nothing that is up to date', async () => {
    const { root } = copy();
    expect(await run(['generate'], root)).toMatchObject({ code: 0, out: '24 generated files, 24 changed\n' });
    const file = join(root, GENERATED, 'topics.ts');
    const before = statSync(file).mtimeMs;
    expect((await run(['generate'], root)).out).toBe('24 generated files, up to date\n');
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it('removes what is no longer generated', async () => {
    const { root } = copy();
    await run(['generate'], root);
    writeFileSync(join(root, GENERATED, 'eda.old.v1.ts'), '');
    expect((await run(['generate', '--check'], root)).err).toContain(
      `Out of date: ${GENERATED}/eda.old.v1.ts`,
    );
    expect((await run(['generate'], root)).out).toBe('24 generated files, 1 changed\n');
    expect((await run(['generate', '--check'], root)).code).toBe(0);
  });

  it('with --check names what is out of date, says what to do, and writes nothing', async () => {
    const { root, change } = copy();
    await run(['generate'], root);
    change('schemas/retail/v1/StockMoved.meta.yaml', 'retention: 7d', 'retention: 8d');
    const expected = {
      code: 1,
      out: '',
      err:
        `Out of date: charts/kafka-topics/values.generated.yaml, docs/reference/events/retail.stock-moved.v1.md, ` +
        `${GENERATED}/topics.ts\nRun: npm run generate\n`,
    };
    expect(await run(['generate', '--check'], root)).toEqual(expected);
    expect(await run(['generate', '--check'], root)).toEqual(expected);
  });
});

describe('lint', () => {
  it('has the exit code 0 without findings, and 1 with any', async () => {
    const { root, change } = copy();
    const clean = { code: 0, out: 'The contracts have no findings.\n', err: '' };
    expect(await run(['lint'], root)).toEqual(clean);
    change('schemas/retail/v1/StockMoved.meta.yaml', 'pii: []', 'pii: [storeId]');
    change('schemas/retail/v1/StockMoved.meta.yaml', 'retention: 7d', 'retention: forever');
    const { code, out, err } = await run(['lint'], root);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('1 warning in 1 file');
  });

  it('writes in the format that is asked for, of the repository that is asked for', async () => {
    const { root, remove } = copy();
    remove('schemas/retail/v1/StockMoved.avsc');
    const { code, out } = await run(['lint', '--format', 'json', '--root', root]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ file: 'apps/store/asyncapi.yaml', code: 'C026' }, {}],
    });
  });

  it.each([
    ['a folder that is no repository', 'schemas/retail', 'it has no folder schemas'],
    ['a file', 'schemas/contracts.config.yaml', 'it has no folder schemas'],
  ])('does not run on %s', async (_, folder, message) => {
    const { root } = copy();
    const { code, out, err } = await run(['lint', '--root', join(root, folder)]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`${folder} is no repository of contracts: ${message}\n`);
  });

  it('does not run on a folder that cannot be read', async () => {
    const { root, write } = copy();
    rmSync(join(root, 'schemas'), { recursive: true });
    write('schemas', 'a file in place of the folder');
    const { code, out, err } = await run(['lint'], root);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('schemas cannot be read (ENOTDIR)\n');
  });
});

describe('an output that breaks off', () => {
  const MAIN = join(import.meta.dirname, 'main.ts');

  it('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [MAIN, 'rules']);
    child.stdout.destroy();
    const err = await text(child.stderr);
    if (child.exitCode === null) await once(child, 'exit');
    expect({ code: child.exitCode, err }).toEqual({ code: 141, err: '' });
  });

  it.skipIf(!existsSync('/dev/full')).each(['rules', '--help'])(
    'is told when there is no room for it: %s',
    async (command) => {
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [MAIN, command], { stdio: ['ignore', full, 'pipe'] });
      closeSync(full);
      const err = child.stderr ? await text(child.stderr) : '';
      if (child.exitCode === null) await once(child, 'exit');
      expect(err).toMatch(/^The output cannot be written: ENOSPC[^\n]*\n$/);
      expect(child.exitCode).toBe(2);
    },
  );
});

describe('what nobody expected', () => {
  const fail = async () => {
    let err = '';
    const out = () => {
      throw new Error('boom\nand more');
    };
    const code = await runCli(['rules'], ROOT, { out, err: (text) => (err += text) });
    return { code, err };
  };
  afterEach(() => void vi.unstubAllEnvs());

  it('is one line that says what to do, and not the exit code of wrong contracts', async () => {
    vi.stubEnv('CONTRACTS_DEBUG', undefined);
    expect(await fail()).toEqual({
      code: 2,
      err: 'Failed unexpectedly: boom. Run it again with CONTRACTS_DEBUG=1 to see where, and report that.\n',
    });
  });

  it('has its stack when it is asked for', async () => {
    vi.stubEnv('CONTRACTS_DEBUG', '1');
    const { code, err } = await fail();
    expect(code).toBe(2);
    expect(err).toMatch(/^Error: boom\nand more\n +at /);
  });
});

describe('usage', () => {
  it('lint --help lists formats and exit codes', async () => {
    const { code, out } = await run(['lint', '--help']);
    expect(code).toBe(0);
    for (const word of ['--format', 'text', 'json', 'github', 'sarif', '--root', 'Exit codes'])
      expect(out).toContain(word);
  });

  it.each([['--help'], ['-h']])('%s lists commands and options', async (option) => {
    const { code, out } = await run([option]);
    expect(code).toBe(0);
    for (const word of [
      'lint',
      'generate',
      'release',
      'rules',
      '--help',
      '2 wrong usage or cannot run, 3 (plan)',
    ])
      expect(out).toContain(word);
  });

  it.each<[string[], string]>([
    [
      [],
      'Missing command, one of: lint, documents, check, generate, release, compat, rules, plan, apply, verify',
    ],
    [['--check'], 'Missing command'],
    [['generat'], 'Unknown command "generat". Did you mean "generate"?'],
    [['constructor'], 'Unknown command "constructor"'],
    [['generate', 'all'], 'Unexpected argument "all"'],
    [['generate', '--chek'], 'generate has no option --chek. Did you mean "--check"?'],
    [['release', '--check'], 'release has no option --check'],
    [['lint', '--format'], "Option '--format <value>' argument missing"],
    [['lint', '--format', 'jsn'], 'Unknown format "jsn". Did you mean "json"?'],
    [['lint', '--format', 'xml'], 'Unknown format "xml". Known are text, json, github, sarif.'],
    [['lint', '--root', '/nowhere'], '/nowhere is no repository of contracts: it has no folder schemas'],
  ])('%j is wrong, and says what', async (args, message) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('--help');
  });
});
