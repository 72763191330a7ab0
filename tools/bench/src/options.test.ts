import { expect, test } from 'vitest';
import { parseOptions, UsageError } from './options.ts';
import { growthScenarios, SCENARIOS, select } from './scenarios.ts';

test('without arguments everything is measured in three rounds, but no growth', () => {
  expect(parseOptions([])).toMatchObject({
    only: [],
    scenarios: true,
    rounds: 3,
    records: 240_000,
    growth: false,
  });
});

test('--only takes lists, also several; growth among them is the growth plots', () => {
  expect(parseOptions(['--only', 'L1, L2', '--only', 'naive']).only).toEqual(['L1', 'L2', 'naive']);
  expect(parseOptions(['--only', 'growth'])).toMatchObject({ only: [], scenarios: false, growth: true });
  expect(parseOptions(['--only', 'L1,growth'])).toMatchObject({
    only: ['L1'],
    scenarios: true,
    growth: true,
  });
});

test.each([
  [['--rounds', '0'], /--rounds is a whole number from 1 to 100, not "0"/],
  [['--records', '1e6'], /--records is a whole number/],
  [['--rounds', '-1'], /rounds/],
  [['--unknown'], /unknown/],
  [['L1'], /L1/],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});

test('scenarios are selected by layer or by the beginning of their id', () => {
  expect(select(['l1']).map(({ id }) => id)).toEqual([
    'L1-producer',
    'L1-producer-idempotent',
    'L1-consumer',
  ]);
  expect(select(['L2-publish-4096-S']).map(({ id }) => id)).toEqual(['L2-publish-4096-second-client']);
  expect(select([])).toHaveLength(SCENARIOS.length);
  expect(select(['nothing'])).toEqual([]);
});

test('no two scenarios have one id', () => {
  const ids = [...SCENARIOS, ...growthScenarios()].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
