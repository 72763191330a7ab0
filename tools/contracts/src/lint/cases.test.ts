/** What `lint` says, word for word: each case in `cases/` is a change to contracts that are right, and the whole text of its findings. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { copyContracts } from '../copy-contracts.ts';
import { RULES } from '../rules.ts';
import { CODE_CASES } from './cases/code.ts';
import { DOCUMENT_CASES } from './cases/documents.ts';
import { FILE_CASES } from './cases/files.ts';
import { METADATA_CASES } from './cases/metadata.ts';
import { SCHEMA_CASES } from './cases/schemas.ts';
import { wholeText } from './cases/whole-text.ts';
import { lint } from './lint.ts';

const CASES = {
  schema: SCHEMA_CASES,
  metadata: METADATA_CASES,
  document: DOCUMENT_CASES,
  code: CODE_CASES,
  file: FILE_CASES,
};

describe.each(Object.entries(CASES))('%s:', (_, cases) => {
  it.each(cases.map((entry) => [entry.name, entry] as const))('%s', (_name, { change, lines }) => {
    const contracts = copyContracts();
    onTestFinished(contracts.delete);
    change(contracts);
    expect(wholeText(lint(contracts.root))).toEqual(lines);
  });
});

it('every rule has a case, but for those about changes', () => {
  const text = Object.values(CASES)
    .flat()
    .flatMap(({ lines }) => lines)
    .join('\n');
  const codes = Object.keys(RULES).filter((code) => code === 'C019' || !code.startsWith('C01'));
  expect(codes.filter((code) => !text.includes(` ${code} `))).toEqual([]);
});

it('contracts that are right have no findings', () => {
  const { root, delete: remove } = copyContracts();
  onTestFinished(remove);
  expect(lint(root)).toEqual([]);
});
