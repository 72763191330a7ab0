import { toKafkaHeaders } from '@eda/contracts';
import { AvroSchemaParser } from '@asyncapi/avro-schema-parser';
import { fromFile, Parser } from '@asyncapi/parser';
import type { AsyncAPIDocumentInterface, Diagnostic } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { describe, expect, it, onTestFinished } from 'vitest';
import { copyContracts, ROOT } from './copy-contracts.ts';
import { loadContracts } from './load-contracts.ts';
import { folderTree } from './read/file-tree.ts';
import { listFiles } from './read/list-files.ts';

const parser = new Parser();
parser.registerSchemaParser(AvroSchemaParser());

const documents = listFiles(folderTree(ROOT), 'apps', /^apps\/[^/]+\/asyncapi\.yaml$/);
const { topology, topics, events } = loadContracts(ROOT);

type Parsed = Promise<{ document?: AsyncAPIDocumentInterface; problems: string[] }>;
const parsed = new Map<string, Parsed>();

/** Parses a document of this repository once for all tests. */
function parse(file: string): Parsed {
  const known = parsed.get(file) ?? parseFile(join(ROOT, file));
  parsed.set(file, known);
  return known;
}

async function parseFile(path: string): Parsed {
  const { document, diagnostics } = await fromFile(parser, path).parse();
  const problems = diagnostics.map(
    ({ message, path: at, range }: Diagnostic) => `${range.start.line + 1} ${at.join('.')}: ${message}`,
  );
  return { problems, ...(document && { document }) };
}

it('every app has a document, and every document is of an app', () => {
  const apps = listFiles(folderTree(ROOT), 'apps', /^apps\/[^/]+\/package\.json$/).map(
    (file) => file.split('/')[1],
  );
  expect(documents.map((file) => file.split('/')[1])).toEqual(apps);
  expect(topology.apps.map(({ name }) => name).sort()).toEqual(apps.sort());
});

describe.each(documents)('%s', (file) => {
  it('is valid AsyncAPI, without a warning or a remark', async () => {
    expect((await parse(file)).problems).toEqual([]);
  });

  it('says to the AsyncAPI parser what the topology says', async () => {
    const { document } = await parse(file);
    const id = document?.json().id;
    const app = topology.apps.find(({ name }) => id === `urn:eda:${name}`);
    expect(app).toMatchObject({
      title: document?.info().title(),
      description: document?.info().description(),
    });
    const operations = document?.operations().all() ?? [];
    expect(
      operations.map((operation) => [
        operation.id(),
        operation.action(),
        operation.channels().all()[0]?.address(),
      ]),
    ).toEqual(app?.operations.map(({ name, action, topic }) => [name, action, topic]));
  });

  it('has channels with the partitions of their topics, and messages with CloudEvents headers and a parsed schema', async () => {
    const { document } = await parse(file);
    for (const channel of document?.channels().all() ?? []) {
      const topic = topics.find(({ name }) => name === channel.address());
      const binding = channel.bindings().get('kafka')?.value<{ partitions: number }>();
      expect([channel.address(), binding?.partitions]).toEqual([topic?.name, topic?.partitions]);
      for (const message of channel.messages().all()) {
        const headers = Object.keys(message.headers()?.properties() ?? {});
        if (topic?.kind === 'dead-letter') {
          expect(headers).toContain('__dlq.errors.exception.message');
          continue;
        }
        expect(headers).toEqual(
          expect.arrayContaining(['ce_id', 'ce_source', 'ce_type', 'ce_specversion', 'content-type']),
        );
        expect(message.contentType()).toBe('application/avro');
        expect(message.correlationId()?.location()).toBe('$message.header#/ce_correlationid');
        // What the Avro parser made of the schema: it does so only for payloads it knows.
        const payload = message.payload()?.json<{ schema: { properties: object } }>();
        const record = events.find(({ record: { fullName } }) => fullName === topic?.type)?.record;
        const fields = record?.definition['fields'] as readonly { name: string }[] | undefined;
        expect(Object.keys(payload?.schema.properties ?? {})).toEqual(fields?.map(({ name }) => name));
      }
    }
  });
});

it('a document that is not valid AsyncAPI is noticed', async () => {
  const { root, change, delete: remove } = copyContracts();
  onTestFinished(remove);
  change('apps/store/asyncapi.yaml', 'partitions: 6', 'partitons: 6');
  expect((await parseFile(join(root, 'apps/store/asyncapi.yaml'))).problems.join('\n')).toContain(
    'partitons',
  );
});

it('the headers that the documents describe are those that the codec writes', () => {
  const common = readFileSync(join(ROOT, 'schemas/asyncapi/common.yaml'), 'utf8');
  const headers = toKafkaHeaders({
    id: 'a',
    source: '/b',
    type: 'c',
    time: new Date(),
    subject: 'd',
    contentType: 'application/avro',
    extensions: { correlationid: 'e', causationid: 'f', traceparent: 'g' },
  });
  const { schemas } = parseYaml(common) as { schemas: { cloudEventHeaders: { properties: object } } };
  expect(Object.keys(schemas.cloudEventHeaders.properties).sort()).toEqual(Object.keys(headers).sort());
});
