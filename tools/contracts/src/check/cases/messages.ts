import { addField, all, declareReader, field, MOVED, MOVED_META, removeField } from './check-case.ts';
import type { CheckCase } from './check-case.ts';

/** A change, and all that a person reads about it, word for word. */
export interface MessageCase extends Pick<CheckCase, 'name' | 'base' | 'change'> {
  readonly lines: readonly string[];
}

const STEPS = [
  '           1. Undo the change in v1, and copy schemas/retail/v1/StockMoved.avsc and schemas/retail/v1/StockMoved.meta.yaml to schemas/retail/v2/.',
  '           2. In the copies: "namespace": "eda.retail.v2", topic: retail.stock-moved.v2, and the change.',
  '           3. In apps/store/asyncapi.yaml: a channel and a send operation for it, beside those of v1.',
  '           4. Run npm run generate and npx contracts release.',
  '           5. Publish both from the same transaction until the last consumer of v1 has moved.',
];
const NODE =
  '         why: A registry compares as Java does; the library in Node compares full names and logical types as well, and refuses every record.';

export const MESSAGE_CASES: readonly MessageCase[] = [
  {
    name: 'C010: a field without default',
    change: addField('channel', 'string', {}, 'web'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc',
      '  60:15  error C010 WIRE  fields.channel: readers of today cannot read records of StockMoved@1: the reader needs the field "channel", which has no default',
      '         why: Every released version may be in the topic and in a service that runs: Avro fills a missing field from its default only.',
      '         breaks: console, inventory',
      '         fix: Give "channel" a "default". If the break is meant, it is a new event beside this one:',
      ...STEPS,
      '',
      '1 error in 1 file',
      '',
      'consumer   event       verdict',
      'console    StockMoved  breaks: fields.channel (C010 WIRE)',
      'inventory  StockMoved  breaks: fields.channel (C010 WIRE)',
      '',
    ],
  },
  {
    name: 'C011: another type, which neither side can read',
    change: all(
      field(MOVED, 'quantity', (quantity) => (quantity.type = 'string')),
      (repository) => repository.change(MOVED_META, 'quantity: 10', "quantity: '10'"),
    ),
    lines: [
      'schemas/retail/v1/StockMoved.avsc',
      "  19:15  error C011 WIRE  fields.quantity: readers of today and of StockMoved@1 cannot read each other's records: the reader's string cannot take the writer's int",
      '         why: Every released version may be in the topic and in a service that runs, and both have to read each other.',
      '         breaks: console, inventory',
      '         fix: Undo the change. If the break is meant, it is a new event beside this one:',
      ...STEPS,
      '',
      '1 error in 1 file',
      '',
      'consumer   event       verdict',
      'console    StockMoved  breaks: fields.quantity (C011 WIRE)',
      'inventory  StockMoved  breaks: fields.quantity (C011 WIRE)',
      '',
    ],
  },
  {
    name: 'C012: another namespace',
    change: ({ change }) =>
      change(
        MOVED,
        '"name": "MovementReason"',
        '"name": "MovementReason",\n        "namespace": "eda.common.v1"',
      ),
    lines: [
      'schemas/retail/v1/StockMoved.avsc',
      '  27:22  error C012 RUNTIME  namespace: eda.retail.v1.MovementReason -> eda.common.v1.MovementReason: ' +
        "readers of today and of StockMoved@1 cannot read each other's records: " +
        'cannot read "eda.retail.v1.MovementReason" as "eda.common.v1.MovementReason"',
      NODE,
      '         breaks: console, inventory',
      '         fix: Undo the change. If the break is meant, it is a new event beside this one:',
      ...STEPS,
      '',
      '1 error in 1 file',
      '',
      'consumer   event       verdict',
      'console    StockMoved  breaks: namespace (C012 RUNTIME)',
      'inventory  StockMoved  breaks: namespace (C012 RUNTIME)',
      '',
    ],
  },
  {
    name: 'C013: another type in TypeScript',
    change: field(MOVED, 'sku', (sku) => (sku.type = 'bytes')),
    lines: [
      'schemas/retail/v1/StockMoved.avsc',
      '  14:15  error C013 SOURCE  fields.sku: is Buffer in TypeScript and was string',
      '         why: Avro reads the records all the same, but the code of a consumer gets values it was not written for.',
      '         breaks: console, inventory',
      '         fix: Undo the change, or write why it hurts nobody: "relax" in the metadata, level SOURCE.',
      '',
      '1 error in 1 file',
      '',
      'consumer   event       verdict',
      'console    StockMoved  breaks: fields.sku (C013 SOURCE)',
      'inventory  StockMoved  breaks: fields.sku (C013 SOURCE)',
      '',
    ],
  },
  {
    name: 'C012 and C014: another scale, and a consumer that does not read it',
    base: declareReader([{ name: 'storeId', type: 'string' }]),
    change: ({ change }) => change(MOVED, '"scale": 2', '"scale": 3'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc',
      '  35:95  error C012 RUNTIME  fields.unitPrice: services in Node refuse records of the other version: the scale is 3 and was 2',
      NODE,
      '         breaks: console',
      '         fix: Undo the change. If the break is meant, it is a new event beside this one:',
      ...STEPS,
      '  35:95  error C014 SEMANTIC  fields.unitPrice: the scale is 3 and was 2',
      '         why: The bytes hold digits without a point: older and newer readers see amounts that differ by the factor 10.',
      '         breaks: console',
      '         fix: Undo the change, or write why it hurts nobody: "relax" in the metadata, level SEMANTIC.',
      '',
      '2 errors in 1 file',
      '',
      'consumer   event       verdict',
      'console    StockMoved  breaks: fields.unitPrice (C012 RUNTIME), fields.unitPrice (C014 SEMANTIC)',
      'inventory  StockMoved  unaffected, by apps/inventory/consumes/StockMoved.avsc',
      '',
    ],
  },
  {
    name: 'C015 and C016: history that was rewritten',
    change: ({ change, edit }) => {
      change('schemas/history/retail/v1/StockMoved@1.avsc', '"int"', '"long"');
      edit('schemas/contracts.lock.json', ({ versions }) => versions.shift());
    },
    lines: [
      'schemas/contracts.lock.json',
      '  2:3  error C016  version 1 of retail.item-stock.v1-value is released at main and no longer in the lock',
      '       why: What was released may be in topics and services; without its entry nothing would be compared with it any more.',
      '       fix: Restore the entry as it was; the lock only grows.',
      '',
      'schemas/history/retail/v1/ItemStockChanged@1.avsc',
      '  1:1  error C015  has no entry in the lock',
      '       why: A copy without an entry can be edited without anyone noticing.',
      '       fix: Restore its entry if it had one; if not, remove the file: npx contracts release writes both.',
      '',
      'schemas/history/retail/v1/StockMoved@1.avsc',
      '  1:1  error C015  is released as version 1 of retail.stock-moved.v1-value (sha256 44b121e9…) and was edited',
      '       why: Records of this version are in the topic; what they can be read with is proven with the copy that wrote them.',
      '       fix: Restore the file, and make the change in the schema of the event.',
      '',
      '3 errors in 3 files',
      '',
    ],
  },
  {
    name: 'C017: records that are kept for a shorter time',
    change: ({ change }) => change(MOVED_META, 'retention: 7d', 'retention: 36h'),
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml',
      '  7:12  warning C017 SEMANTIC  retention: is 36h and was 7d',
      '        why: A consumer that is down or replays from the start finds fewer records than it was promised.',
      '        breaks: console, inventory',
      '        fix: Ask those who consume the topic.',
      '',
      '1 warning in 1 file',
      '',
      'consumer   event       verdict',
      'console    StockMoved  warned: retention (C017 SEMANTIC)',
      'inventory  StockMoved  warned: retention (C017 SEMANTIC)',
      '',
    ],
  },
  {
    name: 'C018: a merge that stopped in the lock',
    change: ({ change }) => change('schemas/contracts.lock.json', '    {\n', '<<<<<<< HEAD\n    {\n'),
    lines: [
      'schemas/contracts.lock.json',
      '  3:1  error C018  has the marks of a merge conflict',
      '       why: Two branches released at the same time, and both versions have the same number.',
      '       fix: Take lock and history from the branch you merge into (git checkout <branch> -- schemas/contracts.lock.json schemas/history), ' +
        'then run npx contracts release: your version gets the next number.',
      '',
      '1 error in 1 file',
      '',
    ],
  },
  {
    name: 'C018: two versions with the same number',
    change: ({ edit }) =>
      edit('schemas/contracts.lock.json', ({ versions }) =>
        versions.push(...versions.slice(2, 3).map((entry) => ({ ...entry, sha256: 'f00d' }))),
      ),
    lines: [
      'schemas/contracts.lock.json',
      '  29:18  error C018  version 1 of retail.stock-moved.v1-value stands in it twice',
      '         why: Two branches released at the same time; consumers could not tell which of the two schemas is meant.',
      '         fix: Keep the entry that the branch you merge into has, remove yours, restore the files of the other ' +
        '(git checkout <branch> -- schemas/history), then run npx contracts release: your version gets the next number.',
      '',
      '1 error in 1 file',
      '',
    ],
  },
  {
    name: 'C024: more partitions',
    change: ({ change }) => {
      change(MOVED_META, 'partitions: 6', 'partitions: 12');
      change('apps/store/asyncapi.yaml', 'partitions: 6', 'partitions: 12');
    },
    lines: [
      'schemas/retail/v1/StockMoved.meta.yaml',
      '  6:13  error C024 SEMANTIC  partitions: 6 -> 12',
      '        why: The partition of a key follows from their number: events of one key would stand in two partitions, and no longer be in order.',
      '        breaks: console, inventory',
      '        fix: Undo the change, or write why it hurts nobody: "relax" in the metadata, level SEMANTIC.',
      '',
      '1 error in 1 file',
      '',
      'consumer   event       verdict',
      'console    StockMoved  breaks: partitions (C024 SEMANTIC)',
      'inventory  StockMoved  breaks: partitions (C024 SEMANTIC)',
      '',
    ],
  },
  {
    name: 'what is accepted, what some should know, and what is not released yet',
    change: all(
      field(MOVED, 'sku', (sku) => (sku.type = 'bytes')),
      removeField('unitPrice', "'12.50'"),
      (repository) =>
        repository.change(
          MOVED_META,
          'pii:',
          'relax: [{ level: SOURCE, field: fields.sku, reason: no reader yet }]\npii:',
        ),
    ),
    lines: [
      'schemas/retail/v1/StockMoved.avsc',
      '  6:3  warning C013 SOURCE  fields.unitPrice: is not written any more',
      '       why: Avro minds nothing, it has a default; but whoever uses the field only sees that from now on.',
      '       breaks: console, inventory',
      '       fix: Make sure that no consumer uses the field.',
      '',
      '1 warning in 1 file',
      '',
      'schemas/retail/v1/StockMoved.avsc:14:15 C013 SOURCE fields.sku: is Buffer in TypeScript and was string',
      '  accepted because: no reader yet',
      '',
      'Note: Not released as it is now: StockMoved. Before you merge, run npx contracts release.',
      '',
      'consumer   event       verdict',
      'console    StockMoved  warned: fields.sku (C013 SOURCE, accepted), fields.unitPrice (C013 SOURCE)',
      'inventory  StockMoved  warned: fields.sku (C013 SOURCE, accepted), fields.unitPrice (C013 SOURCE)',
      '',
    ],
  },
];
