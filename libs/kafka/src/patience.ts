import { backoffMs, pause } from './backoff.ts';

const TRIES = 5;
const BACKOFF = { initialMs: 100, maxMs: 1000 };

export interface Patience {
  /** Whether the answer to the same question may be another one soon. */
  readonly worthwhile: (error: unknown) => boolean;
  readonly signal?: AbortSignal;
}

/** Tries `work` for a second or two while the cluster moves; only for what may be done twice. */
export async function patiently<T>(work: () => Promise<T>, { worthwhile, signal }: Patience): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= TRIES || signal?.aborted === true || !worthwhile(error)) throw error;
      await pause(backoffMs(BACKOFF, attempt), signal);
    }
  }
}
