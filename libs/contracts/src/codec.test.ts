import { describe, expect, it, vi } from 'vitest';
import { avroType } from './avro-type.ts';
import { createCodec } from './codec.ts';
import type { EncodedEvent, EncodedRecord, EventEnvelope } from './codec.ts';
import { EVENTS, stockMoved, STOCK_MOVED_SCHEMA, storeStockChanged } from './generated/index.ts';
import type { StockMoved } from './generated/index.ts';
import { createFixedCatalog } from './schema-catalog.ts';
import { withDefaults } from './with-defaults.ts';

const DATA = withDefaults(stockMoved, {
  unitPrice: '12.50',
  storeId: 'Store_1',
  sku: 'Item_1',
  quantity: 10,
  reason: 'RESTOCK',
  occurredAt: new Date('2026-01-15T09:30:00Z'),
});
const EVENT: EventEnvelope<StockMoved> = {
  id: '0190163d-8694-739b-aea5-966c26f8ad91',
  type: stockMoved.type,
  source: '/eda/store',
  time: new Date('2026-01-15T09:30:01Z'),
  key: 'Store_1',
  data: DATA,
  extensions: { correlationid: 'c', traceparent: '00-a-b-01' },
};
const APPENDED = new Date('2026-01-15T09:30:02Z');

const catalog = createFixedCatalog(EVENTS);
const codec = createCodec(catalog);
const received = (record: EncodedEvent, changes: Partial<EncodedRecord> = {}): EncodedRecord => ({
  key: record.key,
  value: record.value,
  headers: record.headers,
  timestamp: APPENDED,
  ...changes,
});
const encoded = codec.encode(stockMoved, EVENT);
const decode = async (changes: Partial<EncodedRecord>): Promise<unknown> => {
  try {
    return await codec.decode(stockMoved, received(encoded, changes));
  } catch (error) {
    return error;
  }
};
const dataOf = (schema: object, data: unknown, id = 77): Buffer => {
  const frame = Buffer.from([0, 0, 0, 0, id]);
  return Buffer.concat([frame, avroType(schema).toBuffer(data)]);
};
/** A codec for whose registry schema 77 is `schema`. */
const codecWithWriter = (schema: object) =>
  createCodec({ ...methods(catalog), known: (id) => (id === 77 ? avroType(schema) : catalog.known(id)) });
const methods = (of: typeof catalog): typeof catalog => ({
  own: (subject) => of.own(subject),
  known: (id) => of.known(id),
  load: (id) => of.load(id),
});
const stockMovedSchema = JSON.parse(STOCK_MOVED_SCHEMA) as {
  name: string;
  fields: { name: string; type: unknown }[];
};

describe('an event', () => {
  it('comes back as it was sent, as plain objects, without waiting for anything', () => {
    const decoded = codec.decode(stockMoved, received(encoded));
    expect(decoded).toStrictEqual(EVENT);
    expect(Object.getPrototypeOf((decoded as typeof EVENT).data)).toBe(Object.prototype);
  });

  it('goes to the topic of its contract, with its key and CloudEvents headers', () => {
    expect(encoded).toMatchObject({ topic: 'retail.stock-moved.v1', key: Buffer.from('Store_1') });
    expect(encoded.headers).toMatchObject({
      ce_id: EVENT.id,
      ce_type: stockMoved.type,
      'content-type': 'application/avro',
    });
  });

  it('has a zero byte and the id of its schema in front', () => {
    const id = catalog.own(stockMoved.subject).id;
    expect(encoded.value.subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, 0, id]));
    expect(encoded.value.subarray(5)).toEqual(avroType(STOCK_MOVED_SCHEMA).toBuffer(DATA));
  });

  it('may be larger than any before it', () => {
    const fresh = createCodec(catalog);
    const large = { ...EVENT, data: { ...DATA, sku: 'x'.repeat(100_000) } };
    const record = fresh.encode(stockMoved, large);
    expect(fresh.decode(stockMoved, received(record))).toStrictEqual(large);
  });

  it('keeps its bytes when the next one is encoded', () => {
    const fresh = createCodec(catalog);
    const first = fresh.encode(stockMoved, EVENT);
    const before = Buffer.from(first.value);
    fresh.encode(stockMoved, { ...EVENT, data: { ...DATA, sku: 'Item_2' } });
    expect(first.value).toEqual(before);
  });

  it('without ce_time has the time of the record', async () => {
    const headers = Object.fromEntries(Object.entries(encoded.headers).filter(([key]) => key !== 'ce_time'));
    expect(await decode({ headers })).toMatchObject({ time: APPENDED });
  });

  it('without a key in the record gets the key of its contract', async () => {
    expect(await decode({ key: null })).toMatchObject({ key: 'Store_1' });
  });

  it('of a contract the catalog does not have is the mistake of the service', () => {
    const only = createCodec(createFixedCatalog([stockMoved]));
    expect(() => only.decode(storeStockChanged, received(encoded))).toThrow(TypeError);
  });
});

