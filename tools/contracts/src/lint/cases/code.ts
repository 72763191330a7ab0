import type { ContractsCopy } from '../../copy-contracts.ts';
import { INVENTORY } from './lint-case.ts';
import type { LintCase } from './lint-case.ts';

/** What inventory does according to its document. */
const RIGHT = `import { itemStockChanged, stockMoved, storeStockChanged } from '@eda/contracts';
import { createConsumer, subscribe } from '@eda/kafka';

const catalog = await createSchemaCatalog({ contracts: [stockMoved, storeStockChanged, itemStockChanged] });
createConsumer({ subscriptions: [subscribe(stockMoved, async ({ data }, { tx }) => {
  await outbox.append(tx, storeStockChanged, data);
  await outbox.appendMany(tx, itemStockChanged, [data]);
})] });
`;
const APP = 'apps/inventory/src/app.ts';

/** Writes the code of inventory with `from` replaced by `to`. */
function code(from: string, to: string): LintCase['change'] {
  return (contracts: ContractsCopy) => {
    contracts.write(APP, RIGHT);
    contracts.change(APP, from, to);
  };
}

const OPENAPI_FILE = 'apps/inventory/openapi.json';

/** Gives inventory an OpenAPI document with the statuses 200, 202, 404 and 406, and this code besides. */
function http(statements: string): LintCase['change'] {
  return (contracts) => {
    contracts.write(APP, `${RIGHT}${statements}\n`);
    const responses = Object.fromEntries(['200', '202', '404', '406'].map((status) => [status, {}]));
    const document = { openapi: '3.1.0', paths: { '/stores': { get: { responses } } } };
    contracts.write(OPENAPI_FILE, `${JSON.stringify(document, undefined, 2)}\n`);
  };
}

