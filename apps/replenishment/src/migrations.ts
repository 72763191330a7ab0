/** The tables of replenishment: the last known level of every item, and the open requests. */
import { KAFKA_MIGRATIONS } from '@eda/kafka';

export const MIGRATIONS = [
  ...KAFKA_MIGRATIONS,
  {
    name: 'replenishment-0001-requests',
    // A request is open as long as its row stands; the sku as key keeps a second one from being opened.
    sql: `
      CREATE TABLE item_level (
        sku text PRIMARY KEY,
        stock bigint NOT NULL,
        as_of timestamptz NOT NULL,
        changed_at timestamptz NOT NULL
      );
      CREATE TABLE open_request (
        sku text PRIMARY KEY REFERENCES item_level,
        stock bigint NOT NULL,
        threshold bigint NOT NULL,
        quantity bigint NOT NULL,
        requested_at timestamptz NOT NULL
      );
    `,
  },
];
