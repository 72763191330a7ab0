import { setTimeout as delay } from 'node:timers/promises';

export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
  /** Growth per try; 2 when absent. */
  readonly factor?: number;
}

/**
 * The wait in milliseconds before try `attempt + 1`, `attempt` counted from 1: exponential up to `maxMs`, then jittered
 * to between half and the whole of it so that many clients do not come back together.
 */
export function backoffMs(
  { initialMs, maxMs, factor = 2 }: Backoff,
  attempt: number,
  random = Math.random,
): number {
  const whole = Math.min(maxMs, initialMs * factor ** Math.min(attempt - 1, 62));
  return whole / 2 + (whole / 2) * random();
}

/** Waits `ms` milliseconds; resolves early, without an error, when `signal` is aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
