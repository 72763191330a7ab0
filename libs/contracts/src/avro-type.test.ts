import { describe, expect, it } from 'vitest';
import { avroType } from './avro-type.ts';

const LINE = { type: 'record', name: 'Line', fields: [{ name: 'sku', type: 'string' }] };
const ORDER = {
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'lines', type: { type: 'array', items: LINE } },
    { name: 'stock', type: { type: 'map', values: 'long' } },
  ],
};

describe('avroType', () => {
  it('reads plain objects, nested ones too', () => {
    const type = avroType(ORDER);
    const order = { id: 'a', lines: [{ sku: 'b' }, { sku: 'c' }], stock: { b: 1 } };
    const read = type.fromBuffer(type.toBuffer(order)) as typeof order;
    expect(read).toStrictEqual(order);
    expect(Object.getPrototypeOf(read.lines[0])).toBe(Object.prototype);
  });

  it('reads plain objects through a resolver', () => {
    const newer = avroType({
      ...ORDER,
      fields: [...ORDER.fields, { name: 'note', type: 'string', default: 'none' }],
    });
    const older = avroType(ORDER);
    const order = { id: 'a', lines: [], stock: {} };
    expect(newer.fromBuffer(older.toBuffer(order), newer.createResolver(older))).toStrictEqual({
      ...order,
      note: 'none',
    });
  });

  it('takes the schema as text as well, and names of primitive types', () => {
    expect(avroType(JSON.stringify(ORDER)).name).toBe('Order');
    expect(avroType('long').typeName).toBe('long');
  });

  it('refuses a union whose value would need a wrapper', () => {
    const other = { ...LINE, name: 'Other' };
    expect(() => avroType([LINE, other])).toThrow('ambiguous unwrapped union');
  });

  it('keeps every key of a map, __proto__ too', () => {
    const type = avroType({ type: 'map', values: 'long' });
    const map = JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, number>;
    const read = type.fromBuffer(type.toBuffer(map)) as Record<string, number>;
    expect(Object.entries(read)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('reads maps and arrays in blocks that tell their size', () => {
    // A negative count is followed by the bytes of the block.
    const sized = Buffer.from([0x01, 0x06, 0x02, 0x61, 0x02, 0x00]);
    expect(avroType({ type: 'map', values: 'long' }).fromBuffer(sized)).toEqual({ a: 1 });
    expect(
      avroType({ type: 'array', items: 'long' }).fromBuffer(Buffer.from([0x01, 0x02, 0x02, 0x00])),
    ).toEqual([1]);
  });

  it.each([
    ['map', { type: 'map', values: 'long' }],
    ['array', { type: 'array', items: 'long' }],
    ['array of records', { type: 'array', items: LINE }],
  ])('gives up at once on a %s that claims more entries than there are bytes', (_, schema) => {
    const claim = Buffer.concat([avroType('long').toBuffer(2 ** 50), Buffer.alloc(8)]);
    expect(() => avroType(schema).fromBuffer(claim) as unknown).toThrow('is longer than the value');
  });

  it('gives up as well when it only has to skip the collection', () => {
    const writer = avroType(ORDER);
    const reader = avroType({ ...ORDER, fields: [ORDER.fields[0]] });
    const claim = Buffer.concat([
      Buffer.from([0x02, 0x61]),
      avroType('long').toBuffer(2 ** 50),
      Buffer.alloc(8),
    ]);
    expect(() => reader.fromBuffer(claim, reader.createResolver(writer)) as unknown).toThrow(
      'is longer than the value',
    );
  });
});
