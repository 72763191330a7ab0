/** The tables of inventory: stock per store and per item. */
import { KAFKA_MIGRATIONS } from '@eda/kafka';

export const MIGRATIONS = [
  ...KAFKA_MIGRATIONS,
  {
    name: 'inventory-0001-stock',
    // as_of: when the newest movement in the stock occurred; changed_at: when the row last changed, rising with each change.
    // Quantities may be negative: a restock can be recorded after the sale of what it brought.
    sql: `
      CREATE TABLE store (
        store_id text PRIMARY KEY,
        as_of timestamptz NOT NULL,
        changed_at timestamptz NOT NULL
      );
      CREATE TABLE store_stock (
        store_id text NOT NULL REFERENCES store,
        sku text NOT NULL,
        quantity bigint NOT NULL,
        PRIMARY KEY (store_id, sku)
      );
      CREATE TABLE item_stock (
        sku text PRIMARY KEY,
        quantity bigint NOT NULL,
        as_of timestamptz NOT NULL,
        changed_at timestamptz NOT NULL
      );
    `,
  },
];
