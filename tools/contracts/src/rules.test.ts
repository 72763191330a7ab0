import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MESSAGE_CASES } from './check/cases/messages.ts';
import { ROOT } from './copy-contracts.ts';
import { DOCUMENT_RULE_CASES } from './documents/cases.ts';
import { LINT_CASES } from './lint/cases/index.ts';
import { lint } from './lint/lint.ts';
import { rulesPage } from './rules-page.ts';
import { RULES } from './rules.ts';

it('the contracts of this repository, and the code that uses them, have no findings', () => {
  expect(lint(ROOT)).toEqual([]);
});

it('docs/reference/contract-rules.md is what `npx --silent contracts rules` prints', () => {
  expect(readFileSync(join(ROOT, 'docs/reference/contract-rules.md'), 'utf8')).toBe(rulesPage());
});

it.each(Object.entries(RULES))('%s says in sentences why and how', (_, { title, why, fix }) => {
  expect(title).toMatch(/^[A-Z].*[^.]$/);
  expect(why).toMatch(/^[A-Z].*\.$/);
  expect(fix).toMatch(/^[A-Z].*\.$/);
});

describe('every code on the page has a test that shows its exact message', () => {
  const page = readFileSync(join(ROOT, 'docs/reference/contract-rules.md'), 'utf8');
  const codes = [...page.matchAll(/^## (C\d+) /gm)].map(([, code]) => code);
  const lines = [...Object.values(LINT_CASES).flat(), ...MESSAGE_CASES, ...DOCUMENT_RULE_CASES].flatMap(
    (entry) => entry.lines,
  );
  const told = new Set(lines.flatMap((line) => / (?:error|warning) (C\d+) /.exec(line)?.[1] ?? []));

  it.each(codes)('%s', (code) => {
    expect(told).toContain(code);
  });

  it('and no code is told that is not on the page', () => {
    expect([...told].filter((code) => !codes.includes(code))).toEqual([]);
    expect(codes).toEqual(Object.keys(RULES));
  });
});
