import { MOVED, quantity, record, replace } from './lint-case.ts';
import type { LintCase } from './lint-case.ts';

export const SCHEMA_CASES: readonly LintCase[] = [
  {
    name: 'a misspelt type',
    change: quantity('strin'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:15 error C001 fields.quantity: unknown type "strin"',
      '  why: Avro has no such type, so neither a registry nor any reader could use the schema.',
      '  fix: Did you mean "string"?',
    ],
  },
  {
    name: 'a misspelt type of an object',
    change: quantity({ type: 'integr' }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:24 error C001 fields.quantity: unknown type "integr"',
      '  why: Avro has no such type, so neither a registry nor any reader could use the schema.',
      '  fix: Did you mean "int"?',
    ],
  },
  {
    name: 'a type that nothing resembles',
    change: quantity({ type: 'decimal128' }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:24 error C001 fields.quantity: unknown type "decimal128"',
      '  why: Avro has no such type, so neither a registry nor any reader could use the schema.',
      '  fix: Write one of the types that Avro has.',
    ],
  },
  {
    name: 'no type',
    change: replace(MOVED, '"type": "int",', ''),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:17:5 error C001 fields.quantity: has no type',
      '  why: Nothing could be written without a type.',
      '  fix: Add for example "type": "string".',
    ],
  },
  {
    name: 'a union without branches',
    change: quantity([]),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:7 error C001 fields.quantity: a union without branches',
      '  why: No value would fit it.',
      '  fix: Write at least one type in it.',
    ],
  },
  {
    name: 'a record without fields',
    change: record('eda.retail.v1', 'Empty', []),
    lines: [
      'schemas/retail/v1/Empty.avsc:6:3 error C001 record Empty needs "fields"',
      '  why: A record without fields says nothing.',
      '  fix: List its fields: [{"name": …, "type": …, "doc": …}].',
    ],
  },
  {
    name: 'a field that is no object',
    change: replace(MOVED, '"fields": [', '"fields": [ "storeId",'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:6:15 error C001 fields.0: expected a field, found "storeId"',
      '  why: Avro has no such type, so neither a registry nor any reader could use the schema.',
      '  fix: Write {"name": …, "type": …, "doc": …}.',
    ],
  },
  {
    name: 'an enum without a name',
    change: replace(MOVED, '"name": "MovementReason",', ''),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:24:7 error C001 fields.reason: enum without a "name" of letters, digits and _',
      '  why: Readers find a type by its name.',
      '  fix: Give it one, for example "MovementReason".',
    ],
  },
  {
    name: 'a file that holds no named type',
    change: (contracts) =>
      contracts.write('schemas/retail/v1/Words.avsc', '{"type": "array", "items": "string"}'),
    lines: [
      'schemas/retail/v1/Words.avsc:1:10 error C001 type: a schema file holds one record, enum or fixed',
      '  why: A type is found by the name of its file.',
      '  fix: Write {"type": "record", "name": …, "namespace": …, "doc": …, "fields": […]}.',
    ],
  },
  {
    name: 'a symbol that stands twice',
    change: replace(MOVED, '"UNKNOWN", "SALE"', '"UNKNOWN", "SALE", "SALE"'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:24:7 error C001 fields.reason: the enum has two symbols "SALE"',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'a symbol that is no name',
    change: replace(MOVED, '"UNKNOWN", "SALE"', '"UNKNOWN", "SALE-OUT"'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:24:7 error C001 fields.reason: "SALE-OUT" is not a symbol',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'a field that stands twice',
    change: replace(MOVED, '"name": "sku"', '"name": "storeId"'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:12:5 error C001 fields.storeId: the record has two fields "storeId"',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'aliases that are a text',
    change: quantity('int', { aliases: 'item' }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:17:5 error C001 fields.quantity: the aliases are not a list',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'an alias that is no text',
    change: quantity('int', { aliases: [1] }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:17:5 error C001 fields.quantity: 1 is not an alias',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'an order that Avro does not have',
    change: quantity('int', { order: 'up' }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:17:5 error C001 fields.quantity: order "up" is none of ascending, descending, ignore',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'a size that is none',
    change: quantity({ type: 'fixed', name: 'Sum', doc: 'A sum.', size: -1 }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:7 error C001 fields.quantity: -1 is not a size',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'a union in a union',
    change: quantity(['int', ['null', 'string']]),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:7 error C001 fields.quantity: a union cannot be a branch of a union',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'a namespace that is no name',
    change: quantity({ type: 'fixed', name: 'Sum', namespace: 'eda.1', doc: 'A sum.', size: 4 }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:7 error C001 fields.quantity: "eda.1" is not a namespace',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'a mistake in a type that another file uses',
    change: (contracts) => {
      record('eda.common.v1', 'Money', [
        { name: 'amount', type: { type: 'array', items: 'long' }, doc: 'Cents.', aliases: 'cents' },
      ])(contracts);
      quantity('eda.common.v1.Money')(contracts);
    },
    lines: [
      'schemas/common/v1/Money.avsc:7:5 error C001 fields.amount: the aliases are not a list',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'what only the library knows to be wrong',
    change: quantity('int', { order: 'IGNORE' }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:1:1 error C001 is not a valid schema: invalid order: "IGNORE"',
      '  why: A registry or a service refuses the whole schema because of it.',
      '  fix: Correct it as the Avro specification says.',
    ],
  },
  {
    name: 'a type inside another type',
    change: quantity({ type: { type: 'long' }, logicalType: 'timestamp-millis', defualt: 3 }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:16 error C001 fields.quantity: a type inside another "type"',
      '  why: Avro takes no such schema, and what stands beside the inner one, for example a logicalType, would be lost.',
      '  fix: Write the type itself, not inside another "type".',
    ],
  },
  {
    name: 'defaults that double at each level',
    change: (contracts) => {
      for (let level = 1; level <= 24; level += 1) {
        const type = level === 1 ? 'int' : `Level${level - 1}`;
        const value = level === 1 ? 0 : {};
        const field = (name: string) => ({ name, type, default: value, doc: 'A half.' });
        record('eda.retail.v1', `Level${level}`, [field('left'), field('right')])(contracts);
      }
      quantity('Level24')(contracts);
    },
    lines: [
      'schemas/retail/v1/Level15.avsc:1:1 error C001 its defaults stand for more than 100000 values',
      '  why: A default of a record holds those of all its fields: here they double, again and again, until no program can hold them.',
      '  fix: Make the fields that hold records nullable, with the default null.',
    ],
  },
  {
    name: 'a type that is defined in another namespace',
    change: (contracts) => {
      record('eda.common.v1', 'Money', [{ name: 'amount', type: 'long', doc: 'Cents.' }])(contracts);
      quantity('Money')(contracts);
    },
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:15 error C002 fields.quantity: type "eda.retail.v1.Money" is not defined in schemas/',
      '  why: A schema is registered with every type it uses written out, and this one is nowhere to be found.',
      '  fix: Did you mean "eda.common.v1.Money" (schemas/common/v1/Money.avsc)?',
    ],
  },
  {
    name: 'a misspelt name of a type',
    change: (contracts) => {
      record('eda.common.v1', 'Money', [{ name: 'amount', type: 'long', doc: 'Cents.' }])(contracts);
      quantity('eda.common.v1.Monye')(contracts);
    },
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:15 error C002 fields.quantity: type "eda.common.v1.Monye" is not defined in schemas/',
      '  why: A schema is registered with every type it uses written out, and this one is nowhere to be found.',
      '  fix: Did you mean "eda.common.v1.Money" (schemas/common/v1/Money.avsc)?',
    ],
  },
  {
    name: 'a type that is nowhere defined',
    change: quantity('Quantity'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:15 error C002 fields.quantity: type "eda.retail.v1.Quantity" is not defined in schemas/',
      '  why: A schema is registered with every type it uses written out, and this one is nowhere to be found.',
      '  fix: Define the type in a file of its own, schemas/<domain>/v<major>/<Name>.avsc.',
    ],
  },
  {
    name: 'two files that refer to each other',
    change: (contracts) => {
      const other = (name: string) => [
        { name: 'other', type: ['null', `eda.retail.v1.${name}`], default: null, doc: 'The other.' },
      ];
      record('eda.retail.v1', 'Left', other('Right'))(contracts);
      record('eda.retail.v1', 'Right', other('Left'))(contracts);
    },
    lines: [
      'schemas/retail/v1/Right.avsc:11:9 error C003 fields.other: circular reference: schemas/retail/v1/Left.avsc -> schemas/retail/v1/Right.avsc -> schemas/retail/v1/Left.avsc',
      '  why: A registry takes a schema only after those it refers to, so it could take none of these.',
      '  fix: Merge the files, or break the circle.',
    ],
  },
  {
    name: 'three files in a circle',
    change: (contracts) => {
      const next = (name: string) => [
        { name: 'next', type: { type: 'array', items: name }, doc: 'The next.' },
      ];
      record('eda.retail.v1', 'One', next('Two'))(contracts);
      record('eda.retail.v1', 'Two', next('Three'))(contracts);
      record('eda.retail.v1', 'Three', next('One'))(contracts);
    },
    lines: [
      'schemas/retail/v1/Three.avsc:11:18 error C003 fields.next: circular reference: schemas/retail/v1/One.avsc -> schemas/retail/v1/Two.avsc -> schemas/retail/v1/Three.avsc -> schemas/retail/v1/One.avsc',
      '  why: A registry takes a schema only after those it refers to, so it could take none of these.',
      '  fix: Merge the files, or break the circle.',
    ],
  },
  {
    name: 'a misspelt attribute',
    change: replace(MOVED, '"default": null', '"defualt": null'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:36:7 error C004 fields.unitPrice: unknown attribute "defualt", which Avro would ignore',
      '  why: Avro ignores what it does not know, so a misspelt attribute has no effect and nobody is told.',
      '  fix: Did you mean "default"?',
    ],
  },
  {
    name: 'an attribute of our own',
    change: quantity('int', { unit: 'pieces' }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:22 error C004 fields.quantity: unknown attribute "unit", which Avro would ignore',
      '  why: Avro ignores what it does not know, so a misspelt attribute has no effect and nobody is told.',
      '  fix: Remove the attribute; what people should know goes into "doc".',
    ],
  },
  {
    name: 'a default of the second branch',
    change: quantity(['null', 'string'], { default: 'none' }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:46 error C005 fields.quantity: default "none" does not match the first union branch null',
      '  why: A default has the type of its field, and in a union that of the first branch: Java refuses to read the schema otherwise.',
      '  fix: Write ["string", "null"], or the default null.',
    ],
  },
  {
    name: 'a default of a branch with a logical type',
    change: replace(MOVED, '"default": null', '"default": "1.00"'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:36:18 error C005 fields.unitPrice: default "1.00" does not match the first union branch null',
      '  why: A default has the type of its field, and in a union that of the first branch: Java refuses to read the schema otherwise.',
      '  fix: Put the branch decimal first, or the default null.',
    ],
  },
  {
    name: 'a default of no branch',
    change: quantity(['int', 'string'], { default: null }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:44 error C005 fields.quantity: default null does not match the first union branch int',
      '  why: A default has the type of its field, and in a union that of the first branch: Java refuses to read the schema otherwise.',
      '  fix: Write a default of that type, or leave it out.',
    ],
  },
  {
    name: 'a default of another type',
    change: quantity('int', { default: 1.5 }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:33 error C005 fields.quantity: default 1.5 does not fit the type int',
      '  why: A default has the type of its field, and in a union that of the first branch: Java refuses to read the schema otherwise.',
      '  fix: Write a default of that type, or leave it out.',
    ],
  },
  {
    name: 'a default that is too big',
    change: quantity('int', { default: 2_147_483_648 }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:33 error C005 fields.quantity: default 2147483648 does not fit the type int',
      '  why: A default has the type of its field, and in a union that of the first branch: Java refuses to read the schema otherwise.',
      '  fix: Write a default of that type, or leave it out.',
    ],
  },
  {
    name: 'a misspelt logical type',
    change: replace(MOVED, 'timestamp-millis', 'timestamp-milis'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:41:48 error C006 fields.occurredAt: logicalType "timestamp-milis" is unknown',
      '  why: Avro ignores a logical type it cannot apply: readers would get a plain long.',
      '  fix: Did you mean "timestamp-millis"?',
    ],
  },
  {
    name: 'a logical type that is not used here',
    change: replace(MOVED, 'timestamp-millis', 'duration'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:41:48 error C006 fields.occurredAt: logicalType "duration" is unknown',
      '  why: Avro ignores a logical type it cannot apply: readers would get a plain long.',
      '  fix: Write one of decimal, timestamp-millis, date, uuid.',
    ],
  },
  {
    name: 'a uuid on int',
    change: quantity({ type: 'int', logicalType: 'uuid' }),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:46 error C006 fields.quantity: logicalType "uuid" stands on string, not on int',
      '  why: Avro ignores a logical type it cannot apply: readers would get a plain int.',
      '  fix: Write "type": "string".',
    ],
  },
  {
    name: 'a scale that does not fit',
    change: replace(MOVED, '"scale": 2', '"scale": 20'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:35:95 error C006 fields.unitPrice: scale 20 is greater than precision 12',
      '  why: Avro ignores a logical type it cannot apply: readers would get the plain number or text beneath it.',
      '  fix: Write "precision" as the number of all digits, "scale" as how many of them stand after the point.',
    ],
  },
  {
    name: 'a decimal without precision',
    change: replace(MOVED, ', "precision": 12, "scale": 2', ''),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:35:58 error C006 fields.unitPrice: decimal needs a "precision" of at least 1',
      '  why: Avro ignores a logical type it cannot apply: readers would get the plain number or text beneath it.',
      '  fix: Write "precision" as the number of all digits, "scale" as how many of them stand after the point.',
    ],
  },
  {
    name: 'a field without doc',
    change: replace(MOVED, '"The item that moved (stock keeping unit), for example Item_1."', '" "'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:15:14 error C007 fields.sku: has no "doc"',
      '  why: The schema is all that readers of other teams and languages get to see.',
      '  fix: Say in a sentence what it means, with its unit.',
    ],
  },
  {
    name: 'an enum without doc',
    change: replace(MOVED, '"doc": "Why an item moved, which also says in which direction.",', ''),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:24:7 error C007 fields.reason: enum MovementReason has no "doc"',
      '  why: The schema is all that readers of other teams and languages get to see.',
      '  fix: Say in a sentence what it means.',
    ],
  },
  {
    name: 'an enum without UNKNOWN',
    change: replace(MOVED, '"UNKNOWN", ', ''),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:28:9 error C008 fields.reason: enum MovementReason needs UNKNOWN as first symbol and as "default"',
      '  why: Readers that are older than a symbol take the default for it; without one, adding a symbol breaks every one of them.',
      '  fix: Write "UNKNOWN" as first symbol, and "default": "UNKNOWN".',
    ],
  },
  {
    name: 'an enum without default',
    change: replace(MOVED, '"default": "UNKNOWN"', '"aliases": []'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:24:7 error C008 fields.reason: enum MovementReason needs UNKNOWN as first symbol and as "default"',
      '  why: Readers that are older than a symbol take the default for it; without one, adding a symbol breaks every one of them.',
      '  fix: Write "UNKNOWN" as first symbol, and "default": "UNKNOWN".',
    ],
  },
  {
    name: 'a union of two numbers',
    change: quantity(['int', 'long']),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:7 error C009 fields.quantity: ambiguous union: int and long are both a number in JavaScript',
      '  why: The codec tells the branches of a union apart by the JavaScript value; where it cannot, the shape of values would change with the next branch.',
      '  fix: Keep one branch, or make the alternatives events of their own or one record with nullable parts.',
    ],
  },
  {
    name: 'a union of two records',
    change: (contracts) => {
      const field = { name: 'id', type: 'string', doc: 'The id.' };
      record('eda.common.v1', 'Card', [field])(contracts);
      record('eda.common.v1', 'Cash', [field])(contracts);
      quantity(['null', 'eda.common.v1.Card', 'eda.common.v1.Cash'])(contracts);
    },
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:7 error C009 fields.quantity: ambiguous union: eda.common.v1.Card and eda.common.v1.Cash are both an object in JavaScript',
      '  why: The codec tells the branches of a union apart by the JavaScript value; where it cannot, the shape of values would change with the next branch.',
      '  fix: Keep one branch, or make the alternatives events of their own or one record with nullable parts.',
    ],
  },
  {
    name: 'a branch twice',
    change: quantity(['null', 'null']),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:19:7 error C009 fields.quantity: ambiguous union: null stands in it twice',
      '  why: The codec tells the branches of a union apart by the JavaScript value; where it cannot, the shape of values would change with the next branch.',
      '  fix: Keep one branch, or make the alternatives events of their own or one record with nullable parts.',
    ],
  },
  {
    name: 'a name that is not that of the file',
    change: replace(MOVED, '"name": "StockMoved"', '"name": "StockMove"'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:3:11 error C033 name: is "StockMove", its place asks for "StockMoved"',
      '  why: Namespace, file, topic and subject follow from each other, so that each can be found from the others.',
      '  fix: Write "StockMoved", or move the file.',
    ],
  },
  {
    name: 'another namespace',
    change: replace(MOVED, 'eda.retail.v1', 'eda.retail.v2'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:4:16 error C033 namespace: is "eda.retail.v2", its place asks for "eda.retail.v1"',
      '  why: Namespace, file, topic and subject follow from each other, so that each can be found from the others.',
      '  fix: Write "eda.retail.v1", or move the file.',
    ],
  },
  {
    name: 'a schema in the wrong place',
    change: (contracts) => contracts.write('schemas/Lost.avsc', '{}'),
    lines: [
      'schemas/Lost.avsc:1:1 error C033 schemas stand in schemas/<domain>/v<major>/<Name>.avsc',
      '  why: Namespace, file, topic and subject follow from each other, so that each can be found from the others.',
      '  fix: Move the file; a shared type goes for example to schemas/common/v1.',
    ],
  },
  {
    name: 'a type that is defined twice',
    change: record('eda.retail.v1', 'Again', [
      { name: 'a', doc: 'A.', type: { type: 'fixed', name: 'MovementReason', doc: 'It.', size: 1 } },
    ]),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:26:17 error C033 fields.reason: eda.retail.v1.MovementReason is already defined in schemas/retail/v1/Again.avsc',
      '  why: Two definitions of one name would have to be the same for ever.',
      '  fix: Refer to it by its name, "eda.retail.v1.MovementReason".',
    ],
  },
  {
    name: 'a field with a capital',
    change: replace(MOVED, '"name": "quantity"', '"name": "Quantity"'),
    lines: [
      'schemas/retail/v1/StockMoved.avsc:18:15 error C033 fields.Quantity: a field needs a "name" that begins with a small letter',
      '  why: The name is that of a property in TypeScript.',
      '  fix: Write it in camelCase, for example "storeId".',
    ],
  },
  {
    name: 'two types that would be exported under one name',
    change: (contracts) => {
      const field = { name: 'id', type: 'string', doc: 'The id.' };
      record('eda.common.v1', 'StockMoved', [field])(contracts);
      quantity('eda.common.v1.StockMoved')(contracts);
    },
    lines: [
      'schemas/retail/v1/StockMoved.avsc:3:11 error C033 name: eda.retail.v1.StockMoved and eda.common.v1.StockMoved would both be exported as StockMoved',
      '  why: The types of all domains are imported from one place, @eda/contracts.',
      '  fix: Rename one of them.',
      'schemas/retail/v1/StockMoved.meta.yaml:13:13 error C023 example.quantity: the example of StockMoved cannot be encoded: expected eda.common.v1.StockMoved with the fields id, found 10',
      '  why: The example is recorded as the bytes that every later version has to read, and people copy it.',
      '  fix: Correct the example: timestamps as ISO 8601, decimals and bytes as texts.',
    ],
  },
];
