import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { COMMANDS, HELP, parseKindOptions } from './options.ts';

test.each([
  ['up', { command: 'up', name: 'eda', images: true }],
  ['up --name two --no-images', { command: 'up', name: 'two', images: false }],
  ['publish', { command: 'publish', name: 'eda', images: true }],
  ['down --name a.b-c', { command: 'down', name: 'a.b-c', images: true }],
  ['--help', { name: 'eda', images: true }],
  ['up -h', { name: 'eda', images: true }],
])('%s', (text, options) => {
  expect(parseKindOptions(text.split(' '))).toEqual(options);
});

test('help names every command', () => {
  for (const command of COMMANDS) expect(HELP).toMatch(new RegExp(`^  ${command} `, 'm'));
});

test.each([
  [[], '"": expected one of up, publish, down'],
  [['up', 'down'], '"up down": expected one of up, publish, down'],
  [['toString'], '"toString": expected one of'],
  [['up', '--name', 'A b'], '--name "A b": expected small letters'],
  [['up', '--name='], '--name "": expected small letters'],
  [['down', '--no-images'], '--no-images is for up, not for down'],
  [['up', '--image'], "Unknown option '--image'"],
])('refuses %j', (args, message) => {
  expect(() => parseKindOptions(args)).toThrow(UsageError);
  expect(() => parseKindOptions(args)).toThrow(message);
});
