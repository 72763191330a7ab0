import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CONSOLE, META, MOVED, replace, STORE } from './lint-case.ts';
import type { LintCase } from './lint-case.ts';

/** Lists of lists: each level holds the one before ten times. */
const bomb = (levels: number) =>
  Array.from({ length: levels }, (_, level) => {
    const item = level === 0 ? 'x' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array(10).fill(item).join(', ')}]\n`;
  }).join('');
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

export const FILE_CASES: readonly LintCase[] = [
  {
    name: 'no JSON',
    change: (contracts) => contracts.write(MOVED, 'type: record\n'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:1:1 error C032 is not JSON: expected a value, found "type"',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct it: JSON has double quotes, no comments, and no comma behind the last entry.',
    ],
  },
  {
    name: 'a comma too many',
    change: replace(MOVED, '"type": "int",', '"type": "int",,'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:21 error C032 is not JSON: expected a name in double quotes, found ","',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct it: JSON has double quotes, no comments, and no comma behind the last entry.',
    ],
  },
  {
    name: 'a comma too few',
    change: replace(MOVED, '"type": "record",', '"type": "record"'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:3:3 error C032 is not JSON: expected "," or "}", found "\\""',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct it: JSON has double quotes, no comments, and no comma behind the last entry.',
    ],
  },
  {
    name: 'a text that is not closed',
    change: replace(MOVED, '"type": "int",', '"type": "int,'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:15 error C032 is not JSON: a text that is not closed',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Close it with a double quote; write line breaks in it as \\n.',
    ],
  },
  {
    name: 'the end in the middle',
    change: (contracts) => contracts.write(MOVED, '{"type": "record", "fields": ['),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:1:31 error C032 is not JSON: expected a value, found the end of the file',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct it: JSON has double quotes, no comments, and no comma behind the last entry.',
    ],
  },
  {
    name: 'more than one value',
    change: (contracts) => contracts.write(MOVED, '{}\n{}\n'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:2:1 error C032 is not JSON: expected the end of the file, found "{"',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct it: JSON has double quotes, no comments, and no comma behind the last entry.',
    ],
  },
  {
    name: 'a comment',
    change: replace(MOVED, '"fields"', '// the fields\n  "fields"'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:6:3 error C032 is not JSON: expected a name in double quotes, found "//"',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct it: JSON has double quotes, no comments, and no comma behind the last entry.',
    ],
  },
  {
    name: 'a name twice',
    change: replace(MOVED, '"type": "int",', '"type": "int", "type": "long",'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:22 error C032 has the name "type" twice in one object',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Keep one of the two.',
    ],
  },
  {
    name: 'a thousand levels',
    change: replace(MOVED, '"int"', nested(1000)),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:113 error C032 is nested deeper than 100 levels',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Make what is inside a type with a file of its own.',
    ],
  },
  {
    name: 'an empty schema',
    change: (contracts) => contracts.write(MOVED, ''),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:1:1 error C032 is empty',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Write the contract, or delete the file.',
    ],
  },
  {
    name: 'a byte order mark',
    change: replace(MOVED, '{', '\uFEFF{'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:1:1 error C032 begins with a byte order mark',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Save it as UTF-8 without a byte order mark (BOM).',
    ],
  },
  {
    name: 'Latin-1',
    change: (contracts) => contracts.write(MOVED, Buffer.from('{\n  "doc": "café"\n}', 'latin1')),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:2:14 error C032 is not UTF-8',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Save it as UTF-8.',
    ],
  },
  {
    name: 'ten megabytes',
    change: (contracts) => contracts.write(MOVED, ' '.repeat(10 * 1024 * 1024)),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:1:1 error C032 has 10.0 MB, a contract has 1 MB at most',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Split it into types that are files of their own.',
    ],
  },
  {
    name: 'a circle of folders',
    change: ({ root }) => symlinkSync('..', join(root, 'schemas/retail/again')),
    lines: [
      'schemas/retail/again:1:1 error C032 is a symbolic link, which is not followed',
      '  why: A link may lead out of the repository or round in a circle, and some checkouts hold a text in its place.',
      '  fix: Put the file itself here, or refer to the type by its name.',
    ],
  },
  {
    name: 'a link in place of the folder of an app',
    change: ({ root }) => symlinkSync('store', join(root, 'apps/shop')),
    lines: [
      'apps/shop:1:1 error C032 is a symbolic link, which is not followed',
      '  why: A link may lead out of the repository or round in a circle, and some checkouts hold a text in its place.',
      '  fix: Put the file itself here, or refer to the type by its name.',
    ],
  },
  {
    name: 'a link in place of a document',
    change: ({ root, remove }) => {
      remove(CONSOLE);
      symlinkSync('../store/asyncapi.yaml', join(root, CONSOLE));
    },
    lines: [
      'apps/console/asyncapi.yaml:1:1 error C032 is a symbolic link, which is not followed',
      '  why: A link may lead out of the repository or round in a circle, and some checkouts hold a text in its place.',
      '  fix: Put the file itself here, or refer to the type by its name.',
    ],
  },
  {
    name: 'no YAML',
    change: replace(META, 'topic: ', 'topic: ['),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:3:1 error C032 is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct the YAML.',
    ],
  },
  {
    name: 'no YAML in a document',
    change: replace(STORE, 'asyncapi: 3.1.0', 'asyncapi: [3.1.0'),
    lines: [
      'apps/store/asyncapi.yaml:2:1 error C032 is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct the YAML.',
    ],
  },
  {
    name: 'a key twice',
    change: replace(META, 'class: event\n', 'class: event\nclass: state\n'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:4:1 error C032 has the same key twice in one mapping',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Keep one of the two.',
    ],
  },
  {
    name: 'an empty document',
    change: (contracts) => contracts.write(STORE, '\n'),
    lines: [
      'apps/store/asyncapi.yaml:1:1 error C032 is empty',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Write the contract, or delete the file.',
    ],
  },
  {
    name: 'two documents in one file',
    change: replace(STORE, 'channels:', '---\nchannels:'),
    lines: [
      'apps/store/asyncapi.yaml:23:1 error C032 holds more than one document',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Keep one, without a line "---".',
    ],
  },
  {
    name: 'aliases that grow without end',
    change: replace(META, 'description:', `${bomb(8)}description:`),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:2:10 error C032 has aliases of aliases, which would become enormous',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Write the value itself in place of the alias.',
    ],
  },
  {
    name: 'an alias within what it stands for',
    change: replace(META, 'description:', 'config: &a { b: *a }\ndescription:'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:17 error C032 is nested deeper than 100 levels, or refers to itself',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Write less into each other, and no alias within what it stands for.',
    ],
  },
  {
    name: 'an alias of nothing',
    change: replace(META, 'class: event', 'class: *kind'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:3:8 error C032 is not YAML: Unresolved alias (the anchor must be set before the alias): kind',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Write the value itself in place of the alias.',
    ],
  },
  {
    name: 'a thousand levels of YAML',
    change: replace(META, 'example:', `config: ${nested(1000)}\nexample:`),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C032 is nested deeper than 100 levels, or refers to itself',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Write less into each other, and no alias within what it stands for.',
    ],
  },
  {
    name: 'two hundred levels of YAML',
    change: replace(META, 'example:', `config: ${nested(200)}\nexample:`),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C032 is nested deeper than 100 levels, or refers to itself',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Write less into each other, and no alias within what it stands for.',
    ],
  },
];
