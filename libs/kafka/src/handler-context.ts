import type { PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { Deadline } from './handler-deadline.ts';
import type { EventEnvelope, HandlerContext, RawRecord, ReceivedRecord } from './types.ts';

class Context implements HandlerContext {
  readonly #deadline: Deadline;
  readonly #tx: PoolClient | undefined;
  readonly #logger: Logger;
  readonly #event: EventOfHandler | undefined;

  constructor(
    deadline: Deadline,
    tx: PoolClient | undefined,
    logger: Logger,
    event: EventOfHandler | undefined,
  ) {
    this.#deadline = deadline;
    this.#tx = tx;
    this.#logger = logger;
    this.#event = event;
  }

  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  get tx(): PoolClient {
    if (this.#tx === undefined) throw new TypeError('this consumer has no store, and so no transaction');
    return this.#tx;
  }

  get logger(): Logger {
    if (this.#event === undefined) return this.#logger;
    const { id, extensions } = this.#event;
    return this.#logger.child({ eventId: id, correlationId: extensions['correlationid'] ?? id });
  }
}

type EventOfHandler = Pick<EventEnvelope<unknown>, 'id' | 'extensions'>;

/** What a handler gets besides its records; a logger of its own is made only for who asks. */
export function handlerContext(
  deadline: Deadline,
  tx: PoolClient | undefined,
  logger: Logger,
  event: EventOfHandler | undefined,
): HandlerContext {
  return new Context(deadline, tx, logger, event);
}

/** An event with its place in the log. Each shape is written out: copying objects into objects costs more than many a handler. */
export function received(
  { id, type, source, time, subject, key, data, extensions }: EventEnvelope<unknown>,
  { topic, partition, offset, timestamp: appendTime }: RawRecord,
  attempt: number,
): ReceivedRecord<unknown> {
  return subject === undefined
    ? { id, type, source, time, key, data, extensions, topic, partition, offset, attempt, appendTime }
    : {
        id,
        type,
        source,
        time,
        subject,
        key,
        data,
        extensions,
        topic,
        partition,
        offset,
        attempt,
        appendTime,
      };
}
