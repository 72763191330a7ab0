import { describe, expect, it } from 'vitest';
import { retryUntilDone } from './retry.ts';

const fast = { initialMs: 1, maxMs: 2 };

describe('retryUntilDone', () => {
  it('tries again until it works and tells why it waits', async () => {
    const waits: string[] = [];
    let attempts = 0;
    const result = await retryUntilDone(
      () => {
        attempts += 1;
        return attempts < 3 ? Promise.reject(new Error(`attempt ${attempts}`)) : Promise.resolve(attempts);
      },
      { ...fast, onWaiting: (error) => void waits.push((error as Error).message) },
    );
    expect(result).toBe(3);
    expect(waits).toEqual(['attempt 1', 'attempt 2']);
  });

  it('gives up at once on what no retry can cure', async () => {
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      return Promise.reject(new Error('wrong password'));
    };
    await expect(retryUntilDone(attempt, { ...fast, isTransient: () => false })).rejects.toThrow(
      'wrong password',
    );
    expect(attempts).toBe(1);
  });

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController();
    const waiting = retryUntilDone(() => Promise.reject(new Error('down')), {
      initialMs: 60_000,
      signal: controller.signal,
      onWaiting: () => setImmediate(() => controller.abort(new Error('stopped'))),
    });
    await expect(waiting).rejects.toThrow('stopped');
  });
});
