import type { Logger } from 'pino';
import { Accumulator } from './accumulator.ts';
import type { KafkaClient } from './client-types.ts';
import { encodeEvent } from './encode-event.ts';
import { BufferExhausted, Closed, DeadlineExceeded, NotSent, RecordTooLarge } from './errors.ts';
import type { MetricsOptions } from './metrics.ts';
import type { Succession } from './pending-record.ts';
import { createProducerMetrics } from './producer-metrics.ts';
import { ProducerSession, ProducerSessions } from './producer-session.ts';
import { createSuccessions } from './successions.ts';
import { TopicRouter } from './topic-router.ts';
import type { TraceHeaders } from './trace-context.ts';
import { endWith, failSpan, startSend } from './tracing.ts';
import type {
  EventCodec,
  EventContract,
  OutgoingRecord,
  Producer,
  PublishManyOptions,
  PublishOptions,
  RecordMetadata,
  SendManyOptions,
} from './types.ts';
import { toWireRecord } from './wire-record.ts';

export interface ProducerOptions {
  readonly client: KafkaClient;
  readonly codec: EventCodec;
  /** CloudEvents source of what `publish` sends, for example `/eda/store`. */
  readonly source: string;
  readonly logger: Logger;
  readonly metrics?: MetricsOptions;
  readonly maxBatchRecords?: number;
  readonly maxBatchBytes?: number;
  /** Records larger than this are refused before they are sent; the broker's limit usually is lower. */
  readonly maxRecordBytes?: number;
  /** Memory for records on their way; beyond it `publish` rejects with `BufferExhausted`. */
  readonly bufferBytes?: number;
  readonly bufferRecords?: number;
  /** How long a caller waits for the outcome, in milliseconds. */
  readonly deliveryTimeoutMs?: number;
  /** How long the first record of an idle partition waits for company, in milliseconds; 0 sends at once. */
  readonly lingerMs?: number;
}

/** Resolves as `work` does, or rejects with `DeadlineExceeded` after `deadlineMs`. */
async function within<T>(work: Promise<T>, deadlineMs: number | undefined, what: string): Promise<T> {
  if (deadlineMs === undefined) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new DeadlineExceeded(`${what} took longer than ${deadlineMs} ms`));
  }, deadlineMs);
  return Promise.race([work, promise]).finally(() => {
    clearTimeout(timer);
  });
}

class AccumulatingProducer implements Producer {
  readonly #options: ProducerOptions;
  readonly #maxRecordBytes: number;
  readonly #sessions: ProducerSessions;
  readonly #router: TopicRouter;
  readonly #accumulator: Accumulator;
  readonly #metrics;
  #closing: Promise<void> | undefined;

