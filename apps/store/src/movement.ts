/** A movement as clients send it: its schema for HTTP, and how it becomes the event `StockMoved`. */
import type { StockMovedInput } from '@eda/contracts';
import { Type, type Static } from 'typebox';

const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$';
const ID_WORDS =
  '1 to 64 letters, digits, dots, underscores, colons, hyphens; begins with a letter or digit.';
const LOOKS_LIKE_DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]/;
const FIRST_MOMENT = Date.UTC(1970, 0, 1);
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export const StoreId = Type.String({
  pattern: ID_PATTERN,
  description: `The store. ${ID_WORDS}`,
  examples: ['Store_1'],
});

const Sku = Type.String({
  pattern: ID_PATTERN,
  description: `The item. ${ID_WORDS}`,
  examples: ['Item_1'],
});

const Quantity = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description: 'Pieces; the reason says in which direction.',
  examples: [10],
});

const Reason = Type.Enum(['SALE', 'RESTOCK'], {
  type: 'string',
  description: 'SALE takes pieces out of the store, RESTOCK brings pieces in.',
});

const UnitPrice = Type.Refine(
  Type.Number({
    minimum: 0,
    maximum: 9_999_999_999.99,
    description: 'Price of one piece, at most two decimals.',
    examples: [19.99],
  }),
  (price) => price < 0 || /^\d+(\.\d{1,2})?$/.test(String(price)) || price > 1e20,
  () => 'must have at most two decimals',
);

const OccurredAt = Type.Refine(
  Type.String({
    format: 'date-time',
    description: 'When it happened, ISO 8601 with offset; kept to the millisecond. Now, when absent.',
    examples: ['2026-05-04T09:30:00Z'],
  }),
  (text) => !LOOKS_LIKE_DATE_TIME.test(text) || isMoment(Date.parse(text)),
  () => 'must be a moment between 1970 and 9999',
);

function isMoment(milliseconds: number): boolean {
  return milliseconds >= FIRST_MOMENT && milliseconds <= LAST_MOMENT;
}

const FIELDS = {
  sku: Sku,
  quantity: Quantity,
  reason: Reason,
  unitPrice: Type.Optional(UnitPrice),
  occurredAt: Type.Optional(OccurredAt),
};

/** The body of one movement; the store is in the path. */
export const MovementBody = Type.Object(FIELDS, { additionalProperties: false });
export type MovementBody = Static<typeof MovementBody>;

/** One line of a batch. */
export const MovementLine = Type.Object({ storeId: StoreId, ...FIELDS }, { additionalProperties: false });
export type MovementLine = Static<typeof MovementLine>;

/** Returns the event of a movement; `now` stands in for a time that was not sent. */
export function toStockMoved(
  { unitPrice, occurredAt, ...movement }: MovementLine,
  now: Date,
): StockMovedInput {
  return {
    ...movement,
    unitPrice: unitPrice === undefined ? null : unitPrice.toFixed(2),
    occurredAt: occurredAt === undefined ? now : new Date(occurredAt),
  };
}
