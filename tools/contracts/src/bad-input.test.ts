import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCli } from './cli.ts';
import { copyContracts } from './copy-contracts.ts';
import type { ContractsCopy } from './copy-contracts.ts';
import { GENERATED } from './generate.ts';
import { DOCUMENT_CASES } from './lint/cases/documents.ts';
import { FILE_CASES } from './lint/cases/files.ts';
import { META, MOVED, STORE } from './lint/cases/lint-case.ts';
import { METADATA_CASES } from './lint/cases/metadata.ts';
import { SCHEMA_CASES } from './lint/cases/schemas.ts';

async function run(breakIt: (contracts: ContractsCopy) => void) {
  const contracts = copyContracts();
  onTestFinished(contracts.delete);
  breakIt(contracts);
  contracts.write(`${GENERATED}/index.ts`, '// what was there before\n');
  let err = '';
  const code = await runCli(['generate'], contracts.root, {
    out: () => undefined,
    err: (text) => (err += text),
  });
  return { code, err, written: readdirSync(join(contracts.root, GENERATED)) };
}

const rules = Map.groupBy(
  [...SCHEMA_CASES, ...METADATA_CASES, ...DOCUMENT_CASES],
  ({ lines: [first = ''] }) => first.split(' ')[2],
);
/** One for each rule, and every file that is hard to read. */
const CASES = [...[...rules.values()].flatMap((cases) => cases.slice(0, 1)), ...FILE_CASES].filter(
  ({ lines: [first = ''] }) => first.includes(' error '),
);

it.each(CASES.map((entry) => [entry.name, entry] as const))(
  'nothing is generated from %s',
  async (_, { change, lines: [first = ''] }) => {
    const { code, err, written } = await run(change);
    const [, place = '', what = ''] = /^(\S+) error (.*)$/.exec(first) ?? [];
    expect(err.split('\n')[0]).toContain(`${place}: ${what}. `);
    expect(err).toMatch(/\d problems?, nothing was written\n$/);
    expect(code).toBe(1);
    expect(written).toEqual(['index.ts']);
  },
);

it('all problems are told at once, each on a line of its own with its place and its fix', async () => {
  const { err } = await run((contracts) => {
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

it('a warning keeps nothing from being generated', async () => {
  const { code, err } = await run((contracts) => {
    contracts.change(META, 'pii: []', 'pii: [storeId]');
    contracts.change(META, 'retention: 7d', 'retention: forever');
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

it('an untouched copy has no problem', async () => {
  expect(await run(() => undefined)).toMatchObject({ code: 0, err: '' });
});
