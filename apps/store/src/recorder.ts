/** What the routes call: records movements once, counts them, wakes the relay. */
import { TransientError, type Outbox, type OutboxRelay } from '@eda/kafka';
import type { Metrics, Pool } from '@eda/service';
import type { StockMovedInput } from '@eda/contracts';
import { answerOnce, type KeyedRequest } from './idempotency.ts';
import { recordMovements, type Origin } from './record-movements.ts';

/** SQLSTATEs: statement cut off, lock not available, deadlock, serialization failure. */
const BUSY: ReadonlySet<string> = new Set(['57014', '55P03', '40P01', '40001']);

export interface RecordRequest extends KeyedRequest {
  readonly movements: readonly StockMovedInput[];
  readonly origin: Origin;
  /** Makes the answer from the event ids, which come in the order of the movements. */
  readonly answer: (eventIds: readonly string[]) => string;
}

export interface Recorder {
  /**
   * Records all movements in one transaction and resolves with the answer, or with the earlier answer to the same
   * idempotency key. Rejects with a 422 problem when the key belongs to another request.
   */
  record(request: RecordRequest): Promise<string>;
}

export interface RecorderOptions {
  readonly pool: Pool;
  readonly outbox: Outbox;
  readonly relay: Pick<OutboxRelay, 'wake'>;
  readonly metrics: Metrics;
}

/** Waiting for too long behind others, a deadlock: nothing was recorded and the next try may go through, so no 500. */
function busyOr(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !BUSY.has(code)) return error;
  return new TransientError('the database did not get to the movements in time', {
    code: 'DATABASE_BUSY',
    cause: error,
  });
}

/** Returns the recorder on a database, an outbox and its relay. */
export function createRecorder({ pool, outbox, relay, metrics }: RecorderOptions): Recorder {
  const accepted = metrics.meter.createCounter('store.movements', {
    description: 'Movements accepted, by reason',
  });
  return {
    async record({ movements, origin, answer, ...request }) {
      const { text, replayed } = await answerOnce(pool, request, async (tx) =>
        answer(await recordMovements(tx, outbox, movements, origin)),
      ).catch((error: unknown) => {
        throw busyOr(error);
      });
      if (!replayed) {
        relay.wake();
        for (const { reason } of movements) accepted.add(1, { reason });
      }
      return text;
    },
  };
}