  constructor(options: ProducerOptions) {
    this.#options = options;
    const { client, logger, metrics, bufferBytes = 32 << 20, maxRecordBytes = 8 << 20 } = options;
    this.#maxRecordBytes = Math.min(maxRecordBytes, bufferBytes);
    this.#metrics = createProducerMetrics(metrics, () => ({
      bytes: this.#accumulator.bytes,
      records: this.#accumulator.records,
    }));
    this.#sessions = new ProducerSessions(() => new ProducerSession(client.producer(), logger));
    this.#accumulator = new Accumulator(
      {
        maxBatchRecords: options.maxBatchRecords ?? 500,
        maxBatchBytes: options.maxBatchBytes ?? 512_000,
        bufferBytes,
        bufferRecords: options.bufferRecords ?? 100_000,
        deliveryTimeoutMs: options.deliveryTimeoutMs ?? 30_000,
        lingerMs: options.lingerMs ?? 0,
        retry: { initialMs: 50, maxMs: 1000 },
      },
      {
        session: () => this.#sessions.current(),
        retire: (session) => {
          logger.warn('what became of a batch cannot be known; new batches get a new producer id');
          this.#sessions.retire(session);
        },
        topicExists: (topic) => this.#router.exists(topic),
        attempted: (failure, topic, records, durationMs) => {
          this.#metrics.appended(topic, records, durationMs, failure?.code);
          if (failure !== undefined)
            logger.warn({ topic, records, code: failure.code }, 'a batch was not acknowledged');
        },
        doubted: (topic, records) => {
          this.#metrics.unknownOutcome(topic, records);
        },
      },
    );
    this.#router = new TopicRouter(client.admin(), {
      deliver: (record, partition) => {
        this.#accumulator.add(record, partition);
      },
      refuse: (record, error) => {
        this.#accumulator.refuse(record, error);
      },
    });
  }

  async publish<T>(
    contract: EventContract<T>,
    data: T,
    options: PublishOptions = {},
  ): Promise<RecordMetadata> {
    return this.#accept(this.#encode(contract, data, options));
  }

  publishMany<T>(
    contract: EventContract<T>,
    data: readonly T[],
    options: PublishManyOptions = {},
  ): Promise<PromiseSettledResult<RecordMetadata>[]> {
    return this.#acceptMany(data, (one) => this.#accept(this.#encode(contract, one, options)));
  }

  async send(record: OutgoingRecord): Promise<RecordMetadata> {
    return this.#accept(record);
  }

  sendMany(
    records: readonly OutgoingRecord[],
    { keepKeyOrder = false }: SendManyOptions = {},
  ): Promise<PromiseSettledResult<RecordMetadata>[]> {
    if (!keepKeyOrder) return this.#acceptMany(records, (record) => this.#accept(record));
    const successions = createSuccessions();
    return this.#acceptMany(records, (record) => this.#acceptBehind(record, successions.of(record)));
  }

  #acceptBehind(record: OutgoingRecord, succession: Succession | undefined): Promise<RecordMetadata> {
    if (succession === undefined) return this.#accept(record);
    if (succession.refusal !== undefined)
      throw new NotSent('a record of the same key before this one was refused', succession.refusal);
    try {
      return this.#accept(record, succession);
    } catch (error) {
      succession.refusal = error;
      throw error;
    }
  }

  #encode<T>(contract: EventContract<T>, data: T, options: PublishOptions): OutgoingRecord {
    const { codec, source } = this.#options;
    return encodeEvent({ codec, source, contract, data, options });
  }

  #acceptMany<T>(
    items: readonly T[],
    accept: (item: T) => Promise<RecordMetadata>,
  ): Promise<PromiseSettledResult<RecordMetadata>[]> {
    let refused: { readonly error: unknown } | undefined;
    const results = items.map(async (item) => {
      // Sending what comes behind a record that was not accepted would put it before that record's next try.
      if (refused !== undefined)
        throw new NotSent('a record before this one was not accepted', refused.error);
      let accepted: Promise<RecordMetadata>;
      try {
        accepted = accept(item);
      } catch (error) {
        // A record that is bad in itself holds back nothing of another key.
        if (error instanceof BufferExhausted || error instanceof Closed) refused = { error };
        throw error;
      }
      return accepted;
    });
    return Promise.allSettled(results);
  }

  async flush(deadlineMs?: number): Promise<void> {
    await within(this.#accumulator.idle(), deadlineMs, 'flushing the producer');
  }

  close(deadlineMs = 10_000): Promise<void> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<void> {
    try {
      await this.flush(deadlineMs);
    } catch (error) {
      this.#options.logger.warn(
        { err: error, records: this.#accumulator.records },
        'closing the producer with undecided records',
      );
      this.#router.abandon(new NotSent('the producer was closed'));
      this.#accumulator.abandon('the producer was closed');
    }
    this.#metrics.close();
    await within(
      Promise.all([this.#sessions.endAll(), this.#router.close()]),
      2000,
      'disconnecting the producer',
    ).catch((error: unknown) => {
      this.#options.logger.debug({ err: error }, 'the producer did not disconnect in time');
    });
  }

  /** Synchronous up to the queue, so that the order of calls is the order in the log. Throws what refuses the record. */
  #accept(record: OutgoingRecord, succession?: Succession): Promise<RecordMetadata> {
    if (this.#closing !== undefined) throw new Closed('the producer is closed');
    const { span, headers } = startSend(record);
    if (span === undefined) return this.#enqueue(record, headers, succession);
    try {
      return endWith(span, this.#enqueue(record, headers, succession));
    } catch (error) {
      failSpan(span, error);
      throw error;
    }
  }

  #enqueue(
    record: OutgoingRecord,
    trace: TraceHeaders,
    succession: Succession | undefined,
  ): Promise<RecordMetadata> {
    const wire = toWireRecord(record, Date.now(), trace);
    if (wire.size > this.#maxRecordBytes) {
      throw new RecordTooLarge(
        `a record of ${wire.size} bytes for ${record.topic} is larger than the producer's limit of ${this.#maxRecordBytes} bytes`,
      );
    }
    const pending = this.#accumulator.reserve(record.topic, wire, succession);
    this.#router.route(pending, record.partition);
    return pending.promise;
  }
}

/**
 * The producer: per partition in order, acknowledged by all in-sync replicas, no duplicate made by it while the process lives.
 * Connects when the first record comes and rides out broker outages; what callers are told is written at `Producer`.
 */
export function createProducer(options: ProducerOptions): Producer {
  return new AccumulatingProducer(options);
}
