import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './copy-contracts.ts';
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
