/** What is read quickly is what `yaml` reads: documents of this repository, with random damage, or parts of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { ROOT } from '../copy-contracts.ts';
import { folderTree } from './file-tree.ts';
import { listFiles } from './list-files.ts';
import { simpleYaml } from './simple-yaml.ts';

const tree = folderTree(ROOT);
const DOCUMENTS = [
  // Not the rules for documents, which are read only when they are asked for.
  ...listFiles(tree, 'schemas', /\/[^./][^/]*\.yaml$/),
  ...listFiles(tree, 'apps', /^apps\/[^/]+\/asyncapi\.yaml$/),
];
const DAMAGE = [
  ...Array.from('\n\t\r:-"\'#[]{},|>?01_.~@`%*&!\\=é\u00a0\u2028'),
  ...[
    '  ',
    ': ',
    '- ',
    ' #',
    '? ',
    '!!str ',
    '<<: ',
    '---\n',
    '...\n',
    '|-\n',
    '>+\n',
    "''",
    '""',
    '[]',
    '{}',
  ],
  ...[
    'null',
    'Null',
    'yes',
    'off',
    'TRUE',
    '0x1f',
    '0o7',
    '007',
    '0b1',
    '1_000',
    '.5',
    '5.',
    '+1',
    '1e3',
    '1E+2',
  ],
  ...[
    '.inf',
    '-.INF',
    '.nan',
    'NaN',
    '2024-01-01',
    '1:30',
    '"\\x41"',
    "'a\n  b'",
    ': &a ',
    ': *a',
    'a: b: c',
  ],
];
const NOTHING = Symbol('no YAML');

function slowly(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return NOTHING;
  try {
    return document.toJS();
  } catch {
    return NOTHING;
  }
}

const LINES = 12;

/** Some lines of a document, as far to the left as they can be. */
function partOf(lines: readonly string[], start: number): string {
  const part = lines.slice(start, start + LINES).join('\n');
  const [indent = ''] = /^ */.exec(part) ?? [];
  return `${part.replaceAll(new RegExp(`^${indent}`, 'gm'), '')}\n`;
}

describe('simpleYaml', () => {
  it.each(DOCUMENTS)('reads %s, and the same as yaml', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect(simpleYaml(text)).toEqual(slowly(text));
  });

  it('reads damaged documents as yaml does, or leaves them to it', () => {
    const documents = DOCUMENTS.map((file) => readFileSync(join(ROOT, file), 'utf8').split('\n'));
    const parts = fc
      .tuple(fc.constantFrom(...documents), fc.nat())
      .map(([lines, at]) => partOf(lines, at % Math.max(1, lines.length - LINES)));
    const damage = fc.array(
      fc.record({ at: fc.nat(), over: fc.constantFrom(0, 0, 0, 1, 4), text: fc.constantFrom(...DAMAGE) }),
      { minLength: 1, maxLength: 2 },
    );
    let read = 0;
    fc.assert(
      fc.property(parts, damage, (part, places) => {
        const text = places.reduce((before, { at, over, text: added }) => {
          const place = at % before.length;
          return before.slice(0, place) + added + before.slice(place + over);
        }, part);
        const content = simpleYaml(text);
        if (content === undefined) return;
        read += 1;
        expect(content).toEqual(slowly(text));
      }),
      { numRuns: 5_000 },
    );
    // Or nothing would have been shown.
    expect(read).toBeGreaterThan(500);
  });

  it.each([
    ['an alias', 'a: &x 1\nb: *x\n'],
    ['a tag', 'a: !!str 1\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['a list in brackets over two lines', 'a: [1,\n2]\n'],
    ['a text in quotes over two lines', "a: 'b\n  c'\n"],
    ['a number with an underscore', 'a: 1_000\n'],
    ['a number that is too large', 'a: 1e999\n'],
    ['a null as key', 'null: a\n'],
    ['more than 100 levels', Array.from({ length: 102 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
    ['what is no YAML', 'a: b: c\n'],
  ])('leaves %s to yaml', (_, text) => {
    expect(simpleYaml(text)).toBeUndefined();
  });
});
