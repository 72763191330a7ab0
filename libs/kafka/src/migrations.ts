/** One step of a database schema; applied once, in order, by whoever owns the database. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The tables of inbox, fence and outbox. Services run these before their own. */
export const KAFKA_MIGRATIONS: readonly Migration[] = [
  {
    name: 'kafka-0001-inbox',
    sql: `
CREATE TABLE inbox (
  group_id text NOT NULL,
  event_id text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  record_offset bigint NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_id, event_id)
);
CREATE INDEX inbox_processed_at ON inbox (processed_at);
COMMENT ON TABLE inbox IS 'One row per event whose effect is in this database: the same event is never applied twice.';`,
  },
  {
    name: 'kafka-0002-consumer-offset',
    sql: `
CREATE TABLE consumer_offset (
  group_id text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL,
  last_fingerprint bigint,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_id, topic, partition)
);
COMMENT ON TABLE consumer_offset IS 'The fence: the offset of the first record of a partition whose effect is not in this database.';`,
  },
  {
    name: 'kafka-0003-outbox',
    sql: `
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL,
  topic text NOT NULL,
  key bytea,
  value bytea,
  headers jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE outbox IS 'Encoded records that belong to committed changes and are not in Kafka yet; a row is deleted when Kafka has acknowledged it.';`,
  },
  {
    name: 'kafka-0004-parked',
    sql: `
CREATE TABLE parked_key (
  group_id text NOT NULL,
  topic text NOT NULL,
  key bytea NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL,
  next_try_at timestamptz NOT NULL,
  error_name text,
  error_message text,
  error_code text,
  PRIMARY KEY (group_id, topic, key)
);
CREATE INDEX parked_key_next_try ON parked_key (group_id, next_try_at);
COMMENT ON TABLE parked_key IS 'Keys of which a record could not be handled; whatever else comes with the key waits behind it, in order.';
CREATE TABLE parked_record (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  group_id text NOT NULL,
  topic text NOT NULL,
  key bytea NOT NULL,
  partition integer NOT NULL,
  record_offset bigint NOT NULL,
  appended_at timestamptz NOT NULL,
  value bytea,
  headers jsonb NOT NULL,
  UNIQUE (group_id, topic, partition, record_offset),
  FOREIGN KEY (group_id, topic, key) REFERENCES parked_key
);
CREATE INDEX parked_record_order ON parked_record (group_id, topic, key, id);
COMMENT ON TABLE parked_record IS 'The records of parked keys as they came; per key they are handled in the order of their ids.';`,
  },
];
