import {
  addField,
  all,
  declareReader,
  field,
  MOVED,
  MOVED_META,
  moved,
  READER,
  removeField,
} from './check-case.ts';
import type { CheckCase } from './check-case.ts';

const QUANTITY = declareReader([
  { name: 'storeId', type: 'string' },
  { name: 'quantity', type: 'int' },
]);

const SCALE: CheckCase['change'] = ({ change }) => change(MOVED, '"scale": 2', '"scale": 3');
const BOTH = 'breaks: fields.unitPrice (C012 RUNTIME), fields.unitPrice (C014 SEMANTIC)';

/** Takes string in place of bytes: at level SOURCE. */
const SKU_AS_BYTES = field(MOVED, 'sku', (sku) => (sku.type = 'bytes'));

function relax(entry: string): CheckCase['change'] {
  return ({ change }) => change(MOVED_META, 'pii:', `relax:\n  - ${entry}\npii:`);
}

export const CONSUMER_CASES: readonly CheckCase[] = [
  {
    name: 'a field that a consumer does not read cannot hurt it',
    base: QUANTITY,
    change: SCALE,
    findings: [`${MOVED}:35 C012 RUNTIME fields.unitPrice`, `${MOVED}:35 C014 SEMANTIC fields.unitPrice`],
    verdicts: { 'console StockMoved': BOTH, 'inventory StockMoved': `unaffected, by ${READER}` },
  },
  {
    name: 'a field that a consumer does not read may go',
    base: QUANTITY,
    change: removeField('sku', 'Item_1'),
    findings: [`${MOVED}:6 C010 WIRE fields.sku`],
    verdicts: {
      'console StockMoved': 'breaks: fields.sku (C010 WIRE)',
      'inventory StockMoved': `unaffected, by ${READER}`,
    },
  },
  {
    name: 'a field that a consumer reads is shown in its schema',
    base: QUANTITY,
    change: removeField('quantity', '10'),
    findings: [`${READER}:11 C010 WIRE fields.quantity`, `${MOVED}:6 C010 WIRE fields.quantity`],
    verdicts: {
      'console StockMoved': 'breaks: fields.quantity (C010 WIRE)',
      'inventory StockMoved': `breaks: fields.quantity (C010 WIRE), by ${READER}`,
    },
  },
  {
    name: 'what a consumer says it reads may change, the service that runs may not',
    base: QUANTITY,
    change: all(removeField('quantity', '10'), declareReader([{ name: 'storeId', type: 'string' }])),
    findings: [`${READER}:1 C010 WIRE fields.quantity`, `${MOVED}:6 C010 WIRE fields.quantity`],
    verdicts: {
      'console StockMoved': 'breaks: fields.quantity (C010 WIRE)',
      'inventory StockMoved': `breaks: fields.quantity (C010 WIRE), by ${READER}`,
    },
  },
  {
    name: 'a consumer says it reads what was never written',
    change: declareReader([{ name: 'weight', type: 'double' }]),
    findings: [`${READER}:7 C010 WIRE fields.weight`],
    verdicts: { 'inventory StockMoved': `breaks: fields.weight (C010 WIRE), by ${READER}` },
  },
  {
    name: 'another topic hurts all, whatever they read',
    base: QUANTITY,
    change: ({ change }) => change(MOVED_META, 'key: storeId', 'key: sku'),
    findings: [`${MOVED_META}:4 C024 SEMANTIC key`],
    verdicts: {
      'console StockMoved': 'breaks: key (C024 SEMANTIC)',
      'inventory StockMoved': `breaks: key (C024 SEMANTIC), by ${READER}`,
    },
  },
  {
    name: 'a schema of an event that the app does not receive',
    change: ({ write }) =>
      write(
        'apps/store/consumes/StockMoved.avsc',
        '{"type":"record","name":"eda.retail.v1.StockMoved","fields":[]}',
      ),
    findings: ['apps/store/consumes/StockMoved.avsc:1 C021  name'],
  },
  {
    name: 'a schema that is none',
    change: ({ write }) =>
      write(
        READER,
        '{"type":"record","name":"eda.retail.v1.StockMoved","fields":[\n{"name":"a","type":"strin"}]}',
      ),
    findings: [`${READER}:2 C001  `],
  },
  {
    name: 'a change that is accepted',
    change: all(SKU_AS_BYTES, relax('{ level: SOURCE, reason: nobody reads it yet }')),
    findings: [`accepted ${MOVED}:14 C013 SOURCE fields.sku: nobody reads it yet`],
    verdicts: moved('accepted: fields.sku (C013 SOURCE)'),
  },
  {
    name: 'a change that is accepted for another field only',
    change: all(SKU_AS_BYTES, relax('{ level: SOURCE, field: fields.reason, reason: nobody reads it yet }')),
    findings: [`${MOVED}:14 C013 SOURCE fields.sku`],
    verdicts: moved('breaks: fields.sku (C013 SOURCE)'),
  },
  {
    name: 'a change that is accepted at another level only',
    change: all(SCALE, relax('{ level: SEMANTIC, reason: there are no prices yet }')),
    findings: [
      `${MOVED}:35 C012 RUNTIME fields.unitPrice`,
      `accepted ${MOVED}:35 C014 SEMANTIC fields.unitPrice: there are no prices yet`,
    ],
    verdicts: moved('breaks: fields.unitPrice (C012 RUNTIME), fields.unitPrice (C014 SEMANTIC, accepted)'),
  },
  {
    name: 'no reason',
    change: all(SKU_AS_BYTES, relax('{ level: SOURCE }')),
    findings: [`${MOVED_META}:10 C019  relax.0.reason`],
  },
  {
    name: 'a level that no reason relaxes',
    change: all(addField('channel', 'string', {}, 'web'), relax('{ level: WIRE, reason: we are quick }')),
    findings: [`${MOVED_META}:10 C019  relax.0.level`],
  },
];
