import { expect, it } from 'vitest';
import { parseParked } from './parked-options.ts';
import { UsageError } from './usage-error.ts';

it('knows list, retry and give-up', () => {
  expect(parseParked(['list', '--group', 'g'])).toEqual({ name: 'list', group: 'g' });
  expect(parseParked(['give-up', '--group', 'g', '--topic', 't', '--key', 'k'])).toEqual({
    name: 'give-up',
    group: 'g',
    topic: 't',
    key: 'k',
  });
  expect(parseParked(['-h'])).toEqual({ name: 'help' });
});

it.each([
  [[], 'a command is missing'],
  [['lst', '--group', 'g'], 'unknown command "lst"'],
  [['list'], '--group is missing'],
  [['list', '--group', ''], '--group is missing'],
  [['retry', '--group', 'g', '--topic', '', '--key', ''], '--topic is missing'],
  [['retry', '--group', 'g', '--topic', 't'], '--key is missing'],
  [['list', 'all', '--group', 'g'], '"all" is not expected'],
  [['list', '--all'], "'--all'"],
])('says what is wrong with %j', (args, message) => {
  expect(() => parseParked(args)).toThrow(UsageError);
  expect(() => parseParked(args)).toThrow(message);
});
