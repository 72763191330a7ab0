/** Ways for events to go: through the library, through an outbox, or through the bare client in a way that loses events. */
import {
  createKafkaClient,
  createOutbox,
  createOutboxRelay,
  createProducer,
  encodeEvent,
  KAFKA_MIGRATIONS,
  partitionOf,
  type EventCodec,
  type OutgoingRecord,
  type RecordMetadata,
  type SocketFactory,
} from '@eda/kafka';
import kafkajs from 'kafkajs';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { faultContract, toFaultEvent } from '../fault-contract.ts';
import type { LoadEvent } from '../load.ts';

/**
 * `library`, `outbox`: as services publish. `multi-partition` is a mutant: the bare client, idempotent, with sends over several
 * partitions at once.
 */
export type TransportKind = 'library' | 'outbox' | 'multi-partition';

/** Where an event stands in the log; nowhere yet when only the outbox has it. */
export type Receipt = RecordMetadata | undefined;

export interface Transport {
  /** Sends events of one key, in order; one result for each. */
  send(events: readonly LoadEvent[]): Promise<PromiseSettledResult<Receipt>[]>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly kind: TransportKind;
  readonly codec: EventCodec;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly databaseUrl: string;
  readonly bufferRecords: number;
  readonly deliveryTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly socketFactory: SocketFactory | undefined;
  readonly logger: Logger;
}

const SOURCE = '/eda/faults';

/** Returns a transport; it connects when the first event comes. */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  switch (options.kind) {
    case 'library':
      return libraryTransport(options);
    case 'outbox':
      return outboxTransport(options);
    case 'multi-partition':
      return bareTransport(options);
  }
}

function encode(
  { topic, codec }: Pick<TransportOptions, 'topic' | 'codec'>,
  event: LoadEvent,
): OutgoingRecord {
  const options = { id: event.id };
  const arguments_ = { codec, source: SOURCE, contract: faultContract(topic), options };
  return encodeEvent({ ...arguments_, data: toFaultEvent(event) });
}

function producerOf(options: TransportOptions) {
  const { brokers, logger, socketFactory, requestTimeoutMs, bufferRecords, deliveryTimeoutMs } = options;
  const client = createKafkaClient({
    clientId: 'faults-producer',
    brokers,
    logger,
    requestTimeoutMs,
    ...(socketFactory === undefined ? {} : { socketFactory }),
  });
  return createProducer({
    client,
    codec: options.codec,
    source: SOURCE,
    logger,
    bufferRecords,
    deliveryTimeoutMs,
  });
}

function libraryTransport(options: TransportOptions): Transport {
  const producer = producerOf(options);
  return {
    send: (events) => producer.sendMany(events.map((event) => encode(options, event))),
    close: () => producer.close(20_000),
  };
}

/** An event counts as acknowledged when its transaction has committed; from then on the outbox answers for it. */
async function outboxTransport(options: TransportOptions): Promise<Transport> {
  const { topic, codec, databaseUrl, logger } = options;
  const pool = new Pool({ connectionString: databaseUrl, max: 10 });
  pool.on('error', () => undefined);
  const producer = producerOf(options);
  const outbox = createOutbox({ codec, source: SOURCE });
  const relay = createOutboxRelay({ pool, producer, logger, pollIntervalMs: 50 });
  await relay.start();
  const write = async (events: readonly LoadEvent[]): Promise<PromiseSettledResult<Receipt>[]> => {
    const connection = await pool.connect();
    try {
      await connection.query('BEGIN');
      await outbox.appendMany(
        connection,
        faultContract(topic),
        events.map((event) => ({ data: toFaultEvent(event), options: { id: event.id } })),
      );
      await connection.query('COMMIT');
      return events.map(() => ({ status: 'fulfilled', value: undefined }));
    } catch (reason) {
      return events.map(() => ({ status: 'rejected', reason }));
    } finally {
      connection.release();
    }
  };
  let waiting: {
    events: readonly LoadEvent[];
    resolve: (results: PromiseSettledResult<Receipt>[]) => void;
  }[] = [];
  let writing: Promise<void> | undefined;
  // One transaction after the other, each with all that came meanwhile: the order of rows is the order of publishing.
  const writeAll = async () => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      const results = await write(group.flatMap(({ events }) => events));
      let at = 0;
      for (const { events, resolve } of group) resolve(results.slice(at, (at += events.length)));
    }
    writing = undefined;
  };
  return {
    send: (events) =>
      new Promise((resolve) => {
        waiting.push({ events, resolve });
        writing ??= Promise.resolve().then(writeAll);
      }),
    async close() {
      await writing;
      for (;;) {
        const { rows } = await pool.query<{ left: number }>('SELECT count(*)::int AS left FROM outbox');
        if (rows[0]?.left === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await relay.stop();
      await producer.close(20_000);
      await pool.end();
    },
  };
}

/** The way of the bare client that loses acknowledged events when leaders move; it exists to prove that the oracle sees it. */
function bareTransport({ brokers, topic, codec, partitions, socketFactory }: TransportOptions): Transport {
  const kafka = new kafkajs.Kafka({
    clientId: 'faults-mutant',
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: 10_000,
    ...(socketFactory === undefined ? {} : { socketFactory: socketFactory }),
  });
  const producer = kafka.producer({ idempotent: true });
  let connecting: Promise<void> | undefined;
  let waiting: { event: LoadEvent; resolve: (result: PromiseSettledResult<Receipt>) => void }[] = [];
  let scheduled = false;

  const flush = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const group = waiting;
    waiting = [];
    scheduled = false;
    const messages = group.map(({ event }) => {
      const record = encode({ topic, codec }, event);
      const partition = partitionOf(record.key ?? Buffer.alloc(0), partitions);
      return {
        key: record.key,
        value: record.value,
        headers: record.headers as Record<string, string>,
        partition,
      };
    });
    try {
      const results = await producer.send({ topic, acks: -1, messages });
      const bases = new Map(
        results.map(({ partition, baseOffset }) => [partition, BigInt(baseOffset ?? '-1')]),
      );
      group.forEach(({ resolve }, index) => {
        const partition = messages[index]?.partition ?? 0;
        const offset = bases.get(partition) ?? -1n;
        bases.set(partition, offset + 1n);
        resolve({ status: 'fulfilled', value: { topic, partition, offset } });
      });
    } catch (reason) {
      for (const { resolve } of group) resolve({ status: 'rejected', reason });
    }
  };
  return {
    async send(events) {
      connecting ??= producer.connect();
      await connecting;
      const results = events.map(
        (event) => new Promise<PromiseSettledResult<Receipt>>((resolve) => waiting.push({ event, resolve })),
      );
      if (!scheduled) {
        scheduled = true;
        void flush();
      }
      return Promise.all(results);
    },
    close: () => producer.disconnect(),
  };
}

/** The tables of the library, for whoever makes the database. */
export const TABLES = KAFKA_MIGRATIONS.map(({ sql }) => sql).join('\n');