describe('data that does not fit its schema', () => {
  it('is refused with every wrong place', () => {
    const data = {
      ...DATA,
      storeId: 5,
      quantity: 1.5,
      reason: 'GIFT',
      unitPrice: '1.234',
      occurredAt: 'now',
    };
    const encode = () => codec.encode(stockMoved, { ...EVENT, data: data as unknown as StockMoved });
    expect(encode).toThrow(
      expect.objectContaining({
        name: 'SerializationError',
        wrong: [
          { path: 'storeId', expected: 'string', found: '5' },
          { path: 'quantity', expected: 'int', found: '1.5' },
          { path: 'reason', expected: 'one of UNKNOWN, SALE, RESTOCK', found: '"GIFT"' },
          { path: 'unitPrice', expected: 'null or decimal', found: '"1.234"' },
          { path: 'occurredAt', expected: 'timestamp-millis', found: '"now"' },
        ],
      }) as Error,
    );
  });

  it('is refused when something is missing, or all of it', () => {
    const data = Object.fromEntries(Object.entries(DATA).filter(([key]) => key !== 'sku'));
    const encode = (value: unknown) => () =>
      codec.encode(stockMoved, { ...EVENT, data: value as StockMoved });
    expect(encode(data)).toThrow('sku: expected string, found nothing');
    expect(encode(null)).toThrow('the value: expected eda.retail.v1.StockMoved');
  });

  it('is refused when a number cannot be kept exactly', () => {
    const change = (stock: Record<string, number>) =>
      codec.encode(storeStockChanged, {
        ...EVENT,
        type: storeStockChanged.type,
        data: { storeId: 'Store_1', stock, asOf: new Date(0) },
      });
    expect(() => change({ Item_1: 2 ** 53 })).toThrow('stock.Item_1: expected long, found 9007199254740992');
  });
});

