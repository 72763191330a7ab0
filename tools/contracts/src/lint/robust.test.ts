/** Whatever stands where something else should: findings, never an exception. Each value of a file is replaced by each of them in turn. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse as parseYaml, stringify as toYaml } from 'yaml';
import { copyContracts } from '../copy-contracts.ts';
import { META, MOVED, SIMULATOR, STORE } from './cases/lint-case.ts';
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
  { type: { type: 'long' }, logicalType: 'timestamp-millis' },
  [1, { a: 1 }],
];

type Holder = Record<string, unknown>;

it.each([MOVED, META, STORE, SIMULATOR])(
  '%s',
  (file) => {
    const { root, write, delete: remove } = copyContracts();
    onTestFinished(remove);
    const isJson = file.endsWith('.avsc');
    const content = readFileSync(join(root, file), 'utf8');
    const document = (isJson ? JSON.parse(content) : parseYaml(content)) as Holder;
    for (const { holder, key, path } of entriesIn(document)) {
      const before = holder[key];
      for (const odd of [...ODD, { $ref: `#/${path.join('/')}` }]) {
        holder[key] = odd;
        write(
          file,
          isJson
            ? JSON.stringify(document, undefined, 2)
            : toYaml(document, { aliasDuplicateObjects: false }),
        );
        for (const { line, column, message, fix } of lint(root)) {
          expect(Math.min(line, column)).toBeGreaterThan(0);
          expect(message + fix).not.toMatch(/undefined|\[object/);
        }
      }
      holder[key] = before;
    }
  },
  120_000,
);

interface Entry {
  readonly holder: Holder;
  readonly key: string;
  readonly path: readonly string[];
}

function entriesIn(value: unknown, path: readonly string[] = []): Entry[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((key) => {
    const here = [...path, key];
    return [{ holder, key, path: here }, ...entriesIn(holder[key], here)];
  });
}
