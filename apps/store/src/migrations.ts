/** The tables of the store: what moved, and what was answered to whom. */
import { KAFKA_MIGRATIONS } from '@eda/kafka';
import type { Migration } from '@eda/service';

export const MIGRATIONS: readonly Migration[] = [
  ...KAFKA_MIGRATIONS,
  {
    name: 'store-0001-movement',
    sql: `
      CREATE TABLE store (
        store_id text PRIMARY KEY,
        movements bigint NOT NULL
      );
      COMMENT ON TABLE store IS 'One row per store, locked by whoever records a movement of it: that is what keeps movements and their events in one order.';
      CREATE TABLE movement (
        event_id uuid PRIMARY KEY,
        store_id text NOT NULL REFERENCES store,
        number bigint NOT NULL,
        sku text NOT NULL,
        quantity integer NOT NULL CHECK (quantity > 0),
        reason text NOT NULL CHECK (reason IN ('SALE', 'RESTOCK')),
        unit_price numeric(12, 2) CHECK (unit_price >= 0),
        occurred_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (store_id, number)
      );
      COMMENT ON COLUMN movement.number IS 'Counts the movements of a store from 1, without gaps, in the order in which they were recorded.';
    `,
  },
  {
    name: 'store-0002-idempotency-key',
    sql: `
      CREATE TABLE idempotency_key (
        key text PRIMARY KEY,
        fingerprint text NOT NULL,
        answer text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at);
    `,
  },
  {
    name: 'store-0003-busy-stores',
    // An update of a row needs room for its new version on the same page, or every version gets an index entry of its own.
    // The reference was checked row by row, though a movement and its store's row are written by one statement.
    sql: `
      ALTER TABLE store SET (fillfactor = 50);
      ALTER TABLE movement DROP CONSTRAINT movement_store_id_fkey;
    `,
  },
];
