/** What `lint` says, word for word: each case in `cases/` is a change to contracts that are right, and the whole text of its findings. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { copyContracts } from '../copy-contracts.ts';
import { LINT_CASES } from './cases/index.ts';
import { wholeText } from './cases/whole-text.ts';
import { lint } from './lint.ts';

describe.each(Object.entries(LINT_CASES))('%s:', (_, cases) => {
  it.each(cases.map((entry) => [entry.name, entry] as const))('%s', (_name, { change, lines }) => {
    const contracts = copyContracts();
    onTestFinished(contracts.delete);
    change(contracts);
    expect(wholeText(lint(contracts.root))).toEqual(lines);
  });
});

it('contracts that are right have no findings', () => {
  const { root, delete: remove } = copyContracts();
  onTestFinished(remove);
  expect(lint(root)).toEqual([]);
});
