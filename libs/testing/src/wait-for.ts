import { setTimeout as delay } from 'node:timers/promises';

export interface WaitForOptions {
  /** 15 s when absent. */
  readonly timeoutMs?: number;
  /** What is waited for; the failure says so. */
  readonly description: string;
}

/**
 * Resolves with the first value of `condition` that is neither false nor null nor undefined; asks again every few milliseconds.
 * Rejects after the time-out, naming what was waited for and, when the condition last threw, why.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 15_000, description }: WaitForOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeoutMs;
  let failure: unknown;
  for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 100)) {
    try {
      const value = await condition();
      if (value !== false && value !== null && value !== undefined)
        return value as Exclude<T, false | null | undefined>;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (Date.now() >= deadline)
      throw new Error(`waited ${timeoutMs} ms in vain: ${description}`, { cause: failure });
    await delay(waitMs);
  }
}