describe('a value that is not an event', () => {
  const framed = (hex: string) => Buffer.concat([encoded.value.subarray(0, 5), Buffer.from(hex, 'hex')]);

  it.each<[string, Buffer | null, string, string]>([
    ['a tombstone', null, 'VALUE_MISSING', 'tombstone'],
    ['nothing', Buffer.alloc(0), 'VALUE_TOO_SHORT', '0 bytes'],
    ['four bytes', Buffer.alloc(4), 'VALUE_TOO_SHORT', '4 bytes'],
    ['JSON', Buffer.from('{"storeId":"Store_1"}'), 'VALUE_NOT_FRAMED', 'looks like JSON'],
    ['short JSON', Buffer.from('[]'), 'VALUE_NOT_FRAMED', 'looks like JSON'],
    ['text', Buffer.from('hello'), 'VALUE_NOT_FRAMED', '0x68656c6c6f'],
    ['a frame with nothing in it', encoded.value.subarray(0, 5), 'AVRO_TRUNCATED', 'ends too early'],
    ['half an event', encoded.value.subarray(0, -3), 'AVRO_TRUNCATED', 'ends too early'],
    [
      'more than an event',
      Buffer.concat([encoded.value, Buffer.from('xy')]),
      'AVRO_TRAILING_BYTES',
      '2 bytes',
    ],
    ['garbage behind a good frame', framed('ffffffffffffffffff7f'), 'AVRO_TRUNCATED', 'ends too early'],
    ['an enum symbol that does not exist', framed('0253024906140000'), 'AVRO_INVALID', 'not valid Avro'],
  ])('%s is poison with its reason', async (_, value, code, message) => {
    expect(await decode({ value })).toMatchObject({
      name: 'DeserializationError',
      verdict: 'poison',
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('another event of ours is poison, and names both', async () => {
    const other = codec.encode(storeStockChanged, {
      ...EVENT,
      type: storeStockChanged.type,
      data: { storeId: 'Store_1', stock: {}, asOf: new Date(0) },
    });
    expect(await decode({ value: other.value })).toMatchObject({
      code: 'SCHEMA_MISMATCH',
      message: expect.stringMatching(/StoreStockChanged.*StockMoved/) as string,
    });
  });

  it.each<[string, Record<string, string>, string, string]>([
    [
      'of another type',
      { ce_type: storeStockChanged.type },
      'HEADER_INVALID',
      'expected eda.retail.v1.StockMoved',
    ],
    ['of another media type', { 'content-type': 'application/json' }, 'HEADER_INVALID', 'application/json'],
    ['without an id', { ce_id: '' }, 'HEADER_INVALID', 'ce_id'],
  ])('an event %s is poison', async (_, headers, code, message) => {
    expect(await decode({ headers: { ...encoded.headers, ...headers } })).toMatchObject({
      verdict: 'poison',
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('is told by its value, whatever its headers lack', async () => {
    expect(await decode({ value: null, headers: {} })).toMatchObject({ code: 'VALUE_MISSING' });
  });
});

describe('an event of another version', () => {
  const change = (name: string, type: unknown) => ({
    ...stockMovedSchema,
    fields: stockMovedSchema.fields.map((field) => (field.name === name ? { ...field, type } : field)),
  });

  it('with more fields is read without them', async () => {
    const writer = {
      ...stockMovedSchema,
      fields: [{ name: 'channel', type: 'string' }, ...stockMovedSchema.fields],
    };
    const value = dataOf(writer, { channel: 'web', ...DATA });
    expect(await codecWithWriter(writer).decode(stockMoved, received(encoded, { value }))).toStrictEqual(
      EVENT,
    );
  });

  it('without a field that has a default is read with the default', async () => {
    const writer = {
      ...stockMovedSchema,
      fields: stockMovedSchema.fields.filter(({ name }) => name !== 'unitPrice'),
    };
    const value = dataOf(writer, DATA);
    expect(await codecWithWriter(writer).decode(stockMoved, received(encoded, { value }))).toStrictEqual({
      ...EVENT,
      data: { ...DATA, unitPrice: null },
    });
  });

  it('with a reason we do not know is read as UNKNOWN', async () => {
    const writer = change('reason', {
      type: 'enum',
      name: 'MovementReason',
      symbols: ['UNKNOWN', 'SALE', 'RESTOCK', 'GIFT'],
      default: 'UNKNOWN',
    });
    const value = dataOf(writer, { ...DATA, reason: 'GIFT' });
    expect(await codecWithWriter(writer).decode(stockMoved, received(encoded, { value }))).toMatchObject({
      data: { reason: 'UNKNOWN' },
    });
  });

  it('is read with a resolver that is made once', async () => {
    const writer = avroType({ ...stockMovedSchema, fields: stockMovedSchema.fields.slice().reverse() });
    const known = vi.fn((id: number) => (id === 77 ? writer : undefined));
    const fresh = createCodec({ ...methods(catalog), known });
    const value = Buffer.concat([Buffer.from([0, 0, 0, 0, 77]), writer.toBuffer(DATA)]);
    for (let count = 0; count < 3; count += 1) await fresh.decode(stockMoved, received(encoded, { value }));
    expect(known).toHaveBeenCalledOnce();
  });

  it('waits for the schema of its writer when nobody has seen it yet', async () => {
    const writer = avroType(STOCK_MOVED_SCHEMA);
    const fresh = createCodec({ ...methods(catalog), load: () => Promise.resolve(writer) });
    const value = Buffer.concat([Buffer.from([0, 0, 0, 0, 99]), writer.toBuffer(DATA)]);
    const pending = fresh.decode(stockMoved, received(encoded, { value }));
    expect(pending).toBeInstanceOf(Promise);
    expect(await pending).toStrictEqual(EVENT);
    expect(fresh.decode(stockMoved, received(encoded, { value }))).toStrictEqual(EVENT);
  });
});
