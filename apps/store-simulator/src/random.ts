/** Sends movements at a steady, gentle rate for as long as it is told to, whatever the store does meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Movement, MovementRejected, type StoreClient } from './store-client.ts';

/** What the run has come to so far; read it at any time. */
export interface RandomProgress {
  accepted: number;
  /** Refused by the store; each was logged and skipped. */
  rejected: number;
  retries: number;
  /** Why the movement in hand is not accepted yet; undefined while all is well. */
  trouble: string | undefined;
}

export interface RandomOptions {
  readonly store: StoreClient;
  readonly movements: Iterator<Movement>;
  /** Movements per second. */
  readonly rate: number;
  /** Makes the idempotency keys of this run unlike those of every other. */
  readonly run: string;
  readonly progress: RandomProgress;
  /** Ends the run; the movement in hand is given up. */
  readonly signal: AbortSignal;
  /** Ends the run after so many movements. */
  readonly count?: number | undefined;
  readonly onTrouble: (trouble: string) => void;
  readonly onRecovered: () => void;
  readonly onRejected: (error: MovementRejected) => void;
}

/** Returns a progress with nothing done. */
export function noProgress(): RandomProgress {
  return { accepted: 0, rejected: 0, retries: 0, trouble: undefined };
}

/**
 * Sends one movement after the other, so that a store's movements keep their order, and resolves when `count` is
 * reached or `signal` is aborted. A store that is away stops nothing: the same movement is repeated with the same
 * idempotency key until it is accepted, and the time lost is not caught up with a burst.
 */
export async function playRandom(options: RandomOptions): Promise<void> {
  const { store, movements, rate, run, progress, signal, count = Infinity } = options;
  const intervalMs = 1000 / rate;
  const ended = () => signal.aborted;
  let dueAt = performance.now();

  for (let number = 1; number <= count && !ended(); number++) {
    const next = movements.next();
    if (next.done === true) return;
    try {
      await store.record(next.value, {
        idempotencyKey: `random-${run}-${number}`,
        signal,
        onRetry: ({ reason }) => {
          progress.retries += 1;
          if (progress.trouble === undefined) options.onTrouble(reason);
          progress.trouble = reason;
        },
      });
      progress.accepted += 1;
    } catch (error) {
      if (ended()) return;
      if (!(error instanceof MovementRejected)) throw error;
      progress.rejected += 1;
      options.onRejected(error);
    }
    if (progress.trouble !== undefined) {
      progress.trouble = undefined;
      options.onRecovered();
    }
    dueAt = Math.max(dueAt + intervalMs, performance.now());
    await sleep(Math.max(0, dueAt - performance.now()), undefined, { signal }).catch(() => undefined);
  }
}
