import { describe, expect, test } from 'vitest';
import { assertPassed, audit, countAt, GateFailed } from './gate.ts';

const marks = (...values: number[]) => Uint8Array.from(values);

describe('the gate', () => {
  test('lets a run pass in which each acknowledged record was found once', () => {
    const verdict = audit({ acknowledged: marks(1, 1, 1), found: marks(1, 1, 1), foreign: 0 });
    expect(verdict).toEqual({ acknowledged: 3, lost: 0, doubled: 0, foreign: 0, examples: [] });
    expect(() => assertPassed(verdict, 'the log')).not.toThrow();
  });

  test('does not mind a record that was not acknowledged, there or not', () => {
    const verdict = audit({ acknowledged: marks(1, 0, 0), found: marks(1, 1, 0), foreign: 0 });
    expect(() => assertPassed(verdict, 'the log')).not.toThrow();
  });

  test.each([
    [
      'lost',
      { acknowledged: marks(1, 1, 1), found: marks(1, 0, 1), foreign: 0 },
      /1 are missing.*number 1\)/,
    ],
    [
      'doubled',
      { acknowledged: marks(1, 1), found: marks(1, 2), foreign: 0 },
      /1 stand more than once.*number 1\)/,
    ],
    [
      'doubled without acknowledgement',
      { acknowledged: marks(1, 0), found: marks(1, 2), foreign: 0 },
      /1 stand more than once/,
    ],
    ['lost at the end', { acknowledged: marks(1, 1), found: marks(1), foreign: 0 }, /1 are missing/],
    ['not of this run', { acknowledged: marks(1), found: marks(1), foreign: 2 }, /2 are none of this run/],
    [
      'beyond the numbers of this run',
      { acknowledged: marks(1), found: marks(1, 1), foreign: 0 },
      /1 are none of this run/,
    ],
  ])('refuses a run with a record that is %s', (_, found, message) => {
    expect(() => assertPassed(audit(found), 'the log')).toThrow(GateFailed);
    expect(() => assertPassed(audit(found), 'the log')).toThrow(message);
  });

  test('refuses a run that acknowledged nothing', () => {
    const verdict = audit({ acknowledged: marks(0, 0), found: marks(0, 0), foreign: 0 });
    expect(() => assertPassed(verdict, 'the log')).toThrow(/nothing was acknowledged/);
  });
});

test('counting stops at what a byte holds and knows numbers that do not exist', () => {
  const counts = marks(0, 255);
  expect([countAt(counts, 0), countAt(counts, 1), countAt(counts, 2), countAt(counts, -1)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(counts).toEqual(marks(1, 255));
});
