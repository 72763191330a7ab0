import { expect, test } from 'vitest';
import { readVerdict } from './load.ts';

test('reads what the simulator says of a load', () => {
  expect(
    readVerdict(
      '✓ right: 1000 movements accepted in 20.0 s, 0 requests lost, 0 refused\n  all stock right, 0.1 s after the last movement\n',
    ),
  ).toMatchObject({ accepted: 1000, lostRequests: 0, stockRight: true });
  expect(
    readVerdict(
      '✗ not right: 990 movements accepted in 20.0 s, 3 requests lost, 0 refused\n  the stock of 1 stores is wrong:\n',
    ),
  ).toMatchObject({ accepted: 990, lostRequests: 3, stockRight: false });
});

test('a simulator that says nothing is no success', () => {
  expect(readVerdict('')).toMatchObject({ accepted: 0, lostRequests: NaN, stockRight: false });
});
