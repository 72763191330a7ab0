import { backoffMs, pause } from './backoff.ts';
import { brokerErrorId, isUnreachable } from './client-platformatic-errors.ts';

const TRIES = 5;
const BACKOFF = { initialMs: 100, maxMs: 1000 };

/** A topic that was just made, or a broker that has just started: the answer may be another one soon. */
function mayPass(error: unknown): boolean {
  return isUnreachable(error) || brokerErrorId(error) === 'UNKNOWN_TOPIC_OR_PARTITION';
}

/** Tries `work` for a second or two while the cluster moves; only for what may be done twice. */
export async function patiently<T>(
  work: () => Promise<T>,
  { signal, worthwhile = mayPass }: { signal?: AbortSignal; worthwhile?: (error: unknown) => boolean } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= TRIES || signal?.aborted === true || !worthwhile(error)) throw error;
      await pause(backoffMs(BACKOFF, attempt), signal);
    }
  }
}
