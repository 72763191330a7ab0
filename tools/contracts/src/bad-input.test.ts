/** What is wrong with contracts, whatever reads them: a message with its place, the right exit code, and no changed file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LOCK_CASES } from './check/cases/lock.ts';
import { copyRepository, makeTemplate } from './check/repository.ts';
import type { Repository } from './check/repository.ts';
import { runCli } from './cli.ts';
import type { ContractsCopy } from './copy-contracts.ts';
import type { Finding } from './finding.ts';
import { GENERATED } from './generate.ts';
import { DOCUMENT_CASES } from './lint/cases/documents.ts';
import { FILE_CASES } from './lint/cases/files.ts';
import { META, MOVED, STORE } from './lint/cases/lint-case.ts';
import { METADATA_CASES } from './lint/cases/metadata.ts';
import { SCHEMA_CASES } from './lint/cases/schemas.ts';
import { wholeText } from './lint/cases/whole-text.ts';
import { folderTree } from './read/file-tree.ts';
import { listFolder } from './read/list-files.ts';

let template: ContractsCopy;
beforeAll(() => void (template = makeTemplate()));
afterAll(() => template.delete());

/** Those that only read write findings; the others tell why they do nothing. */
const READING = [
  ['lint', '--format', 'json'],
  ['check', '--against', 'main', '--format', 'json'],
];
const DOING = [['generate'], ['generate', '--check'], ['release']];
/** For them it is the reason why they cannot run; a registry that they asked would be told. */
const PLAN = ['plan', '--registry', 'http://127.0.0.1:1/'];

/** Every file under the root with its content; of links, only that they are there. */
function contentOf(root: string): Map<string, string> {
  const tree = folderTree(root);
  const folders = ['apps', 'libs', 'schemas'].map((folder) => listFolder(tree, folder));
  return new Map([
    ...folders.flatMap(({ files }) =>
      files.map((file) => [file, readFileSync(join(root, file), 'latin1')] as const),
    ),
    ...folders.flatMap(({ links }) => links.map((link) => [link, ''] as const)),
  ]);
}

async function run(args: readonly string[], breakIt: (repository: Repository) => void) {
  const repository = copyRepository(template);
  onTestFinished(repository.delete);
  breakIt(repository);
  repository.write(`${GENERATED}/index.ts`, '// what was there before\n');
  const before = contentOf(repository.root);
  let out = '';
  let err = '';
  const code = await runCli(args, repository.root, {
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  expect(contentOf(repository.root)).toEqual(before);
  return { code, out, err };
}

const rules = Map.groupBy(
  [...SCHEMA_CASES, ...METADATA_CASES, ...DOCUMENT_CASES],
  ({ lines: [first = ''] }) => first.split(' ')[2],
);
/** One for each rule, and every file that is hard to read. */
const CASES = [...[...rules.values()].flatMap((cases) => cases.slice(0, 1)), ...FILE_CASES].filter(
  ({ lines: [first = ''] }) => first.includes(' error '),
);

const named = (commands: readonly string[][]) =>
  commands.map((args) => [args.slice(0, 2).join(' '), args] as const);

describe.each(named(READING))('%s tells of', (_command, args) => {
  it.each(CASES.map((entry) => [entry.name, entry] as const))('%s', async (_, { change, lines }) => {
    const { code, out, err } = await run(args, change);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    expect(wholeText(findings).slice(0, 3)).toEqual(lines.slice(0, 3));
  });
});

describe.each(named(DOING))('%s does nothing with', (_command, args) => {
  it.each(CASES.map((entry) => [entry.name, entry] as const))('%s', async (_, { change, lines }) => {
    const { code, out, err } = await run(args, change);
    const [, place = '', what = ''] = /^(\S+) error (.*)$/.exec(lines[0] ?? '') ?? [];
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.split('\n')[0]).toContain(`${place}: ${what}. `);
    expect(err).toMatch(/\d problems?, nothing was written\n$/);
  });
});

describe('plan asks no registry because of', () => {
  it.each(CASES.map((entry) => [entry.name, entry] as const))('%s', async (_, { change, lines }) => {
    const { code, out, err } = await run(PLAN, change);
    const [, place = '', what = ''] = /^(\S+) error (.*)$/.exec(lines[0] ?? '') ?? [];
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n')[0]).toContain(`${place}: ${what}. `);
    expect(err).toMatch(/\nThe contracts are wrong; the registry was not asked\n$/);
  });
});

const WRONG_HISTORY = LOCK_CASES.filter(
  ({ base, findings = [] }) => !base && /C018|C015|C032/.test(findings.join()),
);

describe.each([['release'], PLAN, ['check', '--against', 'main']])(
  '%s goes no further with a lock or a history where',
  (...args) => {
    it.each(WRONG_HISTORY.map((entry) => [entry.name, entry] as const))(
      '%s',
      async (_, { change, findings }) => {
        const { code, out, err } = await run(args, (repository) => {
          change(repository);
          // There would be something to release.
          repository.change(MOVED, 'for example Item_1', 'for example Item_2');
        });
        expect(code).toBe(args[0] === 'plan' ? 2 : 1);
        for (const finding of findings ?? []) expect(out + err).toContain(/C0\d\d/.exec(finding)?.[0]);
      },
    );
  },
);

it('all problems are told at once, each on a line of its own with its place and its fix', async () => {
  const { err } = await run(['generate'], (contracts) => {
    contracts.change(MOVED, 'timestamp-millis', 'timestamp-milis');
    contracts.change(META, 'owner: store\n', '');
    contracts.change(STORE, 'asyncapi: 3.1.0', 'asyncapi: 3.0.0');
  });
  expect(err.split('\n')).toEqual([
    `${STORE}:1:11: C026 asyncapi: is "3.0.0", expected 3.1.0. Write "asyncapi: 3.1.0".`,
    `${MOVED}:41:48: C006 fields.occurredAt: logicalType "timestamp-milis" is unknown. Did you mean "timestamp-millis"?`,
    `${META}:1:1: C007 owner: is missing. Add the app that sends it, for example "owner: store".`,
    '3 problems, nothing was written',
    '',
  ]);
});

it('a warning keeps nothing from being released', async () => {
  const repository = copyRepository(template);
  onTestFinished(repository.delete);
  repository.change(META, 'pii: []', 'pii: [storeId]');
  repository.change(META, 'retention: 7d', 'retention: forever');
  const output = { out: () => undefined, err: () => undefined };
  for (const command of ['generate', 'release'])
    expect(await runCli([command], repository.root, output)).toBe(0);
});
