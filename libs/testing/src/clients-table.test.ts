import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { BROKER_CASES } from './broker-cases.ts';
import { CLIENT_GAPS } from './client-gaps.ts';
import { clientsTable } from './clients-table.ts';

const WORKSPACE = join(import.meta.dirname, '../../..');
const BEGIN = '<!-- the table: begin -->';
const END = '<!-- the table: end -->';

it('the table in docs/clients.md is that of the suite', async () => {
  const page = await readFile(join(WORKSPACE, 'docs/clients.md'), 'utf8');
  const between = page.slice(page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)).trim();

  // What stands there must be this, word for word.
  expect(between).toBe((await format(clientsTable(), { parser: 'markdown' })).trim());
});

it('every gap is one of a case that exists', () => {
  const names = new Set(BROKER_CASES.map(({ name }) => name));
  expect(names.size).toBe(BROKER_CASES.length);
  for (const gaps of Object.values(CLIENT_GAPS))
    expect(Object.keys(gaps).filter((name) => !names.has(name))).toEqual([]);
});
