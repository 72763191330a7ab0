import { expect, test } from 'vitest';
import { judgeGolden, judgeLoad, readVerdict } from './load.ts';

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

test('a lost request is a problem unless processes died; wrong stock always is', () => {
  const load = { accepted: 9, lostRequests: 1, stockRight: true, logs: 'logs' };
  expect(judgeLoad(load)).toEqual({
    seen: '9 requests, 1 lost, stock right',
    problems: ['1 of 9 requests were lost:\nlogs'],
  });
  expect(judgeLoad(load, { mayLoseRequests: true }).problems).toEqual([]);
  expect(judgeLoad({ ...load, stockRight: false }, { mayLoseRequests: true }).problems).toEqual([
    'the stock is wrong:\nlogs',
  ]);
  expect(judgeLoad(readVerdict('')).problems).toHaveLength(2);
});

test('the golden scenario is right when its pod succeeds', () => {
  expect(judgeGolden({ succeeded: true, logs: 'table\n✓ right, 0.51 s\n' })).toEqual({
    seen: '✓ right, 0.51 s',
    problems: [],
  });
  expect(judgeGolden({ succeeded: false, logs: ' ✗ not right after 60 s\n' })).toEqual({
    seen: 'not right',
    problems: ['✗ not right after 60 s'],
  });
});
