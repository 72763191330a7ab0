/** `contracts check` and `contracts release` as they are called, with everything that can be wrong around them. */
import { avroType } from '@eda/contracts/avro';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCli } from '../cli.ts';
import { copyContracts, ROOT } from '../copy-contracts.ts';
import type { ContractsCopy } from '../copy-contracts.ts';
import { addField, MOVED, MOVED_META } from './cases/check-case.ts';
import { copyRepository, makeTemplate } from './repository.ts';
import type { Repository } from './repository.ts';

let template: ContractsCopy;
beforeAll(() => void (template = makeTemplate()));
afterAll(() => template.delete());
afterEach(() => void vi.unstubAllEnvs());

async function run(
  root: string,
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(args, root, { out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

function repository(): Repository {
  const copy = copyRepository(template);
  onTestFinished(copy.delete);
  return copy;
}

const cannot = (message: string) => ({ code: 2, out: '', err: `${message}\nSee: npx contracts --help\n` });

describe('check', () => {
  it('has the exit code 0 when nothing breaks, and changes no file', async () => {
    const { root, git, ...rest } = repository();
    addField('channel', 'string', { default: 'web' })({ root, git, ...rest });
    const before = git('status', '--porcelain', '--untracked-files=all');
    expect(await run(root, 'check', '--against', 'main')).toEqual({
      code: 0,
      out:
        'Nothing that differs from main breaks a consumer.\n\n' +
        'Note: Not released as it is now: StockMoved. Before you merge, run npx contracts release.\n\n' +
        'consumer   event       verdict\nconsole    StockMoved  unaffected\ninventory  StockMoved  unaffected\n',
      err: '',
    });
    expect(git('status', '--porcelain', '--untracked-files=all')).toBe(before);
  });

  it('has the exit code 0 with warnings, and 1 with what breaks', async () => {
    const { root, change } = repository();
    change(MOVED_META, 'retention: 7d', 'retention: 6d');
    expect(await run(root, 'check', '--against', 'HEAD')).toMatchObject({ code: 0, err: '' });
    change(MOVED_META, 'key: storeId', 'key: sku');
    expect(await run(root, 'check', '--against', 'HEAD')).toMatchObject({ code: 1, err: '' });
  });

  it('shows contracts that are wrong in themselves as lint does', async () => {
    const { root, change } = repository();
    change(MOVED, 'timestamp-millis', 'timestamp-milis');
    const { code, out } = await run(root, 'check', '--against', 'main');
    expect(code).toBe(1);
    expect(out).toContain('error C006  fields.occurredAt: logicalType "timestamp-milis" is unknown');
    expect(out).toContain('Note: The contracts have to be right before they can be compared.');
  });

  it('works on a repository in a folder of a larger one, and on another one', async () => {
    const { root, git } = repository();
    const inner = join(root, 'inner');
    execFileSync('mkdir', [inner]);
    git('mv', 'schemas', 'apps', 'inner');
    git('commit', '--quiet', '--all', '--message=moved');
    expect(await run(ROOT, 'check', '--against', 'main', '--root', inner)).toMatchObject({
      code: 0,
      out: 'Nothing that differs from main breaks a consumer.\n',
    });
  });

  it('says that the branch is behind when something seems undone', async () => {
    const { root, git, commit, ...rest } = repository();
    git('checkout', '--quiet', '-b', 'ahead');
    addField('channel', 'string', { default: 'web' })({ root, git, commit, ...rest });
    commit();
    git('checkout', '--quiet', 'main');
    const { code, out } = await run(root, 'check', '--against', 'ahead');
    expect(code).toBe(0);
    expect(out).toContain(
      'Note: ahead has commits that this branch does not have; what they changed seems undone here. Merge it first.',
    );
  });

  it('takes everything for new when there were no contracts', async () => {
    const { root, git } = repository();
    git('checkout', '--quiet', '--orphan', 'empty');
    git('commit', '--quiet', '--allow-empty', '--message=empty', '--', 'apps/store/asyncapi.yaml');
    git('checkout', '--quiet', '-f', 'main');
    const { code, out } = await run(root, 'check', '--against', 'empty');
    expect(code).toBe(0);
    expect(out).toContain('Note: There are no contracts at empty: everything is new.');
  });

  it('says what it could not read of the commit, and compares the rest', async () => {
    const { root, change, commit, git } = repository();
    change(MOVED, '"fields"', '"fields');
    commit();
    git('checkout', '--quiet', 'HEAD~1', '--', MOVED);
    expect(await run(root, 'check', '--against', 'main')).toEqual({
      code: 0,
      out:
        'Nothing that differs from main breaks a consumer.\n\n' +
        `Note: main:${MOVED}:6:3 is not JSON: a text that is not closed. Events that need it are compared with their released versions only.\n\n` +
        'consumer   event       verdict\nconsole    StockMoved  unaffected\ninventory  StockMoved  unaffected\n',
      err: '',
    });
  });

  it.each<[string, string]>([
    ['maim', 'git knows no "maim". Did you mean "main"?'],
    ['nowhere-at-all', 'git knows no "nowhere-at-all". It knows for example main'],
    ['--output=x', 'git knows no "--output=x". It knows for example main'],
  ])('does not know %s', async (ref, message) => {
    const { root } = repository();
    expect(await run(root, 'check', `--against=${ref}`)).toEqual(cannot(message));
  });

  it('knows the branch of the remote for the one that is meant', async () => {
    const { root, git } = repository();
    git('update-ref', 'refs/remotes/origin/develop', 'HEAD');
    expect(await run(root, 'check', '--against', 'develop')).toEqual(
      cannot('git knows no "develop". Did you mean "origin/develop"?'),
    );
  });

  it('says what to do about a shallow clone', async () => {
    const { root, git } = repository();
    git('commit', '--quiet', '--allow-empty', '--message=second');
    const first = git('rev-parse', 'HEAD~1').trim();
    const clone = mkdtempSync(join(tmpdir(), 'contracts-shallow-'));
    onTestFinished(() => rmSync(clone, { recursive: true }));
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${root}`, clone]);
    expect(await run(clone, 'check', '--against', first)).toEqual(
      cannot(
        `git knows no "${first}", and this clone is shallow. Run git fetch --unshallow, or in a workflow give actions/checkout ` +
          '"fetch-depth: 0".',
      ),
    );
  });

  it('does not run outside of a git repository', async () => {
    const { root, delete: remove } = copyContracts();
    onTestFinished(remove);
    expect(await run(root, 'check', '--against', 'main')).toEqual(
      cannot(`${root} is in no git repository, so there is nothing to compare it with`),
    );
  });

  it('does not run without git', async () => {
    const { root } = repository();
    vi.stubEnv('PATH', '/nowhere');
    expect(await run(root, 'check', '--against', 'main')).toEqual(
      cannot('git is not installed, or not in PATH'),
    );
  });

  it('needs no folder for temporary files', async () => {
    const { root } = repository();
    vi.stubEnv('TMPDIR', '/nowhere');
    expect(await run(root, 'check', '--against', 'main')).toMatchObject({ code: 0, err: '' });
  });

  it('takes a folder in the place of the lock for a file that cannot be read', async () => {
    const { root, remove, write } = repository();
    remove('schemas/contracts.lock.json');
    write('schemas/contracts.lock.json/x', '');
    const { code, out } = await run(root, 'check', '--against', 'main');
    expect(code).toBe(1);
    expect(out).toContain('error C032  cannot be opened (EISDIR)');
  });

  it.each<[string[], string]>([
    [[], 'check needs a commit to compare with, for example --against origin/main'],
    [['--against', ''], 'check needs a commit to compare with, for example --against origin/main'],
    [['--against', 'main', '--format', 'jsn'], 'Unknown format "jsn". Did you mean "json"?'],
    [['--agianst', 'main'], 'check has no option --agianst. Did you mean "--against"?'],
    [
      ['--against', 'main', '--root', '/nowhere'],
      '/nowhere is no repository of contracts: it has no folder schemas',
    ],
  ])('%j is wrong, and says what', async (args, message) => {
    expect(await run(ROOT, 'check', ...args)).toEqual(cannot(message));
  });
});

describe('release', () => {
  const LOCK = 'schemas/contracts.lock.json';
  const versions = (root: string) =>
    (JSON.parse(readFileSync(join(root, LOCK), 'utf8')) as { versions: readonly object[] }).versions;

  it('freezes what is new or differs, and nothing else', async () => {
    const { root, delete: remove, change } = copyContracts();
    onTestFinished(remove);
    expect((await run(root, 'release')).out.split('\n')).toEqual([
      'Released retail.item-stock.v1-value 1: schemas/history/retail/v1/ItemStockChanged@1.avsc',
      'Released retail.replenishment-requested.v1-value 1: schemas/history/retail/v1/ReplenishmentRequested@1.avsc',
      'Released retail.stock-moved.v1-value 1: schemas/history/retail/v1/StockMoved@1.avsc',
      'Released retail.store-stock.v1-value 1: schemas/history/retail/v1/StoreStockChanged@1.avsc',
      '',
    ]);
    const first = versions(root);
    expect(await run(root, 'release')).toEqual({ code: 0, out: 'Nothing new to release\n', err: '' });
    change(MOVED, 'for example Item_1', 'for example Item_2');
    expect((await run(root, 'release')).out).toBe(
      'Released retail.stock-moved.v1-value 2: schemas/history/retail/v1/StockMoved@2.avsc\n',
    );
    expect(versions(root)).toEqual([...first, expect.objectContaining({ version: 2 })]);
  });

  it('records the example as bytes, and leaves those of earlier versions alone', async () => {
    const { root, delete: remove, change } = copyContracts();
    onTestFinished(remove);
    const read = (version: number, extension: string) =>
      readFileSync(join(root, `schemas/history/retail/v1/StockMoved@${version}.${extension}`));
    await run(root, 'release');
    const first = read(1, 'bin');
    change(MOVED_META, 'quantity: 10', 'quantity: 11');
    change(MOVED, 'for example Item_1', 'for example Item_2');
    await run(root, 'release');
    expect(read(1, 'bin')).toEqual(first);
    expect(read(2, 'bin')).not.toEqual(first);
    const type = avroType(read(2, 'avsc').toString());
    const example = JSON.parse(read(2, 'json').toString()) as unknown;
    expect(example).toMatchObject({
      quantity: 11,
      unitPrice: '12.50',
      occurredAt: '2026-01-15T09:30:00.000Z',
    });
    expect(JSON.parse(JSON.stringify(type.fromBuffer(read(2, 'bin'))))).toEqual(example);
  });

  it('does not build on a history that is wrong', async () => {
    const { root, change } = repository();
    change('schemas/history/retail/v1/StockMoved@1.avsc', '"int"', '"long"');
    change(MOVED, 'for example Item_1', 'for example Item_2');
    const { code, out, err } = await run(root, 'release');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('StockMoved@1.avsc:1:1: C015 is released as version 1');
    expect(existsSync(join(root, 'schemas/history/retail/v1/StockMoved@2.avsc'))).toBe(false);
  });

  it('solves what two branches released, as the message says', async () => {
    const { root, git, commit, ...rest } = repository();
    const both = { root, git, commit, ...rest };
    git('checkout', '--quiet', '-b', 'other');
    addField('note', 'string', { default: '' })(both);
    both.release();
    commit();
    git('checkout', '--quiet', 'main');
    addField('channel', 'string', { default: 'web' })(both);
    both.release();
    commit();
    git('checkout', '--quiet', 'other');
    git('merge', '--quiet', '--strategy-option=theirs', '--no-commit', 'main');
    git('checkout', 'other', '--', MOVED);
    git('checkout', 'main', '--', LOCK, 'schemas/history');
    both.edit(MOVED, ({ fields }) =>
      fields.push({ name: 'channel', type: 'string', doc: 'The channel.', default: 'web' }),
    );
    expect((await run(root, 'release')).out).toContain('Released retail.stock-moved.v1-value 3');
    expect(await run(root, 'check', '--against', 'main')).toMatchObject({ code: 0 });
  });
});

describe('this repository', () => {
  it('has released every event, and nothing was edited', async () => {
    const contracts = copyContracts(ROOT);
    onTestFinished(contracts.delete);
    expect(await run(contracts.root, 'release')).toEqual({
      code: 0,
      out: 'Nothing new to release\n',
      err: '',
    });
  });
});
