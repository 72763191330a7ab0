import type { PoolClient } from 'pg';
import { runCausedBy } from './correlation.ts';
import type { EncodedEvent } from './encode-event.ts';
import { createEvent } from './encode-event.ts';
import { InvalidRecord, RecordTooLarge } from './errors.ts';
import { storeHeaders } from './outbox-headers.ts';
import type { EventCodec, EventContract, EventEnvelope, PublishOptions } from './types.ts';
import { toWireRecord } from './wire-record.ts';

export interface OutboxOptions {
  readonly codec: EventCodec;
  /** CloudEvents source, for example `/eda/store`. */
  readonly source: string;
  /** A larger record fails here, in the caller's transaction, and not later where nobody waits for it. */
  readonly maxRecordBytes?: number;
}

export interface OutboxEvent<T> {
  readonly data: T;
  readonly options?: PublishOptions;
  /** The event because of which this one happens, where a handler works on several at a time: its correlation is carried on. */
  readonly cause?: Pick<EventEnvelope<unknown>, 'id' | 'extensions'>;
}

export interface Outbox {
  /**
   * Adds an event to the transaction `tx`: it is published if, and only if, the transaction commits. Resolves with the event id;
   * rejects with `RecordTooLarge`, or `InvalidRecord`, also for a record that names its partition: rows keep none.
   */
  append<T>(tx: PoolClient, contract: EventContract<T>, data: T, options?: PublishOptions): Promise<string>;
  /** As `append` for several events, published in this order, in one statement. Resolves with the event ids in order. */
  appendMany<T>(
    tx: PoolClient,
    contract: EventContract<T>,
    events: readonly OutboxEvent<T>[],
  ): Promise<string[]>;
  /** Encodes events before any row is locked for them, so that others wait a shorter time; throws what cannot be published. */
  encodeMany<T>(contract: EventContract<T>, events: readonly OutboxEvent<T>[]): EncodedEvents;
}

/** Events that only have to be written. */
export interface EncodedEvents {
  /** In the order of the events. */
  readonly ids: readonly string[];
  /** Adds the events to the transaction `tx`, published in their order. Lock the aggregate before. */
  append(tx: PoolClient): Promise<void>;
}

/** The broker's default limit is 1,048,588 bytes for a batch. */
const DEFAULT_MAX_RECORD_BYTES = 1_000_000;

const INSERT = `
INSERT INTO outbox (event_id, topic, key, value, headers)
SELECT event_id, topic, key, value, headers::jsonb
FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::text[]) WITH ORDINALITY AS r (event_id, topic, key, value, headers, n)
ORDER BY n`;

/**
 * The outbox: events as rows of the caller's own transaction, already encoded, so that what cannot be encoded fails the change.
 * Order per aggregate holds because its row is locked before its outbox row is written (docs/decisions/0022).
 */
export function createOutbox({
  codec,
  source,
  maxRecordBytes = DEFAULT_MAX_RECORD_BYTES,
}: OutboxOptions): Outbox {
  const toWrite = (events: readonly EncodedEvent[]): EncodedEvents => {
    for (const { record } of events) {
      if (record.partition !== undefined)
        throw new InvalidRecord(`an event for ${record.topic} names a partition: the outbox goes by the key`);
      const { size } = toWireRecord(record);
      if (size > maxRecordBytes)
        throw new RecordTooLarge(
          `an event of ${size} bytes for ${record.topic} is larger than ${maxRecordBytes} bytes`,
        );
    }
    const ids = events.map(({ id }) => id);
    const columns = [
      ids,
      events.map(({ record }) => record.topic),
      events.map(({ record }) => record.key),
      events.map(({ record }) => record.value),
      events.map(({ record }) => JSON.stringify(storeHeaders(record.headers))),
    ];
    return {
      ids,
      async append(tx) {
        if (ids.length > 0) await tx.query(INSERT, columns);
      },
    };
  };
  const encodeMany: Outbox['encodeMany'] = (contract, events) =>
    toWrite(
      events.map(({ data, options, cause }) => {
        const create = () =>
          createEvent({ codec, source, contract, data, ...(options === undefined ? {} : { options }) });
        return cause === undefined ? create() : runCausedBy(cause, create);
      }),
    );
  return {
    encodeMany,
    async append(tx, contract, data, options) {
      const event = createEvent({
        codec,
        source,
        contract,
        data,
        ...(options === undefined ? {} : { options }),
      });
      await toWrite([event]).append(tx);
      return event.id;
    },
    async appendMany(tx, contract, events) {
      const encoded = encodeMany(contract, events);
      await encoded.append(tx);
      return [...encoded.ids];
    },
  };
}
