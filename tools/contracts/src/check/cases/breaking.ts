import {
  addField,
  all,
  CONSOLE,
  field,
  INVENTORY,
  ITEM,
  ITEM_META,
  MOVED,
  MOVED_META,
  moved,
  removeField,
  REPLENISHMENT,
  STORE,
} from './check-case.ts';
import type { CheckCase } from './check-case.ts';

const NAMES = ['ItemStockChanged', 'ReplenishmentRequested', 'StockMoved', 'StoreStockChanged'];
const REQUESTED = 'schemas/retail/v1/ReplenishmentRequested.avsc';
const REASON = 'schemas/retail/v1/MovementReason.avsc';
const ENUM = {
  type: 'enum',
  name: 'MovementReason',
  doc: 'Why an item moved, which also says in which direction.',
  symbols: ['UNKNOWN', 'SALE', 'RESTOCK'],
  default: 'UNKNOWN',
};

export const BREAKING_CASES: readonly CheckCase[] = [
  {
    name: 'WIRE: a field without default is added',
    change: addField('channel', 'string', {}, 'web'),
    findings: [`${MOVED}:60 C010 WIRE fields.channel`],
    verdicts: moved('breaks: fields.channel (C010 WIRE)'),
  },
  {
    name: 'WIRE: an enum that has a default is added as field without one, which Java minds',
    change: addField('channel', { ...ENUM, name: 'Channel' }, {}, 'SALE'),
    findings: [`${MOVED}:60 C010 WIRE fields.channel`],
    verdicts: moved('breaks: fields.channel (C010 WIRE)'),
  },
  {
    name: 'WIRE: a field without default is taken away',
    change: removeField('sku', 'Item_1'),
    findings: [`${MOVED}:6 C010 WIRE fields.sku`],
    verdicts: moved('breaks: fields.sku (C010 WIRE)'),
  },
  {
    name: 'WIRE: a field is renamed',
    change: ({ changeAll }) => {
      changeAll(MOVED, '"sku"', '"item"');
      changeAll(MOVED_META, '  sku:', '  item:');
    },
    findings: [`${MOVED}:6 C010 WIRE fields.sku`, `${MOVED}:13 C010 WIRE fields.item`],
    verdicts: moved('breaks: fields.item (C010 WIRE), fields.sku (C010 WIRE)'),
  },
  {
    name: 'WIRE: a field is renamed with an alias, which services that run do not know',
    change: all(
      field(MOVED, 'sku', (sku) => {
        sku.name = 'item';
        sku.aliases = ['sku'];
      }),
      ({ change }) => change(MOVED_META, '  sku:', '  item:'),
    ),
    findings: [`${MOVED}:13 C010 WIRE fields.sku`],
    verdicts: moved('breaks: fields.sku (C010 WIRE)'),
  },
  {
    name: 'WIRE: int becomes string',
    change: all(
      field(MOVED, 'quantity', (quantity) => (quantity.type = 'string')),
      ({ change }) => change(MOVED_META, 'quantity: 10', "quantity: '10'"),
    ),
    findings: [`${MOVED}:19 C011 WIRE fields.quantity`],
    verdicts: moved('breaks: fields.quantity (C011 WIRE)'),
  },
  {
    name: 'WIRE: int becomes long, which services that run cannot read',
    change: ({ change }) => change(MOVED, '"type": "int"', '"type": "long"'),
    findings: [`${MOVED}:19 C011 WIRE fields.quantity`],
    verdicts: moved('breaks: fields.quantity (C011 WIRE)'),
  },
  {
    name: 'WIRE: long becomes int',
    change: ({ change }) => change(ITEM, '"type": "long"', '"type": "int"'),
    findings: [`${ITEM}:14 C011 WIRE fields.stock`],
    verdicts: {
      'console ItemStockChanged': 'breaks: fields.stock (C011 WIRE)',
      'replenishment ItemStockChanged': 'breaks: fields.stock (C011 WIRE)',
    },
  },
  {
    name: 'WIRE: a value becomes nullable',
    change: field(MOVED, 'sku', (sku) => (sku.type = ['null', 'string'])),
    findings: [`${MOVED}:14 C011 WIRE fields.sku`],
    verdicts: moved('breaks: fields.sku (C011 WIRE)'),
  },
  {
    name: 'WIRE: a value is no longer nullable',
    change: field(MOVED, 'unitPrice', (price) => {
      price.type = { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 };
      price.default = '\u0001';
    }),
    findings: [`${MOVED}:39 C011 WIRE fields.unitPrice`],
    verdicts: moved('breaks: fields.unitPrice (C011 WIRE)'),
  },
  {
    name: 'WIRE: a released version before the last one has the name for something else',
    base: (repository) => {
      addField('note', 'string', { default: '' })(repository);
      repository.release();
      repository.edit(MOVED, ({ fields }) => fields.pop());
      repository.release();
    },
    change: addField('note', 'int', { default: 0 }),
    findings: [`${MOVED}:61 C011 WIRE fields.note`],
    verdicts: moved('breaks: fields.note (C011 WIRE)'),
  },
  {
    name: 'RUNTIME: an enum moves to another namespace',
    change: ({ change }) =>
      change(
        MOVED,
        '"name": "MovementReason"',
        '"name": "MovementReason",\n        "namespace": "eda.common.v1"',
      ),
    findings: [`${MOVED}:27 C012 RUNTIME namespace`],
    verdicts: moved('breaks: namespace (C012 RUNTIME)'),
  },
  {
    name: 'RUNTIME: every namespace gets another first part; the topic tells which event it was',
    change: ({ change, changeAll }) => {
      change('schemas/contracts.config.yaml', 'organisation: eda', 'organisation: acme');
      for (const name of NAMES) changeAll(`schemas/retail/v1/${name}.avsc`, '"eda.', '"acme.');
      change(ITEM_META, 'compatibility: FULL_TRANSITIVE', 'compatibility: BACKWARD_TRANSITIVE');
    },
    findings: [
      `${ITEM}:4 C012 RUNTIME namespace`,
      `${ITEM_META}:7 C014 SEMANTIC compatibility`,
      ...NAMES.slice(1).map((name) => `schemas/retail/v1/${name}.avsc:4 C012 RUNTIME namespace`),
    ],
    verdicts: {
      ...moved('breaks: namespace (C012 RUNTIME)'),
      'console ItemStockChanged': 'breaks: namespace (C012 RUNTIME), compatibility (C014 SEMANTIC)',
      'console ReplenishmentRequested': 'breaks: namespace (C012 RUNTIME)',
      'console StoreStockChanged': 'breaks: namespace (C012 RUNTIME)',
      'replenishment ItemStockChanged': 'breaks: namespace (C012 RUNTIME), compatibility (C014 SEMANTIC)',
    },
  },
  {
    name: 'SOURCE: string becomes bytes',
    change: field(MOVED, 'sku', (sku) => (sku.type = 'bytes')),
    findings: [`${MOVED}:14 C013 SOURCE fields.sku`],
    verdicts: moved('breaks: fields.sku (C013 SOURCE)'),
  },
  {
    name: 'SOURCE: a union gets a branch that an older one can read',
    base: addField('note', ['null', 'string'], { default: null }),
    change: field(MOVED, 'note', (note) => (note.type = ['null', 'string', 'bytes'])),
    findings: [`${MOVED}:61 C013 SOURCE fields.note`],
    verdicts: moved('breaks: fields.note (C013 SOURCE)'),
  },
  {
    name: 'SOURCE and SEMANTIC: a time becomes a number',
    change: all(
      field(MOVED, 'occurredAt', (at) => (at.type = 'long')),
      ({ change }) => change(MOVED_META, "occurredAt: '2026-01-15T09:30:00.000Z'", 'occurredAt: 1'),
    ),
    findings: [`${MOVED}:53 C013 SOURCE fields.occurredAt`, `${MOVED}:53 C014 SEMANTIC fields.occurredAt`],
    verdicts: moved('breaks: fields.occurredAt (C013 SOURCE), fields.occurredAt (C014 SEMANTIC)'),
  },
  {
    name: 'SEMANTIC: another scale, which services in Node notice',
    change: ({ change }) => change(MOVED, '"scale": 2', '"scale": 3'),
    findings: [`${MOVED}:35 C012 RUNTIME fields.unitPrice`, `${MOVED}:35 C014 SEMANTIC fields.unitPrice`],
    verdicts: moved('breaks: fields.unitPrice (C012 RUNTIME), fields.unitPrice (C014 SEMANTIC)'),
  },
  {
    name: 'SEMANTIC: a text becomes a uuid',
    change: all(
      field(MOVED, 'sku', (sku) => (sku.type = { type: 'string', logicalType: 'uuid' })),
      ({ change }) => change(MOVED_META, 'sku: Item_1', 'sku: 0190163d-8694-739b-aea5-966c26f8ad91'),
    ),
    findings: [`${MOVED}:16 C014 SEMANTIC fields.sku`],
    verdicts: moved('breaks: fields.sku (C014 SEMANTIC)'),
  },
  {
    name: 'SEMANTIC: another default',
    base: addField('currency', 'string', { default: 'EUR' }),
    change: field(MOVED, 'currency', (currency) => (currency.default = 'USD')),
    findings: [`${MOVED}:63 C014 SEMANTIC fields.currency`],
    verdicts: moved('breaks: fields.currency (C014 SEMANTIC)'),
  },
  {
    name: 'SEMANTIC: an enum loses a symbol',
    change: ({ change }) => {
      change(MOVED, '"SALE", ', '');
    },
    findings: [`${MOVED}:28 C014 SEMANTIC fields.reason`],
    verdicts: moved('breaks: fields.reason (C014 SEMANTIC)'),
  },
  {
    name: 'SEMANTIC: another unit',
    base: ({ change }) => change(MOVED_META, 'pii:', 'units:\n  quantity: pieces\npii:'),
    change: ({ change }) => change(MOVED_META, 'pieces', 'boxes'),
    findings: [`${MOVED_META}:10 C014 SEMANTIC units.quantity`],
    verdicts: moved('breaks: units.quantity (C014 SEMANTIC)'),
  },
  {
    name: 'SEMANTIC: another key',
    change: ({ change }) => change(MOVED_META, 'key: storeId', 'key: sku'),
    findings: [`${MOVED_META}:4 C024 SEMANTIC key`],
    verdicts: moved('breaks: key (C024 SEMANTIC)'),
  },
  ...(['3', '12'] as const).map((partitions): CheckCase => ({
    name: `SEMANTIC: ${partitions} partitions in place of 6`,
    change: ({ change }) => {
      change(MOVED_META, 'partitions: 6', `partitions: ${partitions}`);
      change(STORE, 'partitions: 6', `partitions: ${partitions}`);
    },
    findings: [`${MOVED_META}:6 C024 SEMANTIC partitions`],
    verdicts: moved('breaks: partitions (C024 SEMANTIC)'),
  })),
  {
    name: 'SEMANTIC: another topic',
    change: ({ changeAll }) => {
      changeAll(MOVED_META, 'retail.stock-moved.v1', 'retail.movement.v1');
      changeAll(STORE, 'retail.stock-moved.v1', 'retail.movement.v1');
      changeAll(INVENTORY, 'retail.stock-moved.v1', 'retail.movement.v1');
    },
    findings: [`${MOVED_META}:2 C014 SEMANTIC topic`],
    verdicts: moved('breaks: topic (C014 SEMANTIC)'),
  },
  {
    name: 'SEMANTIC: a state becomes an event',
    change: ({ change }) => change(ITEM_META, 'class: state', 'class: event\nretention: 7d'),
    findings: [`${ITEM_META}:3 C014 SEMANTIC class`],
    verdicts: {
      'console ItemStockChanged': 'breaks: class (C014 SEMANTIC)',
      'replenishment ItemStockChanged': 'breaks: class (C014 SEMANTIC)',
    },
  },
  {
    name: 'SEMANTIC: less is promised, and what was promised still holds',
    change: all(
      ({ change }) => change(MOVED_META, 'FULL_TRANSITIVE', 'BACKWARD'),
      removeField('sku', 'Item_1'),
    ),
    findings: [`${MOVED}:6 C010 WIRE fields.sku`, `${MOVED_META}:8 C014 SEMANTIC compatibility`],
    verdicts: moved('breaks: fields.sku (C010 WIRE), compatibility (C014 SEMANTIC)'),
  },
  {
    name: 'SEMANTIC: an event that had a consumer is removed',
    change: ({ remove, removeChannels }) => {
      remove(REQUESTED);
      remove(REQUESTED.replace('.avsc', '.meta.yaml'));
      removeChannels(CONSOLE, 'replenishmentRequested');
      removeChannels(REPLENISHMENT, 'replenishmentRequested');
    },
    findings: [`${REQUESTED}:1 C014 SEMANTIC `],
    verdicts: { 'console ReplenishmentRequested': 'breaks: C014 SEMANTIC' },
  },
  {
    name: 'SEMANTIC: fewer partitions for dead letters, and for a shorter time',
    base: ({ change }) => change(INVENTORY, 'partitions: 1\n', 'partitions: 2\n'),
    change: ({ change }) => {
      change(INVENTORY, 'partitions: 2\n', 'partitions: 1\n');
      change(INVENTORY, 'retention.ms: 1209600000', 'retention.ms: 86400000');
    },
    findings: [
      `${INVENTORY}:57 C024 SEMANTIC channels.stockMovedDeadLetter.bindings.kafka.partitions`,
      `warning ${INVENTORY}:60 C017 SEMANTIC channels.stockMovedDeadLetter.bindings.kafka.topicConfiguration.retention.ms`,
    ],
  },
  {
    name: 'a type in a file of its own is shown in that file',
    base: ({ write, edit }) => {
      write(REASON, `${JSON.stringify({ ...ENUM, namespace: 'eda.retail.v1' }, undefined, 2)}\n`);
      edit(MOVED, ({ fields }) => {
        for (const reason of fields.filter(({ name }) => name === 'reason')) reason.type = 'MovementReason';
      });
    },
    change: ({ change }) => change(REASON, '    "SALE",\n', ''),
    findings: [`${REASON}:5 C014 SEMANTIC fields.reason`],
    verdicts: moved('breaks: fields.reason (C014 SEMANTIC)'),
  },
];
