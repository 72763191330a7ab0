import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCli } from './cli.ts';
import { copyContracts } from './copy-contracts.ts';
import type { ContractsCopy } from './copy-contracts.ts';
import { GENERATED } from './generate.ts';

const MOVED = 'schemas/retail/v1/StockMoved.avsc';
const META = 'schemas/retail/v1/StockMoved.meta.yaml';
const STORE = 'apps/store/asyncapi.yaml';
const INVENTORY = 'apps/inventory/asyncapi.yaml';

type Case = readonly [name: string, breakIt: (contracts: ContractsCopy) => void, message: string];
const change =
  (file: string, from: string, to: string): Case[1] =>
  (contracts) =>
    contracts.change(file, from, to);

const SCHEMAS: readonly Case[] = [
  ['no JSON', change(MOVED, '{', ''), `${MOVED}: is not JSON: `],
  [
    'an unknown type',
    change(MOVED, '"type": "int"', '"type": {"type": "integr"}'),
    `${MOVED}: fields.quantity: unknown type "integr"`,
  ],
  ['a misspelt type', change(MOVED, '"type": "int"', '"type": {"type": "strin"}'), 'Did you mean "string"?'],
  [
    'a type that is nowhere defined',
    change(MOVED, '"type": "int"', '"type": "Quantity"'),
    `${MOVED}: fields.quantity: type "eda.retail.v1.Quantity" is not defined in schemas/`,
  ],
  [
    'a misspelt attribute',
    change(MOVED, '"default": null', '"defualt": null'),
    `${MOVED}: fields.unitPrice: unknown attribute "defualt", which Avro would ignore. Did you mean "default"?`,
  ],
  [
    'a misspelt logical type',
    change(MOVED, 'timestamp-millis', 'timestamp-milis'),
    `${MOVED}: fields.occurredAt: logicalType "timestamp-milis" is not one of decimal, timestamp-millis, date, uuid. Did you mean "timestamp-millis"?`,
  ],
  [
    'a logical type on the wrong type',
    change(MOVED, '"type": "long", "logicalType"', '"type": "string", "logicalType"'),
    `${MOVED}: fields.occurredAt: logicalType "timestamp-millis" stands on long, not on string`,
  ],
  [
    'a scale that does not fit',
    change(MOVED, '"scale": 2', '"scale": 20'),
    `${MOVED}: fields.unitPrice: scale 20 is greater than precision 12`,
  ],
  [
    'an enum without UNKNOWN',
    change(MOVED, '"UNKNOWN", ', ''),
    `${MOVED}: fields.reason: enum MovementReason needs UNKNOWN`,
  ],
  [
    'a field without doc',
    change(MOVED, '"doc": "The item that moved (stock keeping unit), for example Item_1."', '"doc": ""'),
    `${MOVED}: fields.sku: has no "doc"`,
  ],
  [
    'a default of the wrong branch',
    change(MOVED, '"default": null', '"default": "1.00"'),
    `${MOVED}: is not a valid schema: `,
  ],
  [
    'a union that is ambiguous',
    change(MOVED, '"type": "int"', '"type": ["int", "long"]'),
    `${MOVED}: is not a valid schema: ambiguous unwrapped union`,
  ],
  [
    'a name that is not that of the file',
    change(MOVED, '"name": "StockMoved"', '"name": "StockMove"'),
    `${MOVED}: name: is "StockMove", its place asks for "StockMoved"`,
  ],
  [
    'another namespace',
    change(MOVED, 'eda.retail.v1', 'eda.retail.v2'),
    `${MOVED}: namespace: is "eda.retail.v2", its place asks for "eda.retail.v1"`,
  ],
  [
    'a schema in the wrong place',
    (contracts) => contracts.write('schemas/Lost.avsc', '{}'),
    'schemas/Lost.avsc: schemas stand in schemas/<domain>/v<major>/<Name>.avsc',
  ],
  [
    'a forgotten meta file',
    (contracts) => contracts.remove(META),
    `${MOVED}: is used by no event; if it is an event itself, ${META} is missing`,
  ],
  [
    'a meta file without a schema',
    (contracts) => contracts.write('schemas/retail/v1/Lost.meta.yaml', 'topic: a'),
    'schemas/retail/v1/Lost.meta.yaml: there is no schema of this name beside it',
  ],
  ['two files that refer to each other', circle, 'circular reference between'],
];

