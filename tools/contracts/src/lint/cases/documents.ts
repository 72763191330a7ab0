import { CONSOLE, INVENTORY, META, replace, SIMULATOR, STORE } from './lint-case.ts';
import type { LintCase } from './lint-case.ts';

const PUBLISH_ITEMS = '  publishItemStockChanged:\n    action: ';

export const DOCUMENT_CASES: readonly LintCase[] = [
  {
    name: 'a newer Avro',
    change: replace(STORE, 'version=1.9.0', 'version=1.12.0'),
    lines: [
      'apps/store/asyncapi.yaml:54:23 error C020 components.messages.stockMoved.payload.schemaFormat: is "application/vnd.apache.avro;version=1.12.0", expected application/vnd.apache.avro;version=1.9.0',
      '  why: AsyncAPI tools know Avro as version 1.9.0 only and pass over any other payload without a word.',
      '  fix: Write schemaFormat: application/vnd.apache.avro;version=1.9.0.',
    ],
  },
  {
    name: 'another version of AsyncAPI',
    change: replace(STORE, 'asyncapi: 3.1.0', 'asyncapi: 3.0.0'),
    lines: [
      'apps/store/asyncapi.yaml:1:11 error C026 asyncapi: is "3.0.0", expected 3.1.0',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Write "asyncapi: 3.1.0".',
    ],
  },
  {
    name: 'a document that is a list',
    change: (contracts) => contracts.write(STORE, '- asyncapi\n'),
    lines: [
      'apps/store/asyncapi.yaml:1:1 error C026 expected a mapping',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Correct the document.',
    ],
  },
  {
    name: 'an unknown role',
    change: replace(STORE, 'x-role: producer', 'x-role: producr'),
    lines: [
      'apps/store/asyncapi.yaml:15:11 error C026 info.x-role: is "producr", expected one of driver, producer, processor, consumer, observer',
      '  why: The console draws the app by its role.',
      '  fix: Did you mean "producer"?',
    ],
  },
  {
    name: 'a call to an unknown app',
    change: replace('apps/store-simulator/asyncapi.yaml', '[store]', '[stores]'),
    lines: [
      'apps/store-simulator/asyncapi.yaml:16:3 error C026 info.x-calls: there is no app "stores"',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "store"?',
    ],
  },
  {
    name: 'calls that are no list',
    change: replace(SIMULATOR, 'x-calls: [store]', 'x-calls: store'),
    lines: [
      'apps/store-simulator/asyncapi.yaml:16:12 error C026 info.x-calls: is "store", expected a list of apps',
      '  why: The console draws a line to each app in it.',
      '  fix: Write for example "x-calls: [store]".',
    ],
  },
  {
    name: 'calls that are no texts',
    change: replace(SIMULATOR, 'x-calls: [store]', 'x-calls: [1, {a: 1}]'),
    lines: [
      'apps/store-simulator/asyncapi.yaml:16:3 error C026 info.x-calls: is [1,{"a":1}], expected a list of apps',
      '  why: The console draws a line to each app in it.',
      '  fix: Write for example "x-calls: [store]".',
    ],
  },
  {
    name: 'a message that refers to itself',
    change: replace(
      STORE,
      "'#/components/messages/stockMoved'",
      "'#/channels/stockMoved/messages/stockMoved'",
    ),
    lines: [
      'apps/store/asyncapi.yaml:30:15 error C026 channels.stockMoved.messages.stockMoved.$ref: leads back to itself',
      '  why: There is nothing at the end of the circle.',
      '  fix: Write the object itself in one of the places.',
    ],
  },
  {
    name: 'channels that refer to each other',
    change: replace(
      STORE,
      'channels:\n',
      "channels:\n  left:\n    $ref: '#/channels/right'\n  right:\n    $ref: '#/channels/left'\n",
    ),
    lines: [
      'apps/store/asyncapi.yaml:25:11 error C026 channels.left.$ref: leads back to itself',
      '  why: There is nothing at the end of the circle.',
      '  fix: Write the object itself in one of the places.',
      'apps/store/asyncapi.yaml:27:11 error C026 channels.right.$ref: leads back to itself',
      '  why: There is nothing at the end of the circle.',
      '  fix: Write the object itself in one of the places.',
    ],
  },
  {
    name: 'a payload that does not exist',
    change: replace(STORE, 'v1/StockMoved.avsc', 'v1/StockMove.avsc'),
    lines: [
      'apps/store/asyncapi.yaml:56:17 error C026 components.messages.stockMoved.payload.schema.$ref: there is no schema schemas/retail/v1/StockMove.avsc',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "../../schemas/retail/v1/StockMoved.avsc"?',
    ],
  },
  {
    name: 'a payload in place',
    change: replace(STORE, '$ref: ../../schemas/retail/v1/StockMoved.avsc', 'type: string'),
    lines: [
      'apps/store/asyncapi.yaml:55:9 error C026 components.messages.stockMoved.payload.schema: expected a $ref to an .avsc file',
      '  why: A schema has one place, schemas/.',
      '  fix: Write for example "$ref: ../../schemas/retail/v1/StockMoved.avsc".',
    ],
  },
  {
    name: 'the payload of another event',
    change: replace(STORE, 'v1/StockMoved.avsc', 'v1/ItemStockChanged.avsc'),
    lines: [
      'apps/store/asyncapi.yaml:28:5 error C028 channels.stockMoved.messages: expected one message with the payload schemas/retail/v1/StockMoved.avsc, found schemas/retail/v1/ItemStockChanged.avsc',
      '  why: A fact that stands in two places must be the same in both: tools read either.',
      '  fix: Change the one that is wrong.',
    ],
  },
  {
    name: 'an unknown action',
    change: replace(INVENTORY, `${PUBLISH_ITEMS}send`, `${PUBLISH_ITEMS}sent`),
    lines: [
      'apps/inventory/asyncapi.yaml:85:13 error C026 operations.publishItemStockChanged.action: is "sent", expected send or receive',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "send"?',
    ],
  },
  {
    name: 'an operation on an unknown channel',
    change: replace(STORE, "$ref: '#/channels/stockMoved'\n", "$ref: '#/channels/stockMove'\n"),
    lines: [
      'apps/store/asyncapi.yaml:41:13 error C026 operations.publishStockMoved.channel.$ref: "#/channels/stockMove" is not a channel of this document',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "#/channels/stockMoved"?',
    ],
  },
  {
    name: 'a channel without operation',
    change: replace(
      CONSOLE,
      "$ref: '#/channels/replenishmentRequested'\n",
      "$ref: '#/channels/stockMoved'\n",
    ),
    lines: [
      'apps/console/asyncapi.yaml:30:3 error C026 channels.replenishmentRequested: has no operation',
      '  why: Nothing is sent to it or received from it.',
      '  fix: Add the operation, or remove the channel.',
    ],
  },
  {
    name: 'an unknown purpose',
    change: replace(INVENTORY, 'x-purpose: dead-letter', 'x-purpose: dead-leter'),
    lines: [
      'apps/inventory/asyncapi.yaml:98:16 error C026 operations.setAsideStockMoved.x-purpose: is "dead-leter", expected one of publish, retry, dead-letter, redrive for action send',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "dead-letter"?',
    ],
  },
  {
    name: 'a reference to an unknown document',
    change: replace(INVENTORY, '../store/asyncapi.yaml', '../stor/asyncapi.yaml'),
    lines: [
      'apps/inventory/asyncapi.yaml:25:11 error C026 channels.stockMoved.$ref: there is no AsyncAPI document apps/stor/asyncapi.yaml',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "../store/asyncapi.yaml"?',
    ],
  },
  {
    name: 'a reference to an unknown channel',
    change: replace(INVENTORY, '#/channels/stockMoved\n', '#/channels/stockMovd\n'),
    lines: [
      'apps/inventory/asyncapi.yaml:25:11 error C026 channels.stockMoved.$ref: apps/store/asyncapi.yaml has no channels.stockMovd',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "stockMoved"?',
    ],
  },
  {
    name: 'an operation on a topic of failures without its purpose',
    change: replace(INVENTORY, 'x-purpose: dead-letter', 'x-other: a'),
    lines: [
      'apps/inventory/asyncapi.yaml:64:3 error C027 operations.consumeStockMoved: records of retail.stock-moved.v1 that cannot be handled have nowhere to go',
      '  why: One record that can never be handled would stop all behind it.',
      '  fix: Add a channel retail.stock-moved.v1.inventory.dlq, and a send operation to it with "x-purpose: dead-letter".',
      'apps/inventory/asyncapi.yaml:94:5 error C026 operations.setAsideStockMoved.channel: retail.stock-moved.v1.inventory.dlq is not the topic of an event',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Say with x-purpose what the operation is for.',
    ],
  },
  {
    name: 'no summary',
    change: replace(STORE, 'summary: Publishes every', 'x-summary: Publishes every'),
    lines: [
      'apps/store/asyncapi.yaml:37:3 error C007 operations.publishStockMoved.summary: is missing',
      '  why: The console and the documentation show it to people who do not know the app.',
      '  fix: Add "summary: …" in a few words.',
    ],
  },
  {
    name: 'no title',
    change: replace(STORE, 'title: Store\n', "title: ''\n"),
    lines: [
      'apps/store/asyncapi.yaml:4:10 error C007 info.title: is missing',
      '  why: The console and the documentation show it to people who do not know the app.',
      '  fix: Add "title: …" in a few words.',
    ],
  },
  {
    name: 'a misspelt topic',
    change: replace(STORE, 'retail.stock-moved.v1', 'retail.stock-mved.v1'),
    lines: [
      'apps/store/asyncapi.yaml:25:14 error C022 channels.stockMoved.address: retail.stock-mved.v1 is neither the topic of an event nor <consumed topic>.store.dlq or .retry.<n>',
      '  why: Nobody could know what is in it, and nobody would look there.',
      '  fix: Did you mean "retail.stock-moved.v1"?',
    ],
  },
  {
    name: 'a consumer of a topic that nobody sends',
    change: replace(
      INVENTORY,
      '$ref: ../store/asyncapi.yaml#/channels/stockMoved',
      'address: retail.stock-mved.v1\n    bindings: { kafka: { partitions: 1 } }',
    ),
    lines: [
      'apps/inventory/asyncapi.yaml:25:14 error C022 channels.stockMoved.address: no app sends retail.stock-mved.v1',
      '  why: A consumer of it would wait for ever, without an error.',
      '  fix: Did you mean "retail.stock-moved.v1"?',
    ],
  },
  {
    name: 'an observer of dead letters that nobody sends',
    change: replace(INVENTORY, 'x-purpose: dead-letter', 'x-purpose: redrive'),
    lines: [
      'apps/console/asyncapi.yaml:73:5 error C022 operations.observeStockMovedDeadLetter.channel: no app sends retail.stock-moved.v1.inventory.dlq',
      '  why: A consumer of it would wait for ever, without an error.',
      '  fix: Correct the name, or add the app that sends it.',
      'apps/inventory/asyncapi.yaml:64:3 error C027 operations.consumeStockMoved: records of retail.stock-moved.v1 that cannot be handled have nowhere to go',
      '  why: One record that can never be handled would stop all behind it.',
      '  fix: Add a channel retail.stock-moved.v1.inventory.dlq, and a send operation to it with "x-purpose: dead-letter".',
    ],
  },
  {
    name: 'dead letters of another group',
    change: replace(INVENTORY, 'v1.inventory.dlq', 'v1.inventry.dlq'),
    lines: [
      'apps/inventory/asyncapi.yaml:49:14 error C022 channels.stockMovedDeadLetter.address: retail.stock-moved.v1.inventry.dlq is neither the topic of an event nor <consumed topic>.inventory.dlq or .retry.<n>',
      '  why: Nobody could know what is in it, and nobody would look there.',
      '  fix: Did you mean "retail.stock-moved.v1.inventory.dlq"?',
    ],
  },
  {
    name: 'an owner that does not send',
    change: replace(STORE, 'action: send\n', 'action: receive\n'),
    lines: [
      'apps/store/asyncapi.yaml:36:1 error C022 operations: no app sends retail.stock-moved.v1: store owns it and has no send operation for it',
      '  why: A consumer of it would wait for ever, without an error.',
      '  fix: Add the operation, or name another owner in schemas/retail/v1/StockMoved.meta.yaml.',
      'apps/store/asyncapi.yaml:37:3 error C027 operations.publishStockMoved.bindings.kafka.groupId.const: is null, expected "store"',
      '  why: Lag, dead letters and access rights are found by the name of the app.',
      '  fix: Write "const: store".',
      'apps/store/asyncapi.yaml:37:3 error C027 operations.publishStockMoved: records of retail.stock-moved.v1 that cannot be handled have nowhere to go',
      '  why: One record that can never be handled would stop all behind it.',
      '  fix: Add a channel retail.stock-moved.v1.store.dlq, and a send operation to it with "x-purpose: dead-letter".',
    ],
  },
  {
    name: 'an owner that is another app',
    change: replace(META, 'owner: store', 'owner: console'),
    lines: [
      'apps/console/asyncapi.yaml:37:1 error C022 operations: no app sends retail.stock-moved.v1: console owns it and has no send operation for it',
      '  why: A consumer of it would wait for ever, without an error.',
      '  fix: Add the operation, or name another owner in schemas/retail/v1/StockMoved.meta.yaml.',
      'apps/store/asyncapi.yaml:25:14 error C025 channels.stockMoved.address: retail.stock-moved.v1 is owned by console',
      '  why: A channel that is defined twice is one that contradicts itself some day.',
      '  fix: Write "$ref: ../console/asyncapi.yaml#/channels/…" in place of the definition.',
    ],
  },
  {
    name: 'other partitions',
    change: replace(STORE, 'partitions: 6', 'partitions: 3'),
    lines: [
      'apps/store/asyncapi.yaml:33:21 error C028 channels.stockMoved.bindings.kafka.partitions: is 3, schemas/retail/v1/StockMoved.meta.yaml says 6',
      '  why: A fact that stands in two places must be the same in both: tools read either.',
      '  fix: Change the one that is wrong.',
    ],
  },
  {
    name: 'no partitions in the document',
    change: replace(STORE, 'partitions: 6', 'x-partitions: 6'),
    lines: [
      'apps/store/asyncapi.yaml:32:7 error C024 channels.stockMoved.bindings.kafka.partitions: is missing, or no whole number',
      '  why: The topic could not be created.',
      '  fix: Write for example "partitions: 3".',
    ],
  },
  {
    name: 'a second sender',
    change: replace(CONSOLE, 'x-purpose: redrive', 'x-purpose: publish'),
    lines: [
      'apps/console/asyncapi.yaml:86:3 error C025 operations.redriveStockMoved: retail.stock-moved.v1 is sent by store, which owns it, and by console',
      '  why: Two senders order their events independently of each other, and nobody answers for the topic.',
      '  fix: Name one owner; the others send an event of their own.',
    ],
  },
  {
    name: 'a channel defined where it is not owned',
    change: replace(INVENTORY, 'address: retail.store-stock.v1', 'address: retail.stock-moved.v1'),
    lines: [
      'apps/inventory/asyncapi.yaml:27:14 error C025 channels.storeStockChanged.address: retail.stock-moved.v1 is owned by store',
      '  why: A channel that is defined twice is one that contradicts itself some day.',
      '  fix: Write "$ref: ../store/asyncapi.yaml#/channels/…" in place of the definition.',
      'apps/inventory/asyncapi.yaml:63:1 error C022 operations: no app sends retail.store-stock.v1: inventory owns it and has no send operation for it',
      '  why: A consumer of it would wait for ever, without an error.',
      '  fix: Add the operation, or name another owner in schemas/retail/v1/StoreStockChanged.meta.yaml.',
    ],
  },
  {
    name: 'another group',
    change: replace(INVENTORY, 'const: inventory', 'const: stock'),
    lines: [
      'apps/inventory/asyncapi.yaml:75:18 error C027 operations.consumeStockMoved.bindings.kafka.groupId.const: is "stock", expected "inventory"',
      '  why: Lag, dead letters and access rights are found by the name of the app.',
      '  fix: Write "const: inventory".',
    ],
  },
  {
    name: 'dead letters on the topic of an event',
    change: replace(CONSOLE, 'x-purpose: redrive', 'x-purpose: dead-letter'),
    lines: [
      'apps/console/asyncapi.yaml:89:5 error C027 operations.redriveStockMoved.channel: retail.stock-moved.v1 is the topic of an event, not of dead letters',
      '  why: A record is set aside or waits in topics that are named after topic and group; with other names it is lost from sight.',
      '  fix: Name the group after the app, and the topics <topic>.<group>.dlq and <topic>.<group>.retry.<n>.',
    ],
  },
  {
    name: 'a retry on something else',
    change: replace(CONSOLE, 'x-purpose: redrive', 'x-purpose: retry'),
    lines: [
      'apps/console/asyncapi.yaml:89:5 error C027 operations.redriveStockMoved.channel: retail.stock-moved.v1 is not a retry topic, <consumed topic>.console.retry.<n>',
      '  why: A record is set aside or waits in topics that are named after topic and group; with other names it is lost from sight.',
      '  fix: Name the group after the app, and the topics <topic>.<group>.dlq and <topic>.<group>.retry.<n>.',
    ],
  },
];
