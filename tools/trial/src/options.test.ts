import { expect, test } from 'vitest';
import { UsageError } from './errors.ts';
import { HELP, parseOptions } from './options.ts';
import { STEPS } from './steps.ts';

test('run tries all steps by default, at 50 movements a second', () => {
  expect(parseOptions(['run'])).toEqual({
    name: 'run',
    namespace: 'apps',
    rate: 50,
    steps: STEPS.map(({ name }) => name),
    givenSecrets: false,
  });
});

test('every option arrives', () => {
  const text =
    'run --namespace shop --step roll --step crash --rate 5 --images r.example/x --tag 1.2 --given-secrets --json out.json';
  expect(parseOptions(text.split(' '))).toEqual({
    name: 'run',
    namespace: 'shop',
    steps: ['roll', 'crash'],
    rate: 5,
    images: 'r.example/x',
    tag: '1.2',
    givenSecrets: true,
    json: 'out.json',
  });
  expect(parseOptions(['platform', '--namespace', 'shop'])).toEqual({ name: 'platform', namespace: 'shop' });
});

test('help names every step', () => {
  expect(parseOptions(['run', '--help'])).toEqual({ name: 'help' });
  for (const { name, title } of STEPS) expect(HELP).toMatch(new RegExp(`${name} +${title}`));
});

test.each([
  [[], 'a command is missing: platform or run'],
  [['rnu'], '"rnu" is not a command'],
  [['run', 'now'], '"run now" is not a command'],
  [['run', '--step', 'rol'], '--step "rol": expected one of install, locked-down'],
  [['run', '--rate', '0'], '--rate "0": expected a whole number from 1 to 1000'],
  [['run', '--namespace', 'A_b'], '--namespace "A_b": expected lower-case letters'],
  [['run', '--steps', 'roll'], "Unknown option '--steps'"],
])('refuses %j', (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});
