/** What `contracts documents` says: each case is a change to documents that keep the rules. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../cli.ts';
import { copyContracts, ROOT } from '../copy-contracts.ts';
import { RULES } from '../rules.ts';
import { wholeText } from '../lint/cases/whole-text.ts';
import { DOCUMENT_RULE_CASES, OPENAPI } from './cases.ts';
import { checkDocuments } from './check-documents.ts';
import { RULESET } from './load-ruleset.ts';

function copy() {
  const contracts = copyContracts();
  onTestFinished(contracts.delete);
  contracts.write(RULESET, readFileSync(join(ROOT, RULESET)));
  contracts.write('apps/store/openapi.json', JSON.stringify(OPENAPI, undefined, 2));
  return contracts;
}

async function run(root: string) {
  let out = '';
  let err = '';
  const code = await runCli(['documents'], root, {
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

it.each(DOCUMENT_RULE_CASES.map((entry) => [entry.name, entry] as const))(
  '%s',
  async (_, { change, lines }) => {
    const contracts = copy();
    change(contracts);
    const text = wholeText(await checkDocuments(contracts.root));
    expect(text.filter((line) => !line.startsWith('  '))).toEqual(lines);
  },
);

it('documents that keep the rules have no findings', async () => {
  expect(await checkDocuments(copy().root)).toEqual([]);
});

it('the documents of this repository keep the rules', async () => {
  expect(await checkDocuments(ROOT)).toEqual([]);
});

it('every rule has a code that is explained, and every code of documents a rule', () => {
  const { rules } = parse(readFileSync(join(ROOT, RULESET), 'utf8')) as { rules: Record<string, unknown> };
  const codes = [...new Set(Object.keys(rules).map((name) => name.slice(0, 4)))];
  expect(codes).toEqual(Object.keys(RULES).filter((code) => code >= 'C050'));
});

it('nothing is fetched that a document refers to', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { root, change } = copy();
  change('apps/store/openapi.json', '"type": "object"', `"$ref": "http://127.0.0.1:${port}/schema.json"`);
  expect(await checkDocuments(root)).toEqual([]);
  expect(asked).toEqual([]);
});

it('a document that is none is told with its place, and the others are checked', async () => {
  const { root, write, change } = copy();
  write('apps/store/openapi.json', '{ "openapi": ');
  change('apps/store/asyncapi.yaml', 'id: urn:eda:store', 'id: store');
  const { code, out, err } = await run(root);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toContain('apps/store/openapi.json');
  expect(out).toContain('C032');
  expect(out).toContain('C050');
});

it.each([
  [
    'a function that Spectral does not have',
    'function: pattern',
    'function: patern',
    'Spectral has no function "patern"',
  ],
  ['a format that Spectral does not have', '[aas3]', '[aas9]', 'Spectral has no format "aas9"'],
  ['no YAML', 'rules:', 'rules: [', 'schemas/.spectral.yaml'],
])('a ruleset with %s is told, without a stack trace', async (_, from, to, words) => {
  const { root, change } = copy();
  change(RULESET, from, to);
  const { code, out, err } = await run(root);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(words);
  expect(err).not.toContain('    at ');
});

it('no ruleset is told', async () => {
  const { root, remove } = copy();
  remove(RULESET);
  const { code, err } = await run(root);
  expect(code).not.toBe(0);
  expect(err).toContain('schemas/.spectral.yaml');
  expect(err).not.toContain('    at ');
});
