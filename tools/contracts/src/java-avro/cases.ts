/** Values of every kind of schema, and what Java's Avro must take each for. */

export interface JavaCase {
  readonly name: string;
  /** Of the one field of a record. */
  readonly type: unknown;
  /** As our codec has it. */
  readonly value: unknown;
  /** As Java prints it, logical types converted. */
  readonly text: string;
}

const decimal = (precision: number, scale: number) => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});
const fixedDecimal = {
  type: 'fixed',
  name: 'Amount',
  size: 8,
  logicalType: 'decimal',
  precision: 18,
  scale: 4,
};
const instant = { type: 'long', logicalType: 'timestamp-millis' };
const day = { type: 'int', logicalType: 'date' };
const point = {
  type: 'record',
  name: 'Point',
  fields: [
    { name: 'x', type: 'int' },
    { name: 'y', type: ['null', 'double'], default: null },
  ],
};
const chain = {
  type: 'record',
  name: 'Chain',
  fields: [
    { name: 'link', type: 'string' },
    { name: 'next', type: ['null', 'Chain'], default: null },
  ],
};

export const JAVA_CASES: readonly JavaCase[] = [
  { name: 'null', type: 'null', value: null, text: 'null' },
  { name: 'boolean', type: 'boolean', value: true, text: 'true' },
  { name: 'int, least', type: 'int', value: -(2 ** 31), text: '-2147483648' },
  { name: 'int, greatest', type: 'int', value: 2 ** 31 - 1, text: '2147483647' },
  { name: 'long, negative beyond 2^52', type: 'long', value: -(2 ** 52) - 1, text: '-4503599627370497' },
  { name: 'long, greatest', type: 'long', value: 2 ** 53 - 2, text: '9007199254740990' },
  { name: 'float', type: 'float', value: 0.5, text: '0.5' },
  { name: 'double', type: 'double', value: 0.1, text: '0.1' },
  { name: 'string', type: 'string', value: 'Grün 🛒', text: '"Grün 🛒"' },
  { name: 'string, empty', type: 'string', value: '', text: '""' },
  { name: 'bytes', type: 'bytes', value: Buffer.from('abc'), text: '"abc"' },
  {
    name: 'fixed',
    type: { type: 'fixed', name: 'Pair', size: 2 },
    value: Buffer.from([1, 2]),
    text: '[1, 2]',
  },
  {
    name: 'enum',
    type: { type: 'enum', name: 'Side', symbols: ['A', 'B'], default: 'A' },
    value: 'B',
    text: '"B"',
  },
  { name: 'array', type: { type: 'array', items: 'int' }, value: [1, -1, 300], text: '[1, -1, 300]' },
  { name: 'array, empty', type: { type: 'array', items: 'int' }, value: [], text: '[]' },
  {
    name: 'array, of many',
    type: { type: 'array', items: 'int' },
    value: Array.from({ length: 100 }, (_, index) => index),
    text: `[${Array.from({ length: 100 }, (_, index) => index).join(', ')}]`,
  },
  { name: 'map', type: { type: 'map', values: 'int' }, value: { Item_1: 10 }, text: '{"Item_1": 10}' },
  {
    name: 'map of arrays',
    type: { type: 'map', values: { type: 'array', items: 'string' } },
    value: { a: ['b', 'c'] },
    text: '{"a": ["b", "c"]}',
  },
  { name: 'union, null', type: ['null', 'string'], value: null, text: 'null' },
  { name: 'union, a value', type: ['null', 'string'], value: 'x', text: '"x"' },
  { name: 'union of several', type: ['null', 'string', 'boolean', 'double'], value: 0.25, text: '0.25' },
  { name: 'record', type: point, value: { x: 1, y: -2.5 }, text: '{"x": 1, "y": -2.5}' },
  {
    name: 'records in an array',
    type: { type: 'array', items: point },
    value: [
      { x: 1, y: null },
      { x: 2, y: 0.5 },
    ],
    text: '[{"x": 1, "y": null}, {"x": 2, "y": 0.5}]',
  },
  {
    name: 'recursion',
    type: chain,
    value: { link: 'a', next: { link: 'b', next: null } },
    text: '{"link": "a", "next": {"link": "b", "next": null}}',
  },
  {
    name: 'timestamp-millis',
    type: instant,
    value: new Date(1_700_000_000_123),
    text: '"2023-11-14T22:13:20.123Z"',
  },
  {
    name: 'timestamp-millis before 1970',
    type: instant,
    value: new Date(-1),
    text: '"1969-12-31T23:59:59.999Z"',
  },
  { name: 'date', type: day, value: '2026-02-28', text: '"2026-02-28"' },
  { name: 'date before 1970', type: day, value: '1969-12-31', text: '"1969-12-31"' },
  {
    name: 'uuid',
    type: { type: 'string', logicalType: 'uuid' },
    value: '2a1ba8a5-6d47-4d6f-9d76-1ec8f3a4f9f1',
    text: '"2a1ba8a5-6d47-4d6f-9d76-1ec8f3a4f9f1"',
  },
  { name: 'decimal', type: decimal(12, 2), value: '12.50', text: '12.50' },
  { name: 'decimal, negative', type: decimal(12, 2), value: '-0.01', text: '-0.01' },
  { name: 'decimal, at the edge of a byte', type: decimal(12, 2), value: '-1.28', text: '-1.28' },
  { name: 'decimal, one beyond it', type: decimal(12, 2), value: '1.28', text: '1.28' },
  { name: 'decimal of zero', type: decimal(12, 2), value: '0.00', text: '0.00' },
  {
    name: 'decimal without a scale',
    type: decimal(20, 0),
    value: '-98765432109876543210',
    text: '-98765432109876543210',
  },
  {
    name: 'decimal of many digits',
    type: decimal(38, 10),
    value: '1234567890123456789.0123456789',
    text: '1234567890123456789.0123456789',
  },
  { name: 'decimal on fixed', type: fixedDecimal, value: '-12345.6789', text: '-12345.6789' },
  { name: 'decimal or null', type: ['null', { ...decimal(9, 3) }], value: '1.500', text: '1.500' },
];
