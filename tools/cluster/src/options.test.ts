import { expect, test } from 'vitest';
import { UsageError } from './errors.ts';
import { HELP, parseOptions } from './options.ts';
import { STEPS } from './steps/index.ts';

const NAMES = STEPS.map(({ name }) => name);

test('all steps are tried by default; with simulated operators, whose pods do not run, all but apps', () => {
  expect(parseOptions([])).toMatchObject({ steps: NAMES, timeoutSeconds: 900 });
  expect(parseOptions(['--simulated']).steps).toEqual(NAMES.filter((name) => name !== 'apps'));
  expect(parseOptions(['--simulated', '--step', 'apps']).steps).toEqual(['apps']);
});

test('every option arrives', () => {
  const text =
    '--simulated --step bootstrap --step apps --repo http://git.svc/r.git --publish true --secrets s.yaml --timeout 5 --json o.json';
  expect(parseOptions(text.split(' '))).toEqual({
    help: false,
    simulated: true,
    steps: ['bootstrap', 'apps'],
    repo: 'http://git.svc/r.git',
    publish: 'true',
    secrets: 's.yaml',
    timeoutSeconds: 5,
    json: 'o.json',
  });
});

test('help names every step', () => {
  for (const { name, title } of STEPS) expect(HELP).toMatch(new RegExp(`${name} +${title}`));
});

test.each([
  [['--step', 'app'], '--step "app": expected one of bootstrap, again'],
  [['--timeout', '0'], '--timeout "0": expected a whole number of seconds'],
  [['--repo', "x' y"], `--repo "x' y": expected the address of a Git repository`],
  [['--repo', ''], '--repo "": expected'],
  [['--steps', 'apps'], "Unknown option '--steps'"],
])('refuses %j', (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});
