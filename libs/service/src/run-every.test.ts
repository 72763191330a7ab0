import { expect, test, vi } from 'vitest';
import { createLogger } from './logger.ts';
import { runEvery } from './run-every.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

test('work is done at once and again, also after it failed', async () => {
  let calls = 0;
  const work = vi.fn(() => (++calls === 1 ? Promise.reject(new Error('no')) : Promise.resolve()));
  const periodic = runEvery({ name: 'work', intervalMs: 5, logger, work });
  await expect.poll(() => work.mock.calls.length).toBeGreaterThan(2);
  await periodic.stop(1_000);
  const done = work.mock.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(work.mock.calls.length).toBe(done);
});

test('work never overlaps itself, and stopping waits for it', async () => {
  let running = 0;
  let most = 0;
  let finished = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 25));
    running -= 1;
    finished += 1;
  };
  const periodic = runEvery({ name: 'work', intervalMs: 2, logger, work });
  await expect.poll(() => finished).toBeGreaterThan(0);
  await expect.poll(() => running).toBe(1);
  await periodic.stop(1_000);
  expect(running).toBe(0);
  expect(most).toBe(1);
});
