/** Whatever stands where something else should: findings, never an exception. Each value of a file is replaced by each of them in turn. */
import { expect, it } from 'vitest';
import { parse as parseYaml, stringify as toYaml } from 'yaml';
import { FIXTURE } from '../copy-contracts.ts';
import type { Finding } from '../finding.ts';
import { folderTree, treeOf } from '../read/file-tree.ts';
import { listFiles } from '../read/list-files.ts';
import { Sources } from '../read/sources.ts';
import { META, MOVED, SIMULATOR, STORE } from './cases/lint-case.ts';
import { lintSources } from './lint.ts';

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

const fixture = new Sources(folderTree(FIXTURE));
const FILES = ['schemas', 'apps'].flatMap((folder) => listFiles(fixture.tree, folder, /./));

/** The fixture with another text in `file`; all others are not read again. */
function lintWith(file: string, text: string): Finding[] {
  const tree = treeOf(
    FILES.map((path) => ({
      path,
      bytes: () => (path === file ? Buffer.from(text) : fixture.tree.bytes(path)),
    })),
  );
  return lintSources(new Sources(tree, { sources: fixture, isSame: (path) => path !== file }));
}

it('the fixture is right', () => {
  expect(lintSources(fixture)).toEqual([]);
});

it.each([MOVED, META, STORE, SIMULATOR])(
  '%s',
  (file) => {
    const isJson = file.endsWith('.avsc');
    const content = fixture.tree.bytes(file).toString();
    const document = (isJson ? JSON.parse(content) : parseYaml(content)) as Holder;
    for (const { holder, key, path } of entriesIn(document)) {
      const before = holder[key];
      for (const odd of [...ODD, { $ref: `#/${path.join('/')}` }]) {
        holder[key] = odd;
        const text = isJson
          ? JSON.stringify(document, undefined, 2)
          : toYaml(document, { aliasDuplicateObjects: false });
        for (const { line, column, message, fix } of lintWith(file, text)) {
          expect(Math.min(line, column)).toBeGreaterThan(0);
          expect(message + fix).not.toMatch(/undefined|\[object/);
        }
      }
      holder[key] = before;
    }
  },
  60_000,
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
