import {
  addField,
  CONSOLE,
  field,
  INVENTORY,
  MOVED,
  MOVED_META,
  moved,
  removeField,
  STORE,
} from './check-case.ts';
import type { CheckCase } from './check-case.ts';

export const SAFE_CASES: readonly CheckCase[] = [
  { name: 'nothing', change: () => undefined },
  {
    name: 'a field with a default is added',
    change: addField('channel', 'string', { default: 'store' }),
    verdicts: moved('unaffected'),
  },
  {
    name: 'a nullable field is added',
    change: addField('note', ['null', 'string'], { default: null }),
    verdicts: moved('unaffected'),
  },
  {
    name: 'a doc says more',
    change: field(MOVED, 'sku', (sku) => (sku.doc = 'The item.')),
    verdicts: moved('unaffected'),
  },
  {
    name: 'fields change places',
    change: ({ edit }) => edit(MOVED, ({ fields }) => fields.reverse()),
    verdicts: moved('unaffected'),
  },
  {
    name: 'an enum gets a symbol',
    change: ({ change }) => change(MOVED, '"RESTOCK"]', '"RESTOCK", "THEFT"]'),
    verdicts: moved('unaffected'),
  },
  {
    name: 'records are kept longer',
    change: ({ change }) => change(MOVED_META, 'retention: 7d', 'retention: 8d'),
  },
  {
    name: 'a unit is said for the first time',
    change: ({ change }) => change(MOVED_META, 'pii:', 'units: { quantity: pieces }\npii:'),
  },
  {
    name: 'a consumer leaves',
    change: ({ removeChannels }) => removeChannels(CONSOLE, 'replenishmentRequested'),
  },
  {
    name: 'the broken compatibility is one that nobody was promised',
    base: ({ change }) => change(MOVED_META, 'FULL_TRANSITIVE', 'BACKWARD_TRANSITIVE'),
    change: removeField('sku', 'Item_1'),
    findings: [`warning ${MOVED}:6 C013 SOURCE fields.sku`],
    verdicts: moved('warned: fields.sku (C013 SOURCE)'),
  },
  {
    name: 'a field with a default is taken away: those who use it should know',
    change: removeField('unitPrice', "'12.50'"),
    findings: [`warning ${MOVED}:6 C013 SOURCE fields.unitPrice`],
    verdicts: moved('warned: fields.unitPrice (C013 SOURCE)'),
  },
  {
    name: 'records are kept for a shorter time: a warning',
    change: ({ change }) => change(MOVED_META, 'retention: 7d', 'retention: 36h'),
    findings: [`warning ${MOVED_META}:7 C017 SEMANTIC retention`],
    verdicts: moved('warned: retention (C017 SEMANTIC)'),
  },
  {
    name: 'a break that is meant, as the message says: a new major version beside the old one',
    change: ({ read, write, change }) => {
      const copy = (file: string) => write(file.replace('/v1/', '/v2/'), read(file));
      copy(MOVED);
      copy(MOVED_META);
      change(MOVED.replace('/v1/', '/v2/'), 'eda.retail.v1', 'eda.retail.v2');
      change(MOVED.replace('/v1/', '/v2/'), '"type": "int"', '"type": "long"');
      change(MOVED_META.replace('/v1/', '/v2/'), 'stock-moved.v1', 'stock-moved.v2');
      change(STORE, 'channels:\n', `channels:\n${channel('retail.stock-moved.v2', 'v2/StockMoved', 6)}`);
      change(STORE, 'operations:\n', `operations:\n${publish}`);
    },
  },
  {
    name: 'a new event with a new consumer',
    change: addEvent,
    verdicts: { 'inventory DeliveryArrived': 'unaffected' },
  },
];

const channel = (topic: string, schema: string, partitions: number): string =>
  `  added:\n    address: ${topic}\n    title: Added\n    description: Added.\n    messages:\n      added:\n        payload:\n` +
  '          schemaFormat: application/vnd.apache.avro;version=1.9.0\n' +
  `          schema: { $ref: ../../schemas/retail/${schema}.avsc }\n` +
  `        bindings: { kafka: { key: { type: string, description: The store (storeId). } } }\n` +
  `    bindings: { kafka: { partitions: ${partitions}, bindingVersion: 0.5.0 } }\n`;

const publish =
  "  publishAdded:\n    action: send\n    summary: Publishes.\n    channel: { $ref: '#/channels/added' }\n";

function addEvent({ write, change }: Parameters<CheckCase['change']>[0]): void {
  const fields = [{ name: 'storeId', type: 'string', doc: 'The store.' }];
  const record = {
    type: 'record',
    name: 'DeliveryArrived',
    namespace: 'eda.retail.v1',
    doc: 'It came.',
    fields,
  };
  write('schemas/retail/v1/DeliveryArrived.avsc', `${JSON.stringify(record)}\n`);
  write(
    'schemas/retail/v1/DeliveryArrived.meta.yaml',
    'description: Deliveries.\ntopic: retail.delivery-arrived.v1\nclass: event\nkey: storeId\nowner: store\npartitions: 3\n' +
      'retention: 7d\ncompatibility: FULL_TRANSITIVE\npii: []\nexample: { storeId: Store_1 }\n',
  );
  change(
    STORE,
    'channels:\n',
    `channels:\n${channel('retail.delivery-arrived.v1', 'v1/DeliveryArrived', 3)}`,
  );
  change(STORE, 'operations:\n', `operations:\n${publish}`);
  change(
    INVENTORY,
    'channels:\n',
    'channels:\n  deliveryArrived: { $ref: ../store/asyncapi.yaml#/channels/added }\n' +
      '  deliveryDeadLetter:\n    address: retail.delivery-arrived.v1.inventory.dlq\n    title: Lost\n    description: Lost.\n' +
      "    messages: { lost: { $ref: '#/components/messages/stockMovedDeadLetter' } }\n" +
      '    bindings: { kafka: { partitions: 1, bindingVersion: 0.5.0 } }\n',
  );
  change(
    INVENTORY,
    'operations:\n',
    "operations:\n  consumeDelivery:\n    action: receive\n    summary: Reads.\n    channel: { $ref: '#/channels/deliveryArrived' }\n" +
      '    bindings: { kafka: { groupId: { type: string, const: inventory } } }\n' +
      "  setAsideDelivery:\n    action: send\n    summary: Sets aside.\n    channel: { $ref: '#/channels/deliveryDeadLetter' }\n" +
      '    x-purpose: dead-letter\n',
  );
}