export const CODE_CASES: readonly LintCase[] = [
  { name: 'code that does what the document says', change: code('', ''), lines: [] },
  {
    name: 'names that are another thing',
    change: code(
      'const catalog',
      'type A = { replenishmentRequested: 1 }; app.register(plugin); const catalog',
    ),
    lines: [],
  },
  {
    name: 'a subscription without an operation',
    change: code('subscribe(stockMoved', 'subscribe(itemStockChanged, h), subscribe(stockMoved'),
    lines: [
      'apps/inventory/src/app.ts:5:44 error C021 inventory subscribes to retail.item-stock.v1, but apps/inventory/asyncapi.yaml has no receive operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take itemStockChanged out of the code.',
    ],
  },
  {
    name: 'a subscription to many at a time without an operation',
    change: code('subscribe(stockMoved', 'subscribeBatch(itemStockChanged, h), subscribe(stockMoved'),
    lines: [
      'apps/inventory/src/app.ts:5:49 error C021 inventory subscribes to retail.item-stock.v1, but apps/inventory/asyncapi.yaml has no receive operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take itemStockChanged out of the code.',
    ],
  },
  {
    name: 'an event that is sent without an operation',
    change: code('storeStockChanged, data', 'stockMoved, data'),
    lines: [
      'apps/inventory/asyncapi.yaml:77:3 error C021 operations.publishStoreStockChanged: nothing in apps/inventory/src sends retail.store-stock.v1',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Write the code that does it, or remove the operation.',
      'apps/inventory/src/app.ts:6:27 error C021 inventory sends retail.stock-moved.v1, but apps/inventory/asyncapi.yaml has no send operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take stockMoved out of the code.',
    ],
  },
  {
    name: 'an event that is sent by appendMany without an operation',
    change: code('const catalog', 'it.appendMany(stockMoved, []);\nconst catalog'),
    lines: [
      'apps/inventory/src/app.ts:4:15 error C021 inventory sends retail.stock-moved.v1, but apps/inventory/asyncapi.yaml has no send operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take stockMoved out of the code.',
    ],
  },
  {
    name: 'an event that is sent by encode without an operation',
    change: code('const catalog', 'it.encode(stockMoved, []);\nconst catalog'),
    lines: [
      'apps/inventory/src/app.ts:4:11 error C021 inventory sends retail.stock-moved.v1, but apps/inventory/asyncapi.yaml has no send operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take stockMoved out of the code.',
    ],
  },
  {
    name: 'an event that is sent by encodeMany without an operation',
    change: code('const catalog', 'it.encodeMany(stockMoved, []);\nconst catalog'),
    lines: [
      'apps/inventory/src/app.ts:4:15 error C021 inventory sends retail.stock-moved.v1, but apps/inventory/asyncapi.yaml has no send operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take stockMoved out of the code.',
    ],
  },
  {
    name: 'an event that is sent by publish without an operation',
    change: code('const catalog', 'it.publish(stockMoved, []);\nconst catalog'),
    lines: [
      'apps/inventory/src/app.ts:4:12 error C021 inventory sends retail.stock-moved.v1, but apps/inventory/asyncapi.yaml has no send operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take stockMoved out of the code.',
    ],
  },
  {
    name: 'an event that is sent by publishMany without an operation',
    change: code('const catalog', 'it.publishMany(stockMoved, []);\nconst catalog'),
    lines: [
      'apps/inventory/src/app.ts:4:16 error C021 inventory sends retail.stock-moved.v1, but apps/inventory/asyncapi.yaml has no send operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take stockMoved out of the code.',
    ],
  },
  {
    name: 'a contract under another name, without an operation',
    change: code(
      'import { createConsumer',
      "import { replenishmentRequested as asked } from '@eda/contracts';\nproducer.publish(asked, {});\nimport { createConsumer",
    ),
    lines: [
      'apps/inventory/src/app.ts:3:18 error C021 inventory sends retail.replenishment-requested.v1, but apps/inventory/asyncapi.yaml has no send operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take replenishmentRequested out of the code.',
    ],
  },
  {
    name: 'a contract of the whole module, without an operation',
    change: code(
      'const catalog',
      "import * as all from '@eda/contracts';\nall.replenishmentRequested.topic;\nconst catalog",
    ),
    lines: [
      'apps/inventory/src/app.ts:5:1 error C021 inventory uses retail.replenishment-requested.v1, but apps/inventory/asyncapi.yaml has no operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take replenishmentRequested out of the code.',
    ],
  },
  {
    name: 'a topic as a text, without an operation',
    change: code('const catalog', "const topic = 'retail.replenishment-requested.v1';\nconst catalog"),
    lines: [
      'apps/inventory/src/app.ts:4:15 error C021 inventory uses retail.replenishment-requested.v1, but apps/inventory/asyncapi.yaml has no operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take retail.replenishment-requested.v1 out of the code.',
    ],
  },
  {
    name: 'a contract in the catalog only',
    change: (contracts) => {
      code('{ itemStockChanged', '{ replenishmentRequested, itemStockChanged')(contracts);
      contracts.change(APP, 'itemStockChanged] }', 'itemStockChanged, replenishmentRequested] }');
    },
    lines: [
      'apps/inventory/src/app.ts:4:106 error C021 inventory uses retail.replenishment-requested.v1, but apps/inventory/asyncapi.yaml has no operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/inventory/asyncapi.yaml, or take replenishmentRequested out of the code.',
    ],
  },
  {
    name: 'an operation that the code does not have',
    change: code('subscribe(stockMoved,', 'subscribe(somethingElse,'),
    lines: [
      'apps/inventory/asyncapi.yaml:64:3 error C021 operations.consumeStockMoved: nothing in apps/inventory/src subscribes to retail.stock-moved.v1',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Write the code that does it, or remove the operation.',
    ],
  },
  {
    name: 'a send operation that the code does not have',
    change: code('  await outbox.append(tx, storeStockChanged, data);\n', ''),
    lines: [
      'apps/inventory/asyncapi.yaml:77:3 error C021 operations.publishStoreStockChanged: nothing in apps/inventory/src sends retail.store-stock.v1',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Write the code that does it, or remove the operation.',
    ],
  },
  {
    name: 'a reader schema with less than what the code reads',
    change: (contracts) => {
      contracts.write(APP, RIGHT);
      contracts.write(
        'apps/inventory/consumes/StockMoved.avsc',
        '{"type": "record", "name": "eda.retail.v1.StockMoved", "fields": [{"name": "storeId", "type": "string"}]}',
      );
    },
    lines: [
      'apps/inventory/consumes/StockMoved.avsc:1:1 error C021 inventory reads the whole of StockMoved: apps/inventory/src/app.ts line 5 subscribes with stockMoved',
      '  why: Changes would be judged by this schema, and the service would stop at them all the same: its codec needs every field without a default.',
      '  fix: Remove this file; it is for consumers that decode with a schema of their own.',
    ],
  },
  {
    name: 'a reader schema of an app whose code is not of this kind',
    change: (contracts) =>
      contracts.write(
        'apps/inventory/consumes/StockMoved.avsc',
        '{"type": "record", "name": "eda.retail.v1.StockMoved", "fields": [{"name": "storeId", "type": "string"}]}',
      ),
    lines: [],
  },
  {
    name: 'a reader schema that Avro refuses',
    change: (contracts) =>
      contracts.write(
        'apps/inventory/consumes/StockMoved.avsc',
        '{"type": "record", "name": "eda.retail.v1.StockMoved", "fields": [{"name": "storeId"}]}',
      ),
    lines: [
      'apps/inventory/consumes/StockMoved.avsc:1:67 error C001 field "storeId" needs a type',
      '  why: Avro has no such type, so neither a registry nor any reader could use the schema.',
      '  fix: Write one of the types that Avro has.',
    ],
  },
  {
    name: 'code of an app without a document',
    change: (contracts) =>
      contracts.write(
        'apps/shop/src/app.ts',
        "import { stockMoved } from '@eda/contracts';\nsubscribe(stockMoved, sell);\n",
      ),
    lines: [
      'apps/shop/src/app.ts:2:11 error C021 shop subscribes to retail.stock-moved.v1, but apps/shop/asyncapi.yaml has no receive operation for it',
      '  why: Topics, access rights and the list of who is hit by a change are made of the documents, so they have to be true.',
      '  fix: Add the operation to apps/shop/asyncapi.yaml, or take stockMoved out of the code.',
    ],
  },
  {
    name: 'registration by a client of the registry',
    change: code('const catalog', 'await registry.register({ schema });\nconst catalog'),
    lines: [
      'apps/inventory/src/app.ts:4:7 error C031 inventory registers schemas: registry.register(',
      '  why: A schema that a running service registers was reviewed by nobody, and it may be refused in the middle of a rollout.',
      '  fix: Change schemas/ and open a pull request; what sets up the environment registers it.',
    ],
  },
  {
    name: 'registration by a client with a name of its own',
    change: code(
      'const catalog',
      'const client = new SchemaRegistry({ host });\nconst id = await client.register({ schema });\nconst catalog',
    ),
    lines: [
      'apps/inventory/src/app.ts:5:18 error C031 inventory registers schemas: client.register(',
      '  why: A schema that a running service registers was reviewed by nobody, and it may be refused in the middle of a rollout.',
      '  fix: Change schemas/ and open a pull request; what sets up the environment registers it.',
    ],
  },
  {
    name: 'registration by our own tool',
    change: code('const catalog', 'await applySubjects(client, wanted);\nconst catalog'),
    lines: [
      'apps/inventory/src/app.ts:4:7 error C031 inventory registers schemas: applySubjects(',
      '  why: A schema that a running service registers was reviewed by nobody, and it may be refused in the middle of a rollout.',
      '  fix: Change schemas/ and open a pull request; what sets up the environment registers it.',
    ],
  },
  {
    name: 'registration over HTTP',
    change: code(
      'const catalog',
      'await fetch(`${url}/subjects/${subject}/versions`, { method: "POST", body });\nconst catalog',
    ),
    lines: [
      'apps/inventory/src/app.ts:4:13 error C031 inventory registers schemas: `${url}/subjects/${subject}/versions`',
      '  why: A schema that a running service registers was reviewed by nobody, and it may be refused in the middle of a rollout.',
      '  fix: Change schemas/ and open a pull request; what sets up the environment registers it.',
    ],
  },
  {
    name: 'a contract that only a type names',
    change: code(
      'import { itemStockChanged,',
      'type Request = typeof replenishmentRequested;\ntype Topic = typeof replenishmentRequested.topic;\nimport { replenishmentRequested, itemStockChanged,',
    ),
    lines: [],
  },
  {
    name: 'a sum of ten thousand texts',
    change: code(
      'const catalog',
      `const sum = ${Array(10_000).fill("'a'").join(' + ')};\nregister();\nconst catalog`,
    ),
    lines: [
      'apps/inventory/src/app.ts:1:1 error C032 is nested too deeply to be read',
      '  why: What it does with the contracts is not known.',
      '  fix: Move what is nested, for example a generated table, into a file that is not code.',
    ],
  },
  {
    name: 'twenty thousand lists in each other',
    change: code('const catalog', `const list = ${'['.repeat(20_000)}${']'.repeat(20_000)};\nconst catalog`),
    lines: [
      'apps/inventory/src/app.ts:1:1 error C032 is nested too deeply to be read',
      '  why: What it does with the contracts is not known.',
      '  fix: Move what is nested, for example a generated table, into a file that is not code.',
    ],
  },
  {
    name: 'registration in a test',
    change: (contracts) =>
      contracts.write('apps/store/src/app.test.ts', 'await registry.register({ schema });\n'),
    lines: [],
  },
  {
    name: 'an app without code',
    change: (contracts) => contracts.change(INVENTORY, 'title: Inventory', 'title: Stock'),
    lines: [],
  },
  {
    name: 'statuses that are in the OpenAPI document',
    change: http('throw problem(404); reply.code(ok ? 202 : 404); it.status(406);'),
    lines: [],
  },
  {
    name: 'a status that is not in the OpenAPI document',
    change: http(
      'reply.code(202); throw problem(404); it.status(406); throw problem(409); throw problem(409, { detail });',
    ),
    lines: [
      'apps/inventory/src/app.ts:9:68 error C029 inventory answers 409, which no operation in apps/inventory/openapi.json has',
      '  why: Clients are written after the document: what is not in it takes them by surprise, and what nobody answers is handled in vain.',
      '  fix: Add 409 to the "response" of the route, then npm run openapi -w apps/inventory.',
    ],
  },
  {
    name: 'a status that nothing answers',
    change: http('reply.code(202);'),
    lines: [
      'apps/inventory/openapi.json:9:11 error C029 paths./stores.get.responses.404: nothing in apps/inventory/src answers 404',
      '  why: Clients are written after the document: what is not in it takes them by surprise, and what nobody answers is handled in vain.',
      '  fix: Take 404 out of the "response" of the route, then npm run openapi -w apps/inventory.',
      'apps/inventory/openapi.json:10:11 error C029 paths./stores.get.responses.406: nothing in apps/inventory/src answers 406',
      '  why: Clients are written after the document: what is not in it takes them by surprise, and what nobody answers is handled in vain.',
      '  fix: Take 406 out of the "response" of the route, then npm run openapi -w apps/inventory.',
    ],
  },
  {
    name: 'statuses that are computed',
    change: http('reply.code(status);'),
    lines: [],
  },
  {
    name: 'an OpenAPI document that is no JSON',
    change: (contracts) => {
      http('')(contracts);
      contracts.write(OPENAPI_FILE, '{"openapi": ');
    },
    lines: [
      'apps/inventory/openapi.json:1:13 error C032 is not JSON: expected a value, found the end of the file',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct it: JSON has double quotes, no comments, and no comma behind the last entry.',
    ],
  },
  {
    name: 'an OpenAPI document that is a list',
    change: (contracts) => {
      http('')(contracts);
      contracts.write(OPENAPI_FILE, '[]');
    },
    lines: [
      'apps/inventory/openapi.json:1:1 error C029 has no "paths"',
      '  why: Clients are written after the document: what is not in it takes them by surprise, and what nobody answers is handled in vain.',
      '  fix: Write it from the routes: npm run openapi -w apps/inventory.',
    ],
  },
  {
    name: 'routes that are described nowhere',
    change: (contracts) => {
      http("await createHttpApp({ name: 'inventory', openapi: { title: 'Inventory' } });")(contracts);
      contracts.remove(OPENAPI_FILE);
    },
    lines: [
      'apps/inventory/src/app.ts:9:42 error C029 the routes of inventory are described, and there is no apps/inventory/openapi.json',
      '  why: Clients are written after the document: what is not in it takes them by surprise, and what nobody answers is handled in vain.',
      '  fix: Write it from the routes, as in apps/store: npm run openapi -w apps/inventory.',
    ],
  },
  {
    name: 'routes that are for the page of the app alone',
    change: (contracts) => {
      http("await createHttpApp({ name: 'inventory' }); throw problem(409);")(contracts);
      contracts.remove(OPENAPI_FILE);
    },
    lines: [],
  },
];