const META_FILES: readonly Case[] = [
  ['no YAML', change(META, 'topic: ', 'topic: ['), `${META}: line `],
  ['a missing owner', change(META, 'owner: store\n', ''), `${META}: owner: is missing`],
  [
    'an owner without a document',
    change(META, 'owner: store', 'owner: stor'),
    `${META}: owner: there is no apps/stor/asyncapi.yaml. Did you mean "store"?`,
  ],
  [
    'a misspelt field',
    change(META, 'partitions:', 'partitons:'),
    `${META}: partitons: is not known. Did you mean "partitions"?`,
  ],
  [
    'partitions that are no number',
    change(META, 'partitions: 6', 'partitions: six'),
    `${META}: partitions: expected a whole number of at least 1`,
  ],
  [
    'a key that is no field',
    change(META, 'key: storeId', 'key: storeid'),
    `${META}: key: "storeid" is not a field of StockMoved. Did you mean "storeId"?`,
  ],
  [
    'a key that is no text',
    change(META, 'key: storeId', 'key: quantity'),
    `${META}: key: the field "quantity" is not a string`,
  ],
  [
    'an unknown class',
    change(META, 'class: event', 'class: evnt'),
    `${META}: class: is "evnt", expected event or state`,
  ],
  [
    'a retention without unit',
    change(META, 'retention: 7d', 'retention: 7'),
    `${META}: retention: is 7, expected for example 30m, 12h, 7d or forever`,
  ],
  [
    'a state with a retention',
    change(META, 'class: event', 'class: state'),
    `${META}: retention: a state topic is compacted`,
  ],
  [
    'an unknown compatibility',
    change(META, 'FULL_TRANSITIVE', 'FULL_TRANSITIV'),
    `${META}: compatibility: is "FULL_TRANSITIV", expected one of`,
  ],
  [
    'a topic of another version',
    change(META, 'stock-moved.v1', 'stock-moved.v2'),
    `${META}: topic: "retail.stock-moved.v2" does not fit the namespace eda.retail.v1`,
  ],
  [
    'a topic that is not a name',
    change(META, 'retail.stock-moved.v1', 'StockMoved'),
    `${META}: topic: is "StockMoved", expected <domain>.<event-name>.v<major>`,
  ],
  [
    'a topic of another event',
    change('schemas/retail/v1/ItemStockChanged.meta.yaml', 'item-stock', 'store-stock'),
    'is also the topic of',
  ],
  [
    'an example that does not fit',
    change(META, "unitPrice: '12.50'", 'unitPrice: 12.5'),
    `${META}: example: unitPrice: expected null or decimal, found 12.5`,
  ],
  [
    'an example with a field too many',
    change(META, '  sku: Item_1', '  sku: Item_1\n  colour: red'),
    `${META}: example: expected eda.retail.v1.StockMoved with the fields storeId, sku,`,
  ],
  [
    'a setting that is already decided',
    change(META, 'retention: 7d', 'retention: 7d\nconfig:\n  retention.ms: 5'),
    `${META}: config.retention.ms: is decided by class and retention`,
  ],
  [
    'no organisation',
    (contracts) => contracts.write('schemas/contracts.config.yaml', ''),
    'schemas/contracts.config.yaml: organisation: is missing',
  ],
];

