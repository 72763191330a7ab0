import type { PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { Deadline } from './handler-deadline.ts';
import type { EventEnvelope, HandlerContext, RawRecord, ReceivedRecord } from './types.ts';

/** What a handler gets besides its records; a logger of its own is made only for who asks. */
export function handlerContext(
  deadline: Deadline,
  tx: PoolClient | undefined,
  logger: Logger,
  event: Pick<EventEnvelope<unknown>, 'id' | 'extensions'> | undefined,
): HandlerContext {
  return {
    get signal() {
      return deadline.signal;
    },
    get tx() {
      if (tx === undefined) throw new TypeError('this consumer has no store, and so no transaction');
      return tx;
    },
    get logger() {
      if (event === undefined) return logger;
      return logger.child({
        eventId: event.id,
        correlationId: event.extensions['correlationid'] ?? event.id,
      });
    },
  };
}

/** An event with its place in the log. */
export function received(
  { id, type, source, time, subject, key, data, extensions }: EventEnvelope<unknown>,
  { topic, partition, offset, timestamp }: RawRecord,
  attempt: number,
): ReceivedRecord<unknown> {
  const envelope = { id, type, source, time, key, data, extensions };
  const origin = { topic, partition, offset, attempt, appendTime: timestamp };
  return subject === undefined ? { ...envelope, ...origin } : { ...envelope, subject, ...origin };
}
