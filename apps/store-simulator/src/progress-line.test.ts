import { expect, test } from 'vitest';
import { progressLine } from './progress-line.ts';

test('a calm run shows number and rate', () => {
  const progress = { accepted: 120, rejected: 0, retries: 0, trouble: undefined };
  expect(progressLine(progress, 60_000)).toBe('120 movements accepted, 2.0/s');
  expect(progressLine({ ...progress, accepted: 0 }, 0)).toBe('0 movements accepted, 0.0/s');
});

test('a troubled run shows what went wrong', () => {
  const progress = { accepted: 1, rejected: 2, retries: 3, trouble: 'the store answered 503' };
  expect(progressLine(progress, 1_000)).toBe(
    '1 movements accepted, 1.0/s, 2 refused, 3 retries, the store answered 503',
  );
});
