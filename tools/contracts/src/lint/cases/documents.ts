import { COMMON, CONSOLE, INVENTORY, META, replace, SIMULATOR, STORE } from './lint-case.ts';
import type { LintCase } from './lint-case.ts';

const PUBLISH_ITEMS = '  publishItemStockChanged:\n    action: ';

const RIGHT_EXAMPLE =
  'storeId: Store_1, sku: Item_1, quantity: 1, reason: SALE, unitPrice: "1.50", occurredAt: "2026-03-01T08:00:00.000Z"';

/** Adds an example to the message of the store. */
function example(payload: string, headers: string): LintCase['change'] {
  return replace(
    STORE,
    '      title: Stock moved',
    `      title: Stock moved\n      examples:\n        - payload: { ${payload} }\n          headers: { ${headers} }`,
  );
}

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
      'address: retail.stock-mved.v1\n    messages: { stockMoved: {} }\n    bindings: { kafka: { partitions: 1 } }',
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
  {
    name: 'a server that nobody defines',
    change: replace(STORE, '#/servers/local', '#/servers/lokal'),
    lines: [
      'apps/store/asyncapi.yaml:21:11 error C026 servers.local.$ref: schemas/asyncapi/common.yaml has no servers.lokal',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "local"?',
    ],
  },
  {
    name: 'a trait in a file that is not there',
    change: replace(STORE, 'asyncapi/common.yaml#/messageTraits', 'asyncapi/comon.yaml#/messageTraits'),
    lines: [
      'apps/store/asyncapi.yaml:52:17 error C026 components.messages.stockMoved.traits.0.$ref: there is no AsyncAPI document schemas/asyncapi/comon.yaml',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "../../schemas/asyncapi/common.yaml#/messageTraits/cloudEvent"?',
    ],
  },
  {
    name: 'a message of an operation that its channel does not have',
    change: replace(
      STORE,
      '#/channels/stockMoved/messages/stockMoved',
      '#/channels/stockMoved/messages/stockMovd',
    ),
    lines: [
      'apps/store/asyncapi.yaml:43:15 error C026 operations.publishStockMoved.messages.0.$ref: apps/store/asyncapi.yaml has no channels.stockMoved.messages.stockMovd',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "stockMoved"?',
    ],
  },
  {
    name: 'a schema that is not there, in a message that nobody refers to',
    change: replace(
      STORE,
      '  messages:\n    stockMoved:\n      name',
      '  messages:\n    old: { payload: { $ref: ../../schemas/retail/v1/StockMove.avsc } }\n    stockMoved:\n      name',
    ),
    lines: [
      'apps/store/asyncapi.yaml:47:29 error C026 components.messages.old.payload.$ref: there is no schema schemas/retail/v1/StockMove.avsc',
      '  why: The topology, the access rights and the drawing in the console are made of this document.',
      '  fix: Did you mean "../../schemas/retail/v1/StockMoved.avsc"?',
    ],
  },
  {
    name: 'headers that lead round in a circle',
    change: replace(
      COMMON,
      "$ref: '#/schemas/cloudEventHeaders'",
      "$ref: '#/messageTraits/cloudEvent/headers/properties'",
    ),
    lines: [
      'schemas/asyncapi/common.yaml:26:13 error C026 messageTraits.cloudEvent.headers.$ref: leads back to itself',
      '  why: There is nothing at the end of the circle.',
      '  fix: Write the object itself in one of the places.',
    ],
  },
  {
    name: 'common parts that are no YAML',
    change: replace(COMMON, 'servers:', 'servers: ['),
    lines: [
      'schemas/asyncapi/common.yaml:5:5 error C032 is not YAML: Block collections are not allowed within flow collections',
      '  why: Tools that read such a file see different things in it, or fail without saying where.',
      '  fix: Correct the YAML.',
    ],
  },
  {
    name: 'an app without a server',
    change: replace(STORE, 'servers:', 'x-servers:'),
    lines: [
      'apps/store/asyncapi.yaml:1:1 error C026 servers: is missing',
      '  why: Nobody could know which Kafka the app uses, and which registry has the schemas.',
      '  fix: Write "servers: { local: { $ref: ../../schemas/asyncapi/common.yaml#/servers/local } }".',
    ],
  },
  {
    name: 'a server of another protocol',
    change: replace(COMMON, 'protocol: kafka', 'protocol: amqp'),
    lines: [
      'schemas/asyncapi/common.yaml:6:15 error C026 servers.local.protocol: is "amqp", expected kafka or kafka-secure',
      '  why: Channels are topics of Kafka, and tools read their bindings by the protocol of the server.',
      '  fix: Write "protocol: kafka".',
    ],
  },
  {
    name: 'an app under the name of another',
    change: (contracts) => {
      replace(STORE, 'urn:eda:store', 'urn:eda:inventory')(contracts);
      replace(STORE, 'owner:store', 'owner:inventory')(contracts);
    },
    lines: [
      'apps/store/asyncapi.yaml:2:5 error C033 id: is urn:eda:inventory, expected urn:eda:store',
      '  why: Tools know the app by this name.',
      '  fix: Write "id: urn:eda:store".',
      'apps/store/asyncapi.yaml:13:13 error C033 info.tags.1.name: is owner:inventory, expected owner:store',
      '  why: The app owns what its document defines, and people would ask another.',
      '  fix: Write "name: owner:store".',
    ],
  },
  {
    name: 'a message of another channel',
    change: replace(
      INVENTORY,
      '/storeStockChanged/messages/storeStockChanged',
      '/itemStockChanged/messages/itemStockChanged',
    ),
    lines: [
      'apps/inventory/asyncapi.yaml:83:9 error C026 operations.publishStoreStockChanged.messages.0: #/channels/itemStockChanged/messages/itemStockChanged is not a message of #/channels/storeStockChanged',
      '  why: An operation sends or receives messages of its channel, and tools pass over all others.',
      '  fix: Write "$ref: \'#/channels/storeStockChanged/messages/…\'".',
    ],
  },
  {
    name: 'a message without the headers of an event',
    change: replace(STORE, 'traits:', 'x-traits:'),
    lines: [
      'apps/store/asyncapi.yaml:47:5 error C028 components.messages.stockMoved.headers: does not describe the headers ce_specversion, ce_id, ce_source, ce_type, ce_time, content-type',
      '  why: The codec writes these headers with every event, and consumers tell events apart by them.',
      '  fix: Add the trait "$ref: ../../schemas/asyncapi/common.yaml#/messageTraits/cloudEvent".',
    ],
  },
  {
    name: 'headers without the id of the event',
    change: replace(COMMON, '      ce_id:', '      ce_ident:'),
    lines: [
      'apps/inventory/asyncapi.yaml:102:5 error C028 components.messages.storeStockChanged.headers: does not describe the header ce_id',
      '  why: The codec writes these headers with every event, and consumers tell events apart by them.',
      '  fix: Add the trait "$ref: ../../schemas/asyncapi/common.yaml#/messageTraits/cloudEvent".',
      'apps/inventory/asyncapi.yaml:121:5 error C028 components.messages.itemStockChanged.headers: does not describe the header ce_id',
      '  why: The codec writes these headers with every event, and consumers tell events apart by them.',
      '  fix: Add the trait "$ref: ../../schemas/asyncapi/common.yaml#/messageTraits/cloudEvent".',
      'apps/replenishment/asyncapi.yaml:84:5 error C028 components.messages.replenishmentRequested.headers: does not describe the header ce_id',
      '  why: The codec writes these headers with every event, and consumers tell events apart by them.',
      '  fix: Add the trait "$ref: ../../schemas/asyncapi/common.yaml#/messageTraits/cloudEvent".',
      'apps/store/asyncapi.yaml:47:5 error C028 components.messages.stockMoved.headers: does not describe the header ce_id',
      '  why: The codec writes these headers with every event, and consumers tell events apart by them.',
      '  fix: Add the trait "$ref: ../../schemas/asyncapi/common.yaml#/messageTraits/cloudEvent".',
    ],
  },
  {
    name: 'a dead letter without a reason',
    change: replace(COMMON, '      __dlq.errors.exception.message:', '      __dlq.errors.message:'),
    lines: [
      'apps/inventory/asyncapi.yaml:145:7 error C028 components.messages.stockMovedDeadLetter.headers: does not describe the header __dlq.errors.exception.message',
      '  why: Whoever looks at a dead letter has to find where it came from and what is wrong with it.',
      '  fix: Write "headers: { $ref: ../../schemas/asyncapi/common.yaml#/schemas/deadLetterHeaders }".',
      'apps/replenishment/asyncapi.yaml:108:7 error C028 components.messages.itemStockChangedDeadLetter.headers: does not describe the header __dlq.errors.exception.message',
      '  why: Whoever looks at a dead letter has to find where it came from and what is wrong with it.',
      '  fix: Write "headers: { $ref: ../../schemas/asyncapi/common.yaml#/schemas/deadLetterHeaders }".',
    ],
  },
  {
    name: 'a message under another name',
    change: replace(STORE, 'name: StockMoved', 'name: StockSold'),
    lines: [
      'apps/store/asyncapi.yaml:48:13 error C028 components.messages.stockMoved.name: is StockSold, the record is StockMoved',
      '  why: A fact that stands in two places must be the same in both: tools read either.',
      '  fix: Write "name: StockMoved".',
    ],
  },
  {
    name: 'a message that is said to be JSON',
    change: replace(
      STORE,
      '      title: Stock moved',
      '      title: Stock moved\n      contentType: application/json',
    ),
    lines: [
      'apps/store/asyncapi.yaml:50:20 error C028 components.messages.stockMoved.contentType: is "application/json", expected application/avro',
      '  why: The codec writes Avro, and says so in the header content-type.',
      '  fix: Leave it to the trait "$ref: ../../schemas/asyncapi/common.yaml#/messageTraits/cloudEvent".',
    ],
  },
  {
    name: 'a key that is a number',
    change: replace(STORE, 'type: string', 'type: integer'),
    lines: [
      'apps/store/asyncapi.yaml:60:19 error C028 components.messages.stockMoved.bindings.kafka.key.type: is "integer", expected string',
      '  why: The key of a record is a field of type string, as UTF-8.',
      '  fix: Write "type: string".',
    ],
  },
  {
    name: 'the id of the schema elsewhere, and another name of the subject',
    change: (contracts) => {
      replace(STORE, 'schemaIdLocation: payload', 'schemaIdLocation: header')(contracts);
      replace(STORE, "          schemaIdPayloadEncoding: '4'\n", '')(contracts);
      replace(STORE, 'TopicNameStrategy', 'RecordNameStrategy')(contracts);
    },
    lines: [
      'apps/store/asyncapi.yaml:58:9 error C028 components.messages.stockMoved.bindings.kafka.schemaIdPayloadEncoding: is null, expected "4"',
      '  why: The codec writes the id of the schema as four bytes in front of the value; its subject is the topic with -value.',
      '  fix: Write "schemaIdPayloadEncoding: \'4\'".',
      'apps/store/asyncapi.yaml:62:29 error C028 components.messages.stockMoved.bindings.kafka.schemaIdLocation: is "header", expected "payload"',
      '  why: The codec writes the id of the schema as four bytes in front of the value; its subject is the topic with -value.',
      '  fix: Write "schemaIdLocation: payload".',
      'apps/store/asyncapi.yaml:63:33 error C028 components.messages.stockMoved.bindings.kafka.schemaLookupStrategy: is "RecordNameStrategy", expected "TopicNameStrategy"',
      '  why: The codec writes the id of the schema as four bytes in front of the value; its subject is the topic with -value.',
      '  fix: Write "schemaLookupStrategy: TopicNameStrategy".',
    ],
  },
  {
    name: 'an example that can be encoded',
    change: example(RIGHT_EXAMPLE, 'ce_id: a'),
    lines: [],
  },
  {
    name: 'an example with a wrong value, a field and a header that are not there',
    change: example(`${RIGHT_EXAMPLE.replace('quantity: 1', 'quantity: one')}, colour: red`, 'ce_idd: a'),
    lines: [
      'apps/store/asyncapi.yaml:51:63 error C023 components.messages.stockMoved.examples.0.payload.quantity: the example of StockMoved cannot be encoded: expected int, found "one"',
      '  why: People and tools copy the example, and what they make of it would be refused.',
      '  fix: Correct the example: timestamps as ISO 8601, decimals and bytes as texts.',
      'apps/store/asyncapi.yaml:51:149 error C023 components.messages.stockMoved.examples.0.payload.colour: the example of StockMoved has the field "colour", which the schema does not have',
      '  why: People and tools copy the example, and what they make of it would be refused.',
      '  fix: Remove it; the schema has storeId, sku, quantity, reason, unitPrice, occurredAt.',
      'apps/store/asyncapi.yaml:52:30 error C023 components.messages.stockMoved.examples.0.headers.ce_idd: the message has no header ce_idd',
      '  why: People and tools copy the example, and what they make of it would be refused.',
      '  fix: Describe it in the headers of the message, or remove it from the example.',
    ],
  },
  {
    name: 'two HTTP operations with one name',
    change: (contracts) => {
      const list = { operationId: 'list', responses: {} };
      const paths = { '/items': { get: list }, '/stores': { get: list, post: { operationId: 'add' } } };
      contracts.write('apps/store/openapi.json', JSON.stringify({ openapi: '3.1.0', paths }, undefined, 2));
    },
    lines: [
      'apps/store/openapi.json:12:24 error C033 paths./stores.get.operationId: list is also the name of GET /items',
      '  why: Generated clients name their functions after it, and one would replace the other.',
      '  fix: Give one of the two another operationId in its route, then npm run openapi -w apps/store.',
    ],
  },
];
