import { expect, test } from 'vitest';
import { auditIds } from './pipeline-gate.ts';

const exact = { accepted: ['a', 'b'], log: ['b', 'a'], store: ['a', 'b'], effects: 2 };

test('what was accepted, logged and applied once is right', () => {
  expect(auditIds(exact)).toBeUndefined();
});

test.each([
  ['an event is not in the log', { log: ['a'] }, '1 accepted events are not in the log'],
  ['an event stands in the log twice', { log: ['a', 'b', 'b'] }, '1 events stand in the log more than once'],
  ['an event is not in the store', { store: ['a'] }, '1 accepted events are not in the store'],
  [
    'an event is in the store that nobody accepted',
    { store: ['a', 'b', 'c'] },
    '1 events in the store were never accepted',
  ],
  ['an effect happened twice', { effects: 3 }, '2 events had 3 effects'],
  [
    'an id was answered twice',
    { accepted: ['a', 'a'], log: ['a'], store: ['a'] },
    '1 ids were answered twice',
  ],
  ['nothing was accepted', { accepted: [] }, 'nothing was accepted'],
])('it is noticed when %s', (_, change, problem) => {
  expect(auditIds({ ...exact, ...change })).toBe(problem);
});
