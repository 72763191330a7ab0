/** Whatever stands where something else should: findings, never an exception. Each value of a file is replaced in turn. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse as parseYaml, stringify as toYaml } from 'yaml';
import { copyContracts } from '../copy-contracts.ts';
import { META, MOVED, STORE } from './cases/lint-case.ts';
import { lint } from './lint.ts';

const ODD: readonly unknown[] = [
  null,
  0,
  [],
  {},
  '__proto__',
  [null],
  { type: 'array' },
  { $ref: '#/channels/none' },
  ['null', 'int'],
  { type: 'enum', name: 'A', symbols: 'x' },
];

type Holder = Record<string, unknown>;

it.each([MOVED, META, STORE])('%s', (file) => {
  const { root, write, delete: remove } = copyContracts();
  onTestFinished(remove);
  const isJson = file.endsWith('.avsc');
  const content = readFileSync(join(root, file), 'utf8');
  const document = (isJson ? JSON.parse(content) : parseYaml(content)) as Holder;
  for (const [index, [holder, key]] of entriesIn(document).entries()) {
    const before = holder[key];
    holder[key] = ODD[index % ODD.length];
    write(
      file,
      isJson ? JSON.stringify(document, undefined, 2) : toYaml(document, { aliasDuplicateObjects: false }),
    );
    for (const { line, column, message, fix } of lint(root)) {
      expect(Math.min(line, column)).toBeGreaterThan(0);
      expect(message + fix).not.toMatch(/undefined|\[object/);
    }
    holder[key] = before;
  }
});

function entriesIn(value: unknown): [Holder, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((key) => [[holder, key] as [Holder, string], ...entriesIn(holder[key])]);
}
