/** What the codec is measured with: an event of each shape, and the peers' view of its schema. */
import {
  type ContractReference,
  EVENTS,
  itemStockChanged,
  replenishmentRequested,
  stockMoved,
  storeStockChanged,
} from '@eda/contracts';
import avsc from 'avsc';

export interface CodecCase {
  readonly name: string;
  readonly contract: ContractReference<unknown>;
  readonly schema: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const AT = new Date('2026-01-15T09:30:00.123Z');

const DATA: readonly (readonly [ContractReference<never>, Readonly<Record<string, unknown>>])[] = [
  [itemStockChanged, { sku: 'Item_1', stock: 50, asOf: AT }],
  [replenishmentRequested, { sku: 'Item_1', stock: 3, threshold: 10, quantity: 40, requestedAt: AT }],
  [
    stockMoved,
    {
      storeId: 'Store_1',
      sku: 'Item_1',
      quantity: 10,
      reason: 'RESTOCK',
      unitPrice: '12.50',
      occurredAt: AT,
    },
  ],
  [storeStockChanged, { storeId: 'Store_1', stock: { Item_1: 10, Item_2: 0, Item_3: 10 }, asOf: AT }],
];

/** One value of each event. */
export const CODEC_CASES: readonly CodecCase[] = DATA.map(([contract, data]) => {
  const schema = EVENTS.find(({ subject }) => subject === contract.subject)?.schema;
  if (schema === undefined) throw new Error(`${contract.subject} is no event any more`);
  return { name: contract.type, contract: contract, schema, data };
});

/** Dates as the documentation of avsc makes them; without it avsc would leave them as numbers. */
class PlainDate extends avsc.types.LogicalType {
  protected override _fromValue(millis: number): Date {
    return new Date(millis);
  }

  protected override _toValue(value: unknown): number | undefined {
    return value instanceof Date ? Number(value) : undefined;
  }
}

/** The schema as avsc itself reads it, with dates; a decimal stays the bytes that it is in Avro. */
export function plainType(schema: unknown): avsc.Type {
  return avsc.Type.forSchema(
    (typeof schema === 'string' ? JSON.parse(schema) : schema) as avsc.Schema,
    {
      wrapUnions: 'never',
      logicalTypes: { 'timestamp-millis': PlainDate },
    } as never,
  );
}

/** The schema of a writer that did not have this field yet. */
export function withoutField(schema: string, name: string): Record<string, unknown> {
  const record = JSON.parse(schema) as { fields: { name: string }[] };
  return { ...record, fields: record.fields.filter((field) => field.name !== name) };
}
