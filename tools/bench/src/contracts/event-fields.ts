/** Fields of generated schemas: every kind of Avro type, with defaults, and an example of each. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A field as the schema has it, and a value of it as the example of an event writes it. */
export interface Field {
  readonly name: string;
  readonly type: Json;
  readonly doc: string;
  readonly default?: Json;
  readonly example: Json;
}

interface Kind {
  readonly type: Json;
  readonly default: Json;
  readonly example: Json;
}

const MONEY = 'eda.common.v1.Money';
const CONTACT = 'eda.common.v1.ContactDetails';

/** What a scalar field may be; each has a default, so that it can come and go. */
const KINDS: readonly Kind[] = [
  { type: 'string', default: '', example: 'north-7' },
  { type: 'int', default: 0, example: 12 },
  { type: 'long', default: 0, example: 1_200_000 },
  { type: 'double', default: 0, example: 0.25 },
  { type: 'boolean', default: false, example: true },
  { type: ['null', 'string'], default: null, example: 'B-20' },
  { type: ['null', 'long'], default: null, example: 86_400 },
  { type: ['null', { type: 'string', logicalType: 'uuid' }], default: null, example: null },
  { type: ['null', { type: 'int', logicalType: 'date' }], default: null, example: null },
  { type: ['null', decimal(14, 4)], default: null, example: '10.2500' },
  { type: ['null', MONEY], default: null, example: null },
  { type: { type: 'array', items: 'string' }, default: [], example: ['a', 'b'] },
  { type: { type: 'map', values: 'long' }, default: {}, example: { total: 3 } },
];

/** Returns a field that an event can be given, and lose again, without breaking anybody. */
export function optionalField(name: string, random: () => number): Field {
  const { type, default: value, example } = pick(KINDS, random);
  return {
    name,
    type,
    doc: `The ${name} that was known at the time; its unit is that of the contract.`,
    default: value,
    example,
  };
}

/** Returns what every event begins with; `keyName` is its record key. */
export function firstFields(event: string, keyName: string): Field[] {
  return [
    {
      name: keyName,
      type: 'string',
      doc: 'What the event is about, for example A-1001. Also the record key: events about the same thing stay in order.',
      example: 'A-1001',
    },
    {
      name: 'status',
      type: {
        type: 'enum',
        name: `${event}Status`,
        doc: 'Where the thing stands after the event.',
        symbols: ['UNKNOWN', 'DRAFT', 'PENDING'],
        default: 'UNKNOWN',
      },
      doc: 'The state that the event led to. UNKNOWN is what an older reader sees of a state added later; it is never sent.',
      example: 'PENDING',
    },
    {
      name: 'total',
      type: MONEY,
      doc: 'What it is worth, with its currency.',
      example: { amount: '12.50', currency: 'EUR' },
    },
    {
      name: 'contact',
      type: ['null', CONTACT],
      doc: 'Whom to ask; null when nobody is named.',
      default: null,
      example: { email: 'desk@example.org', phone: null, languages: ['en'] },
    },
    {
      name: 'lines',
      type: { type: 'array', items: lineRecord(event) },
      doc: 'What it consists of, in the order in which it was entered.',
      example: [{ sku: 'Item_1', quantity: 3, unitPrice: '4.10', labels: { shelf: 'top' } }],
    },
    {
      name: 'reference',
      type: { type: 'string', logicalType: 'uuid' },
      doc: 'The number under which the other systems know it.',
      example: '7d9f7a52-8e05-4a2f-9f3e-0a4a5f6b7c8d',
    },
    {
      name: 'grossWeight',
      type: 'long',
      doc: 'Weight with packaging, in grams.',
      example: 12_500,
    },
    {
      name: 'comment',
      type: 'string',
      doc: 'What the person who entered it had to say, empty for nothing.',
      example: 'by telephone',
    },
    {
      name: 'unitPrice',
      type: ['null', decimal(12, 2)],
      doc: 'Price of one piece, with two decimals; null when it is not known.',
      default: null,
      example: '12.50',
    },
    {
      name: 'attempt',
      type: 'int',
      doc: 'How often it was tried before, 0 for the first time.',
      default: 0,
      example: 1,
    },
    {
      name: 'occurredAt',
      type: { type: 'long', logicalType: 'timestamp-millis' },
      doc: 'When it happened, by the clock of the system that saw it; UTC, milliseconds.',
      example: '2026-01-15T09:30:00.000Z',
    },
  ];
}

/** Types that many events share; `version` counts from 1. */
export function sharedTypes(version: number): Readonly<Record<string, Json>> {
  const added = (name: string, since: number) =>
    version < since
      ? []
      : [{ name, type: ['null', 'string'], default: null, doc: `The ${name}, when it is known.` }];
  return {
    Money: record('Money', 'An amount in one currency.', [
      { name: 'amount', type: decimal(18, 2), doc: 'The amount, with two decimals.' },
      { name: 'currency', type: 'string', doc: 'ISO 4217, for example EUR.' },
      ...added('exchange', 3),
    ]),
    ContactDetails: record('ContactDetails', 'How a person or a desk is reached.', [
      { name: 'email', type: ['null', 'string'], default: null, doc: 'An address that is read.' },
      { name: 'phone', type: ['null', 'string'], default: null, doc: 'E.164, for example +4930123.' },
      { name: 'languages', type: { type: 'array', items: 'string' }, doc: 'ISO 639-1, the best one first.' },
      ...added('building', 4),
    ]),
  };
}

function record(name: string, doc: string, fields: readonly Json[]): Json {
  return { type: 'record', name, namespace: 'eda.common.v1', doc, fields };
}

function lineRecord(event: string): Json {
  return {
    type: 'record',
    name: `${event}Line`,
    doc: 'One position.',
    fields: [
      { name: 'sku', type: 'string', doc: 'The item (stock keeping unit), for example Item_1.' },
      { name: 'quantity', type: 'int', doc: 'How many pieces, always greater than zero.' },
      { name: 'unitPrice', type: ['null', decimal(12, 2)], default: null, doc: 'Price of one piece.' },
      { name: 'labels', type: { type: 'map', values: 'string' }, doc: 'What else is written on it.' },
    ],
  };
}

function decimal(precision: number, scale: number): Json {
  return { type: 'bytes', logicalType: 'decimal', precision, scale };
}

/** Returns one of `list`. */
export function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}
