import { expect, it } from 'vitest';
import { CrashGuard } from './crash-guard.ts';

it('allows its budget of restarts and no more', () => {
  const guard = new CrashGuard({ maxRestarts: 2, windowMs: 1000 });

  expect([guard.allowRestart(0), guard.allowRestart(1), guard.allowRestart(2)]).toEqual([true, true, false]);
});

it('forgets restarts that are older than its window', () => {
  const guard = new CrashGuard({ maxRestarts: 1, windowMs: 1000 });

  expect([guard.allowRestart(0), guard.allowRestart(999), guard.allowRestart(1000)]).toEqual([
    true,
    false,
    true,
  ]);
});
