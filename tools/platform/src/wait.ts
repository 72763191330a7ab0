/** Resolves after `ms` milliseconds, or rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', fail);
      resolve();
    }, ms);
    signal?.addEventListener('abort', fail, { once: true });
  });
}

/** Asks again until `answers` returns true; rejects when `signal` is aborted. Errors count as "not yet". */
export async function untilAnswering(answers: () => Promise<boolean>, signal: AbortSignal, intervalMs = 50): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await answers().catch(() => false)) return;
    await pause(intervalMs, signal);
  }
}
