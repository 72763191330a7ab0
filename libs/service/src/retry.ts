/** Waiting for something that is not there yet. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  /** Decides whether trying again can help; always when absent. */
  readonly isTransient?: (error: unknown) => boolean;
  /** Called before each wait with what went wrong and the wait in milliseconds. */
  readonly onWaiting?: (error: unknown, waitMs: number) => void;
  readonly signal?: AbortSignal;
  readonly initialMs?: number;
  readonly maxMs?: number;
}

/**
 * Returns what `attempt` returns, as soon as it does not fail: tried without limit, with growing waits and jitter.
 * Throws what is not transient, and the reason of `signal` when that is aborted.
 */
export async function retryUntilDone<T>(attempt: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { isTransient = () => true, onWaiting, signal, initialMs = 200, maxMs = 5_000 } = options;
  for (let waitMs = initialMs; ; waitMs = Math.min(waitMs * 2, maxMs)) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw error;
      onWaiting?.(error, waitMs);
    }
    const jittered = waitMs * (0.75 + Math.random() * 0.5);
    await sleep(jittered, undefined, signal === undefined ? {} : { signal }).catch(() =>
      signal?.throwIfAborted(),
    );
  }
}