const DOCUMENTS: readonly Case[] = [
  ['no YAML', change(STORE, 'asyncapi: 3.1.0', 'asyncapi: [3.1.0'), `${STORE}: line `],
  [
    'another version of AsyncAPI',
    change(STORE, 'asyncapi: 3.1.0', 'asyncapi: 3.0.0'),
    `${STORE}: asyncapi: is "3.0.0", expected 3.1.0`,
  ],
  [
    'an unknown role',
    change(STORE, 'x-role: producer', 'x-role: sender'),
    `${STORE}: info.x-role: is "sender", expected one of`,
  ],
  [
    'a call to an unknown app',
    change('apps/store-simulator/asyncapi.yaml', '[store]', '[stores]'),
    'info.x-calls: there is no app "stores". Did you mean "store"?',
  ],
  [
    'other partitions',
    change(STORE, 'partitions: 6', 'partitions: 3'),
    `${STORE}: channels.stockMoved.bindings.kafka.partitions: is 3, ${META} says 6`,
  ],
  [
    'a topic that does not exist',
    change(STORE, 'retail.stock-moved.v1', 'retail.stock-mved.v1'),
    'channels.stockMoved.address: retail.stock-mved.v1 is neither the topic of an event nor',
  ],
  [
    'no sender for a topic',
    change(STORE, 'retail.stock-moved.v1', 'retail.stock-mved.v1'),
    `${STORE}: operations: no send operation for retail.stock-moved.v1, which store owns`,
  ],
  [
    'a payload that is not parsed',
    change(STORE, 'version=1.9.0', 'version=1.12.0'),
    `${STORE}: components.messages.stockMoved.payload.schemaFormat: expected application/vnd.apache.avro;version=1.9.0`,
  ],
  [
    'a payload that does not exist',
    change(STORE, 'v1/StockMoved.avsc', 'v1/StockMove.avsc'),
    `payload.schema.$ref: there is no file schemas/retail/v1/StockMove.avsc`,
  ],
  [
    'the payload of another event',
    change(STORE, 'v1/StockMoved.avsc', 'v1/ItemStockChanged.avsc'),
    `expected one message with the payload ${MOVED}, found schemas/retail/v1/ItemStockChanged.avsc`,
  ],
  [
    'a channel without operation',
    change(
      INVENTORY,
      '  publishItemStockChanged:\n    action: send',
      '  publishItemStockChanged:\n    action: sent',
    ),
    `${INVENTORY}: channels.itemStockChanged: has no operation`,
  ],
  [
    'an unknown action',
    change(
      INVENTORY,
      '  publishItemStockChanged:\n    action: send',
      '  publishItemStockChanged:\n    action: sent',
    ),
    `${INVENTORY}: operations.publishItemStockChanged.action: is "sent", expected send or receive`,
  ],
  [
    'an operation on an unknown channel',
    change(
      STORE,
      "channel:\n      $ref: '#/channels/stockMoved'",
      "channel:\n      $ref: '#/channels/stockMove'",
    ),
    'operations.publishStockMoved.channel: "#/channels/stockMove" is not a channel of this document. Did you mean "#/channels/stockMoved"?',
  ],
  [
    'a reference to an unknown document',
    change(INVENTORY, '../store/asyncapi.yaml', '../shop/asyncapi.yaml'),
    `${INVENTORY}: channels.stockMoved.$ref: there is no AsyncAPI document apps/shop/asyncapi.yaml`,
  ],
  [
    'a reference to an unknown channel',
    change(INVENTORY, '#/channels/stockMoved\n', '#/channels/stockMovd\n'),
    `${INVENTORY}: channels.stockMoved.$ref: apps/store/asyncapi.yaml has no channels.stockMovd`,
  ],
  [
    'another group',
    change(INVENTORY, 'const: inventory', 'const: stock'),
    `${INVENTORY}: operations.consumeStockMoved.bindings.kafka.groupId: expected const: inventory`,
  ],
  [
    'dead letters with nowhere to go',
    change(INVENTORY, 'x-purpose: dead-letter', 'x-purpose: redrive'),
    `${INVENTORY}: operations.consumeStockMoved: what cannot be handled has nowhere to go: add a channel retail.stock-moved.v1.inventory.dlq`,
  ],
  [
    'dead letters of another group',
    change(INVENTORY, 'v1.inventory.dlq', 'v1.inventry.dlq'),
    'Did you mean "retail.stock-moved.v1.inventory.dlq"?',
  ],
  [
    'an unknown purpose',
    change(INVENTORY, 'x-purpose: dead-letter', 'x-purpose: dead'),
    'operations.setAsideStockMoved.x-purpose: is "dead", expected one of publish, retry, dead-letter, redrive',
  ],
  [
    'a second sender',
    change('apps/console/asyncapi.yaml', 'x-purpose: redrive', 'x-purpose: publish'),
    'console sends retail.stock-moved.v1, which store owns; a topic has one publisher',
  ],
  [
    'a channel defined where it is not owned',
    change(INVENTORY, 'address: retail.store-stock.v1', 'address: retail.stock-moved.v1'),
    'retail.stock-moved.v1 is owned by store; refer to the channel in its document with $ref',
  ],
  [
    'no summary',
    change(STORE, 'summary: Publishes every', 'x-summary: Publishes every'),
    'operations.publishStockMoved.summary: is missing',
  ],
];

/** Two schema files, each with a field of the other's type. */
function circle(contracts: ContractsCopy): void {
  for (const [name, other] of [
    ['Left', 'Right'],
    ['Right', 'Left'],
  ]) {
    const field = {
      name: 'other',
      type: ['null', `eda.retail.v1.${other ?? ''}`],
      default: null,
      doc: 'The other.',
    };
    const record = { type: 'record', name, namespace: 'eda.retail.v1', doc: 'One of two.', fields: [field] };
    contracts.write(`schemas/retail/v1/${name ?? ''}.avsc`, JSON.stringify(record));
  }
}

function run(breakIt: Case[1]): { code: number; err: string; written: string[] } {
  const contracts = copyContracts();
  onTestFinished(contracts.delete);
  breakIt(contracts);
  contracts.write(`${GENERATED}/index.ts`, '// what was there before\n');
  let err = '';
  const code = runCli(['generate'], contracts.root, { out: () => undefined, err: (text) => (err += text) });
  return { code, err, written: readdirSync(join(contracts.root, GENERATED)) };
}

it.each([
  ...SCHEMAS.map(([name, ...rest]) => [`schema: ${name}`, ...rest] as const),
  ...META_FILES.map(([name, ...rest]) => [`meta file: ${name}`, ...rest] as const),
  ...DOCUMENTS.map(([name, ...rest]) => [`document: ${name}`, ...rest] as const),
])('%s is told with its file and field, and nothing is written', (_, breakIt, message) => {
  const { code, err, written } = run(breakIt);
  expect(err).toContain(message);
  expect(code).toBe(1);
  expect(written).toEqual(['index.ts']);
});

it('all problems are told at once, each on a line of its own', () => {
  const { err } = run((contracts) => {
    contracts.change(MOVED, 'timestamp-millis', 'timestamp-milis');
    contracts.change(META, 'owner: store\n', '');
    contracts.change(STORE, 'asyncapi: 3.1.0', 'asyncapi: 3.0.0');
  });
  expect(err.trim().split('\n')).toHaveLength(4);
  expect(err).toMatch(/3 problems, nothing was written\n$/);
});

it('an untouched copy has no problem', () => {
  expect(run(() => undefined)).toMatchObject({ code: 0, err: '' });
});
