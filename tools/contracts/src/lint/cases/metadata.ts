import { META, MOVED, replace } from './lint-case.ts';
import type { LintCase } from './lint-case.ts';

const ITEM_STOCK = 'schemas/retail/v1/ItemStockChanged.meta.yaml';

export const METADATA_CASES: readonly LintCase[] = [
  {
    name: 'a topic that is too long',
    change: replace(META, 'topic: retail.stock-moved.v1', `topic: retail.${'a'.repeat(240)}.v1`),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:2:8 error C033 topic: has 250 characters, Kafka allows 249',
      '  why: Namespace, file, topic and subject follow from each other, so that each can be found from the others.',
      '  fix: Shorten it.',
    ],
  },
  {
    name: 'more partitions than any cluster bears',
    change: replace(META, 'partitions: 6', 'partitions: 100001'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:6:13 error C024 partitions: is 100001, expected a whole number of 1 to 100000',
      '  why: Kafka refuses to create such a topic.',
      '  fix: Write for example "partitions: 6".',
    ],
  },
  {
    name: 'a retention beyond all numbers',
    change: replace(META, 'retention: 7d', 'retention: 999999999999999d'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:7:12 error C034 retention: is "999999999999999d", expected for example 30m, 12h, 7d or forever',
      '  why: A number without a unit is taken for another one sooner or later.',
      '  fix: Write for example "retention: 7d".',
    ],
  },
  {
    name: 'a setting with the name of what every object has',
    change: replace(META, 'retention: 7d', 'retention: 7d\nconfig: { toString: 1 }'),
    lines: [],
  },
  {
    name: 'an empty description',
    change: replace(META, 'description: Every', "description: '' # Every"),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:14 error C007 description: is missing',
      '  why: The topic would be a name without a meaning in every list of topics.',
      '  fix: Add a sentence, for example "description: Every sale of one item in one store."',
    ],
  },
  {
    name: 'no topic',
    change: replace(META, 'topic: retail.stock-moved.v1\n', ''),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C007 topic: is missing',
      '  why: The event would have no place to go.',
      '  fix: Add the name, for example "topic: retail.stock-moved.v1".',
    ],
  },
  {
    name: 'no class',
    change: replace(META, 'class: event\n', ''),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C007 class: is missing',
      '  why: It decides whether records are deleted after a time or compacted to the newest of each key.',
      '  fix: Add "class: event" for what happened, or "class: state" for what is now.',
    ],
  },
  {
    name: 'no key',
    change: replace(META, 'key: storeId\n', ''),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C007 key: is missing',
      '  why: Events with the same key stay in order; without one nothing does.',
      '  fix: Add the field that is the record key, for example "key: storeId".',
    ],
  },
  {
    name: 'no owner',
    change: replace(META, 'owner: store\n', ''),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C007 owner: is missing',
      '  why: Somebody has to answer for the event, and only the owner may send it.',
      '  fix: Add the app that sends it, for example "owner: store".',
    ],
  },
  {
    name: 'no partitions',
    change: replace(META, 'partitions: 6\n', ''),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C007 partitions: is missing',
      '  why: They cannot be lowered later, and with more of them events change places.',
      '  fix: Add their number, for example "partitions: 6".',
    ],
  },
  {
    name: 'no retention',
    change: replace(META, 'retention: 7d\n', ''),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C007 retention: is missing',
      '  why: Kafka would delete the records after its own default, seven days.',
      '  fix: Add for example "retention: 7d", or "retention: forever".',
    ],
  },
  {
    name: 'no compatibility',
    change: replace(META, 'compatibility: FULL_TRANSITIVE\n', ''),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C007 compatibility: is missing',
      '  why: The registry would take any change.',
      '  fix: Add "compatibility: FULL_TRANSITIVE".',
    ],
  },
  {
    name: 'no word about personal data',
    change: replace(META, 'pii: []\n', ''),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C007 pii: is missing',
      '  why: Whoever stores, shows or forwards the event has to know whether it speaks about people.',
      '  fix: Add the fields that hold personal data, or "pii: []" when none does.',
    ],
  },
  {
    name: 'no example',
    change: replace(ITEM_STOCK, 'example:\n', 'config:\n'),
    lines: [
      'schemas/retail/v1/ItemStockChanged.meta.yaml:1:1 error C007 example: is missing',
      '  why: It becomes the bytes that every later version has to read.',
      '  fix: Add an example of the event.',
    ],
  },
  {
    name: 'no metadata at all',
    change: (contracts) => contracts.remove(META),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:1:1 error C007 is used by no event',
      '  why: An event needs metadata, and any other type is there to be used.',
      '  fix: If it is an event itself, add schemas/retail/v1/StockMoved.meta.yaml.',
    ],
  },
  {
    name: 'a misspelt field',
    change: replace(META, 'partitions:', 'partitons:'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:6:1 error C034 partitons: is not known',
      '  why: It would have no effect.',
      '  fix: Did you mean "partitions"?',
    ],
  },
  {
    name: 'a field that nothing reads',
    change: replace(META, 'owner:', 'team: a\nowner:'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:5:1 error C034 team: is not known',
      '  why: It would have no effect.',
      '  fix: Remove it; known are description, topic, class, key, owner, partitions, compatibility, pii, example, retention, config, units, relax.',
    ],
  },
  {
    name: 'a list',
    change: (contracts) => contracts.write(META, '- topic\n'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:1:1 error C034 expected a mapping',
      '  why: Topics are created from the metadata as it stands.',
      '  fix: Write "topic: …", "owner: …" and so on.',
    ],
  },
  {
    name: 'an owner without a document',
    change: replace(META, 'owner: store', 'owner: stor'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:5:8 error C034 owner: there is no apps/stor/asyncapi.yaml',
      '  why: Only an app can own an event, and only the owner may send it.',
      '  fix: Did you mean "store"?',
    ],
  },
  {
    name: 'an owner that is no text',
    change: replace(META, 'owner: store', 'owner: [store]'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:5:1 error C034 owner: is ["store"], expected a text',
      '  why: Topics are created from the metadata as it stands.',
      '  fix: Write a text.',
    ],
  },
  {
    name: 'an unknown class',
    change: replace(META, 'class: event', 'class: evnt'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:3:8 error C034 class: is "evnt", expected event or state',
      '  why: Topics are created from the metadata as it stands.',
      '  fix: Did you mean "event"?',
    ],
  },
  {
    name: 'a retention without unit',
    change: replace(META, 'retention: 7d', 'retention: 7'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:7:12 error C034 retention: is 7, expected for example 30m, 12h, 7d or forever',
      '  why: A number without a unit is taken for another one sooner or later.',
      '  fix: Write for example "retention: 7d".',
    ],
  },
  {
    name: 'a state with a retention',
    change: replace(META, 'class: event', 'class: state'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:7:12 error C034 retention: a state topic is compacted and has no retention',
      '  why: It keeps the newest record of each key for ever.',
      '  fix: Remove it, or write "class: event".',
    ],
  },
  {
    name: 'an unknown compatibility',
    change: replace(META, 'FULL_TRANSITIVE', 'FULL_TRANSITIV'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:8:16 error C034 compatibility: is "FULL_TRANSITIV", expected one of BACKWARD, BACKWARD_TRANSITIVE, FORWARD, FORWARD_TRANSITIVE, FULL, FULL_TRANSITIVE',
      '  why: The registry refuses a level it does not know.',
      '  fix: Did you mean "FULL_TRANSITIVE"?',
    ],
  },
  {
    name: 'a setting that is already decided',
    change: replace(META, 'retention: 7d', 'retention: 7d\nconfig:\n  retention.ms: 5'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:9:17 error C034 config.retention.ms: is decided by class and retention',
      '  why: Two places for one fact contradict each other some day.',
      '  fix: Remove it, and change class or retention.',
    ],
  },
  {
    name: 'settings that are no mapping',
    change: replace(META, 'pii: []', 'pii: []\nconfig: none'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:10:9 error C034 config: is "none", expected a mapping of Kafka topic settings',
      '  why: Topics are created from the metadata as it stands.',
      '  fix: Write for example "config: { segment.ms: 600000 }".',
    ],
  },
  {
    name: 'partitions in words',
    change: replace(META, 'partitions: 6', 'partitions: six'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:6:13 error C024 partitions: is "six", expected a whole number of 1 to 100000',
      '  why: Kafka refuses to create such a topic.',
      '  fix: Write for example "partitions: 6".',
    ],
  },
  {
    name: 'no partition',
    change: replace(META, 'partitions: 6', 'partitions: 0'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:6:13 error C024 partitions: is 0, expected a whole number of 1 to 100000',
      '  why: Kafka refuses to create such a topic.',
      '  fix: Write for example "partitions: 6".',
    ],
  },
  {
    name: 'a key that is no field',
    change: replace(META, 'key: storeId', 'key: storeid'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:4:6 error C024 key: "storeid" is not a field of StockMoved',
      '  why: The key decides the partition, and with it which events stay in order.',
      '  fix: Did you mean "storeId"?',
    ],
  },
  {
    name: 'a key that resembles nothing',
    change: replace(META, 'key: storeId', 'key: customer'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:4:6 error C024 key: "customer" is not a field of StockMoved',
      '  why: The key decides the partition, and with it which events stay in order.',
      '  fix: Name a field that always holds a text, one of storeId, sku.',
    ],
  },
  {
    name: 'a key that is no text',
    change: replace(META, 'key: storeId', 'key: quantity'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:4:6 error C024 key: the field "quantity" is not a string',
      '  why: Record keys are strings, so that every client makes the same partition of them.',
      '  fix: Name a field that always holds a text, one of storeId, sku.',
    ],
  },
  {
    name: 'a key that may be null',
    change: replace(MOVED, '"type": "string"', '"type": ["null", "string"]'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:4:6 error C024 key: the field "storeId" may be null',
      '  why: Records without a key are spread over all partitions, so nothing keeps them in order.',
      '  fix: Name a field that always holds a text, one of sku.',
    ],
  },
  {
    name: 'a topic of another version',
    change: replace(META, 'stock-moved.v1', 'stock-moved.v2'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:2:8 error C033 topic: is "retail.stock-moved.v2", its place asks for retail.<event-name>.v1',
      '  why: Namespace, file, topic and subject follow from each other, so that each can be found from the others.',
      '  fix: Write for example "topic: retail.stock-moved.v1".',
    ],
  },
  {
    name: 'a topic that is no name',
    change: replace(META, 'retail.stock-moved.v1', 'StockMoved'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:2:8 error C033 topic: is "StockMoved", expected <domain>.<event-name>.v<major> in small letters',
      '  why: Namespace, file, topic and subject follow from each other, so that each can be found from the others.',
      '  fix: Write for example "topic: retail.stock-moved.v1".',
    ],
  },
  {
    name: 'a topic of another event',
    change: replace(ITEM_STOCK, 'item-stock', 'store-stock'),
    lines: [
      'schemas/retail/v1/StoreStockChanged.meta.yaml:2:8 error C025 topic: retail.store-stock.v1 is also the topic of ItemStockChanged (schemas/retail/v1/ItemStockChanged.meta.yaml)',
      '  why: A topic carries one event, or its consumers could not know what comes.',
      '  fix: Give one of the two a topic of its own.',
    ],
  },
  {
    name: 'an example of another type',
    change: replace(META, "unitPrice: '12.50'", 'unitPrice: 12.5'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:15:14 error C023 example.unitPrice: the example of StockMoved cannot be encoded: expected null or decimal, found 12.5',
      '  why: The example is recorded as the bytes that every later version has to read, and people copy it.',
      '  fix: Correct the example: timestamps as ISO 8601, decimals and bytes as texts.',
    ],
  },
  {
    name: 'an example with a misspelt field',
    change: replace(META, '  sku: Item_1', '  Sku: Item_1'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:12:3 error C023 example.Sku: the example of StockMoved has the field "Sku", which the schema does not have',
      '  why: The example is recorded as the bytes that every later version has to read, and people copy it.',
      '  fix: Did you mean "sku"?',
    ],
  },
  {
    name: 'an example with a field too many',
    change: replace(META, '  sku:', '  colour: red\n  sku:'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:12:3 error C023 example.colour: the example of StockMoved has the field "colour", which the schema does not have',
      '  why: The example is recorded as the bytes that every later version has to read, and people copy it.',
      '  fix: Remove it; the schema has storeId, sku, quantity, reason, unitPrice, occurredAt.',
    ],
  },
  {
    name: 'an example with an unknown symbol',
    change: replace(META, 'RESTOCK', 'RESTOK'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:14:11 error C023 example.reason: the example of StockMoved cannot be encoded: expected one of UNKNOWN, SALE, RESTOCK, found "RESTOK"',
      '  why: The example is recorded as the bytes that every later version has to read, and people copy it.',
      '  fix: Correct the example: timestamps as ISO 8601, decimals and bytes as texts.',
    ],
  },
  {
    name: 'personal data that is no list',
    change: replace(META, 'pii: []', 'pii: none'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:9:6 error C034 pii: is "none", expected a list of fields',
      '  why: The list is read by programs.',
      '  fix: Write for example "pii: [customerName]", or "pii: []" when no field holds personal data.',
    ],
  },
  {
    name: 'personal data in no field',
    change: replace(META, 'pii: []', 'pii: [sku, storeid]'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:9:12 error C034 pii.1: "storeid" is not a field of StockMoved',
      '  why: Personal data would be taken for something else.',
      '  fix: Did you mean "storeId"?',
    ],
  },
  {
    name: 'personal data for ever',
    change: (contracts) => {
      contracts.change(META, 'pii: []', 'pii: [storeId]');
      contracts.change(META, 'retention: 7d', 'retention: forever');
    },
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:7:12 warning C035 retention: storeId would be kept for ever',
      '  why: Records of an event topic cannot be deleted one by one, so a person who asks to be forgotten could not be.',
      '  fix: Set a retention, or keep the personal data out of the event.',
    ],
  },
  {
    name: 'metadata without a schema',
    change: (contracts) => contracts.write('schemas/retail/v1/StockMove.meta.yaml', 'topic: a\n'),
    lines: [
      'schemas/retail/v1/StockMove.meta.yaml:1:1 error C033 there is no schema StockMove.avsc beside it',
      '  why: Metadata and schema of an event find each other by their names.',
      '  fix: Did you mean "StockMoved.avsc"?',
    ],
  },
  {
    name: 'metadata of what is no record',
    change: (contracts) => {
      const schema = { type: 'fixed', name: 'Code', namespace: 'eda.retail.v1', doc: 'A code.', size: 4 };
      contracts.write('schemas/retail/v1/Code.avsc', JSON.stringify(schema));
      contracts.write('schemas/retail/v1/Code.meta.yaml', 'topic: a\n');
    },
    lines: [
      'schemas/retail/v1/Code.meta.yaml:1:1 error C033 Code is no record',
      '  why: Only a record can grow with new fields, so only records are events.',
      '  fix: Make it a record, or remove this file.',
    ],
  },
  {
    name: 'no organisation',
    change: (contracts) => contracts.write('schemas/contracts.config.yaml', 'organization: eda\n'),
    lines: [
      'schemas/contracts.config.yaml:1:1 error C034 organisation: is missing, or no name in small letters',
      '  why: It is the first part of every Avro namespace.',
      '  fix: Write for example "organisation: eda".',
    ],
  },
  {
    name: 'a unit of a field that does not exist',
    change: replace(META, 'pii:', 'units: { quantty: pieces }\npii:'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:9:10 error C034 units.quantty: "quantty" is not a field of StockMoved',
      '  why: A unit of nothing guards nothing.',
      '  fix: Did you mean "quantity"?',
    ],
  },
  {
    name: 'units that are none',
    change: replace(META, 'pii:', 'units: [pieces]\npii:'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:9:1 error C034 units: is ["pieces"], expected a unit for each field',
      '  why: The unit of a field is compared with what it was before.',
      '  fix: Write for example "units: { quantity: pieces }".',
    ],
  },
  {
    name: 'a level that is relaxed without a reason',
    change: replace(META, 'pii:', 'relax:\n  - level: SOURCE\n    reson: none\npii:'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:10:5 error C019 relax.0.reason: is missing',
      '  why: Whoever meets the consequence later has to find the reason, and no reason makes bytes readable.',
      '  fix: Write for example: relax: [{ level: SEMANTIC, reason: "no consumer reads the field" }].',
      'schemas/retail/v1/StockMoved.meta.yaml:11:5 error C019 relax.0.reson: is not known',
      '  why: It would have no effect.',
      '  fix: Did you mean "reason"?',
    ],
  },
  {
    name: 'a level that cannot be relaxed, and one that does not exist',
    change: replace(
      META,
      'pii:',
      'relax:\n  - { level: WIRE, reason: quick }\n  - { level: SORCE, reason: quick, field: 1 }\npii:',
    ),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml:10:14 error C019 relax.0.level: WIRE cannot be relaxed',
      '  why: No reason makes bytes readable: consumers would stop at the first record.',
      '  fix: Undo the change, or start a new major version.',
      'schemas/retail/v1/StockMoved.meta.yaml:11:14 error C019 relax.1.level: is "SORCE", expected SOURCE or SEMANTIC',
      '  why: Whoever meets the consequence later has to find the reason, and no reason makes bytes readable.',
      '  fix: Did you mean "SOURCE"?',
      'schemas/retail/v1/StockMoved.meta.yaml:11:43 error C019 relax.1.field: is 1, expected for example fields.quantity',
      '  why: Whoever meets the consequence later has to find the reason, and no reason makes bytes readable.',
      '  fix: Write for example: relax: [{ level: SEMANTIC, reason: "no consumer reads the field" }].',
    ],
  },
];
