/** What a person reads, word for word. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { ContractsCopy } from '../copy-contracts.ts';
import { addField, field, MOVED, MOVED_META } from './cases/check-case.ts';
import type { CheckCase } from './cases/check-case.ts';
import { MESSAGE_CASES } from './cases/messages.ts';
import { check } from './check.ts';
import { CHECK_FORMATS } from './formats.ts';
import { copyRepository, makeTemplate } from './repository.ts';

let template: ContractsCopy;
beforeAll(() => void (template = makeTemplate()));
afterAll(() => template.delete());

function written(format: string, change: CheckCase['change'], base?: CheckCase['base']): string {
  const repository = copyRepository(template);
  onTestFinished(repository.delete);
  if (base) {
    base(repository);
    repository.commit();
  }
  change(repository);
  return CHECK_FORMATS.get(format)?.(check(repository.root, 'main'), { colours: false }) ?? '';
}

it.each(MESSAGE_CASES.map((entry) => [entry.name, entry] as const))('%s', (_, { base, change, lines }) => {
  expect(written('text', change, base).split('\n')).toEqual(lines);
});

it('github: one annotation for a finding, with everything', () => {
  const change = field(MOVED, 'sku', (sku) => (sku.type = 'bytes'));
  expect(written('github', change)).toBe(
    '::error file=schemas/retail/v1/StockMoved.avsc,line=14,col=15,title=C013 Value with another type in TypeScript::' +
      'SOURCE fields.sku: is Buffer in TypeScript and was string. Avro reads the records all the same, but the code of a consumer ' +
      'gets values it was not written for. Breaks console, inventory. Undo the change, or write why it hurts nobody: "relax" in ' +
      'the metadata, level SOURCE.\n',
  );
});

it('markdown: the verdicts first', () => {
  const lines = written('markdown', addField('channel', 'string', {}, 'web')).split('\n');
  expect(lines.slice(0, 2)).toEqual(['## This change breaks contracts', '']);
  expect(lines[2]).toMatch(/^Compared with `main` \([\da-f]{8}\)\.$/);
  expect(lines.slice(3, 9)).toEqual([
    '',
    '| consumer | event | verdict |',
    '| --- | --- | --- |',
    '| console | StockMoved | breaks: fields.channel (C010 WIRE) |',
    '| inventory | StockMoved | breaks: fields.channel (C010 WIRE) |',
    '',
  ]);
  expect(lines[9]).toContain('- **error C010 WIRE** `schemas/retail/v1/StockMoved.avsc:60` fields.channel: ');
  expect(lines[12]).toMatch(/^ {4}1\. Undo the change in v1/);
});

it('markdown: text of a contract is only text', () => {
  const unit = ({ change }: Parameters<CheckCase['change']>[0], text: string) =>
    change(MOVED_META, 'pii:', `units: { quantity: "${text}" }\npii:`);
  const out = written(
    'markdown',
    (repository) => repository.change(MOVED_META, 'pieces', '<b>|@all `x`'),
    (repository) => unit(repository, 'pieces'),
  );
  expect(out).toContain('is \\<b\\>\\|@\u200ball \\`x\\` and was pieces');
});

it('json: everything, for programs', () => {
  const result = JSON.parse(written('json', addField('channel', 'string', {}, 'web'))) as object;
  expect(result).toMatchObject({
    against: 'main',
    commit: expect.stringMatching(/^[\da-f]{40}$/) as string,
    notes: [],
    accepted: [],
    findings: [
      {
        code: 'C010',
        level: 'WIRE',
        severity: 'error',
        file: MOVED,
        line: 60,
        column: 15,
        field: 'fields.channel',
        breaks: ['console', 'inventory'],
      },
    ],
  });
  const { verdicts } = result as {
    verdicts: readonly { readonly consumer: string; readonly event: string }[];
  };
  expect(verdicts.map(({ consumer, event }) => `${consumer} ${event}`)).toEqual([
    'console ItemStockChanged',
    'replenishment ItemStockChanged',
    'console ReplenishmentRequested',
    'console StockMoved',
    'inventory StockMoved',
    'console StoreStockChanged',
  ]);
  expect(verdicts[3]).toEqual({
    consumer: 'console',
    event: 'StockMoved',
    topic: 'retail.stock-moved.v1',
    verdict: 'breaks',
    reasons: [{ code: 'C010', level: 'WIRE', field: 'fields.channel' }],
    changed: true,
  });
});

it('sarif: with level and consumers', () => {
  const { runs } = JSON.parse(written('sarif', addField('channel', 'string', {}, 'web'))) as {
    runs: readonly { results: readonly object[] }[];
  };
  expect(runs[0]?.results).toMatchObject([
    { ruleId: 'C010', level: 'error', properties: { level: 'WIRE', breaks: ['console', 'inventory'] } },
  ]);
});
