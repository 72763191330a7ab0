import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from './cli.ts';
import { copyContracts, ROOT } from './copy-contracts.ts';
import { GENERATED } from './generate.ts';

function run(args: readonly string[], root = ROOT): { code: number; out: string; err: string } {
  let out = '';
  let err = '';
  const code = runCli(args, root, { out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

function copy(source?: string) {
  const contracts = copyContracts(source);
  onTestFinished(contracts.delete);
  return contracts;
}

describe('this repository', () => {
  it('has generated files that are up to date', () => {
    expect(run(['generate', '--check'])).toMatchObject({ code: 0, err: '' });
  });

  it('has golden bytes for every event as it is now', () => {
    const { root } = copy(ROOT);
    expect(run(['record'], root)).toEqual({ code: 0, out: 'Nothing new to record\n', err: '' });
  });
});

describe('generate', () => {
  it('writes the same every time, and touches nothing that is up to date', () => {
    const { root } = copy();
    expect(run(['generate'], root)).toMatchObject({ code: 0, out: '5 generated files, 5 changed\n' });
    const file = join(root, GENERATED, 'topics.ts');
    const before = statSync(file).mtimeMs;
    expect(run(['generate'], root).out).toBe('5 generated files, up to date\n');
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it('removes what is no longer generated', () => {
    const { root } = copy();
    run(['generate'], root);
    writeFileSync(join(root, GENERATED, 'eda.old.v1.ts'), '');
    expect(run(['generate', '--check'], root).err).toContain(`Out of date: ${GENERATED}/eda.old.v1.ts`);
    expect(run(['generate'], root).out).toBe('5 generated files, 1 changed\n');
    expect(run(['generate', '--check'], root).code).toBe(0);
  });

  it('with --check names what is out of date, says what to do, and writes nothing', () => {
    const { root, change } = copy();
    run(['generate'], root);
    change('schemas/retail/v1/StockMoved.meta.yaml', 'retention: 7d', 'retention: 8d');
    const expected = {
      code: 1,
      out: '',
      err: `Out of date: ${GENERATED}/topics.ts\nRun: npm run generate\n`,
    };
    expect(run(['generate', '--check'], root)).toEqual(expected);
    expect(run(['generate', '--check'], root)).toEqual(expected);
  });
});

describe('record', () => {
  const GOLDEN = 'schemas/golden/retail/v1';

  it('adds a recording when a schema has changed, and leaves earlier ones alone', () => {
    const { root, change } = copy();
    expect(run(['record'], root).out.trim().split('\n')).toHaveLength(12);
    const first = readFileSync(join(root, GOLDEN, 'StockMoved@1.bin'));
    change('schemas/retail/v1/StockMoved.avsc', 'for example Item_1', 'for example Item_2');
    expect(run(['record'], root).out.trim().split('\n')).toEqual([
      `Recorded ${GOLDEN}/StockMoved@2.avsc`,
      `Recorded ${GOLDEN}/StockMoved@2.bin`,
      `Recorded ${GOLDEN}/StockMoved@2.json`,
    ]);
    expect(readFileSync(join(root, GOLDEN, 'StockMoved@1.bin'))).toEqual(first);
    expect(run(['record'], root).out).toBe('Nothing new to record\n');
  });

  it('records nothing of contracts that are wrong', () => {
    const { root, change } = copy();
    change('schemas/retail/v1/StockMoved.avsc', 'timestamp-millis', 'timestamp-milis');
    expect(run(['record'], root)).toMatchObject({ code: 1, out: '' });
  });
});

describe('usage', () => {
  it.each([['--help'], ['-h']])('%s lists commands and options', (option) => {
    const { code, out } = run([option]);
    expect(code).toBe(0);
    for (const word of ['generate', 'record', '--check', '--help', 'Exit codes']) expect(out).toContain(word);
  });

  it.each<[string[], string]>([
    [[], 'Missing command, one of: generate, record'],
    [['generat'], 'Unknown command "generat". Did you mean "generate"?'],
    [['constructor'], 'Unknown command "constructor"'],
    [['generate', 'all'], 'Unexpected argument "all"'],
    [['generate', '--chek'], "Unknown option '--chek'"],
    [['record', '--check'], 'record has no option --check'],
  ])('%j is wrong, and says what', (args, message) => {
    const { code, err } = run(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('--help');
  });
});
