import { expect, it } from 'vitest';
import { backoffMs, pause } from './backoff.ts';

it('doubles up to the maximum', () => {
  const waits = [1, 2, 3, 4, 5].map((attempt) => backoffMs({ initialMs: 100, maxMs: 500 }, attempt, () => 1));

  expect(waits).toEqual([100, 200, 400, 500, 500]);
});

it('takes away at most half by chance', () => {
  expect(backoffMs({ initialMs: 100, maxMs: 500 }, 1, () => 0)).toBe(50);
});

it('stays at the maximum after any number of tries', () => {
  expect(backoffMs({ initialMs: 100, maxMs: 500 }, 100_000, () => 1)).toBe(500);
});

it('ends a pause early when its signal is aborted', async () => {
  const controller = new AbortController();
  const started = performance.now();
  const paused = pause(60_000, controller.signal);

  controller.abort();
  await paused;

  expect(performance.now() - started).toBeLessThan(1000);
});
