/** What other tools read of the apps: AsyncAPI documents that stand alone, and Backstage's entities. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AvroSchemaParser } from '@asyncapi/avro-schema-parser';
import { Parser } from '@asyncapi/parser';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { generate } from '../generate.ts';
import type { Json } from '../contract-model.ts';
import { isObject } from '../json.ts';
import { loadContracts } from '../load-contracts.ts';
import { FIXTURE } from '../copy-contracts.ts';
import { copyWithNewEvents } from '../new-events.setup.ts';
import { emitComponent } from './backstage.ts';

const parser = new Parser();
parser.registerSchemaParser(AvroSchemaParser());

function generated() {
  const contracts = copyWithNewEvents();
  contracts.write('apps/store/openapi.json', '{}');
  generate(contracts.root);
  const read = (file: string) => readFileSync(join(contracts.root, file), 'utf8');
  return { ...contracts, read, apps: loadContracts(contracts.root).topology.apps };
}

function references(value: Json): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(references);
  if (!isObject(value)) return [];
  const own = value['$ref'];
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(references)];
}

it(
  'a bundle refers to nothing outside itself, and says the same to the AsyncAPI parser',
  { timeout: 90_000 },
  async () => {
    const { read, apps } = generated();
    for (const { name, operations } of apps) {
      const text = read(`apps/${name}/asyncapi.bundle.json`);
      expect(references(parse(text) as Json).filter((reference) => !reference.startsWith('#/'))).toEqual([]);
      const { document, diagnostics } = await parser.parse(text);
      expect(diagnostics.filter(({ severity }) => severity.valueOf() === 0)).toEqual([]);
      expect(
        document
          ?.operations()
          .all()
          .map((operation) => [operation.id(), operation.channels().all()[0]?.address()]),
      ).toEqual(operations.map((operation) => [operation.name, operation.topic]));
    }
  },
);

it('a bundle has each schema as it is registered, with the types of other files in it', () => {
  const { root, read } = generated();
  const { channels } = parse(read('apps/shop/asyncapi.bundle.json')) as {
    channels: Record<string, { messages: Record<string, { payload: { schema: unknown } }> }>;
  };
  const registered = loadContracts(root).schemas.find(({ type }) => type.endsWith('.OrderPlaced'));
  expect(channels['orders']?.messages['orders']?.payload.schema).toEqual(
    JSON.parse(registered?.schema ?? ''),
  );
});

interface Entity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

it('Backstage can read every entity: its kind, its name, and every other it refers to', () => {
  const { read, apps } = generated();
  const entitiesIn = (file: string) => parseAllDocuments(read(file)).map((one) => one.toJS() as Entity);
  const [location, ...rest] = entitiesIn('catalog-info.yaml');
  expect(location?.spec['targets']).toEqual(apps.map(({ name }) => `./apps/${name}/catalog-info.yaml`));
  const entities = [...rest, ...apps.flatMap(({ name }) => entitiesIn(`apps/${name}/catalog-info.yaml`))];
  const known = new Set(entities.map(({ kind, metadata }) => `${kind.toLowerCase()}:${metadata.name}`));
  expect(known.size).toBe(entities.length);

  const required: Record<string, string[]> = {
    System: ['owner'],
    Group: ['type', 'children'],
    Component: ['type', 'lifecycle', 'owner'],
    API: ['type', 'lifecycle', 'owner', 'definition'],
    Resource: ['type', 'owner'],
  };
  for (const { apiVersion, kind, metadata, spec } of entities) {
    expect(apiVersion).toBe('backstage.io/v1alpha1');
    expect(metadata.name).toMatch(/^[a-zA-Z0-9]+(?:[-_.][a-zA-Z0-9]+)*$/);
    expect(metadata.name.length).toBeLessThanOrEqual(63);
    expect(Object.keys(spec)).toEqual(expect.arrayContaining(required[kind] ?? ['a kind that is known']));
    const names = (key: string) => (spec[key] ?? []) as string[];
    const text = (key: string) => spec[key] as string;
    const refs = [
      ...(kind === 'Group' ? [] : [`group:${text('owner')}`]),
      ...(spec['system'] === undefined ? [] : [`system:${text('system')}`]),
      ...names('providesApis').map((name) => `api:${name}`),
      ...names('consumesApis').map((name) => `api:${name}`),
      ...names('dependsOn'),
    ];
    expect(refs.filter((ref) => !known.has(ref))).toEqual([]);
    const definition = spec['definition'] as { $text: string } | undefined;
    if (definition) expect(definition.$text).toMatch(/^\.\/(?:asyncapi\.bundle\.json|openapi\.json)$/);
  }
  expect(
    entities.find(({ kind, metadata }) => kind === 'Component' && metadata.name === 'inventory')?.spec,
  ).toMatchObject({
    providesApis: ['inventory-events'],
    consumesApis: ['store-events'],
  });
  expect(entities.find(({ metadata }) => metadata.name === 'store-simulator')?.spec).toMatchObject({
    consumesApis: ['store-rest'],
  });
});

it('names that are too long for Backstage are cut, and stay different', () => {
  const model = loadContracts(FIXTURE);
  const store = model.topology.apps.find(({ name }) => name === 'store');
  const [topic] = model.topics;
  if (!store || !topic) throw new Error('the fixture has no store');
  const topics = ['a', 'b'].map((end) => ({
    ...topic,
    name: `retail.${'long-'.repeat(20)}${end}.v1`,
    owner: 'store',
  }));
  const text = emitComponent(store, { ...model, topics }, new Set());
  const names = parseAllDocuments(text)
    .map((one) => one.toJS() as Entity)
    .filter(({ kind }) => kind === 'Resource')
    .map(({ metadata }) => metadata.name);
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^retail\.(?:long-)+[a-z0-9-]{1,20}$/);
  expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(63);
});
