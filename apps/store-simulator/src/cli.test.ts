import { expect, test } from 'vitest';
import { parseCommand, UsageError } from './cli.ts';

test('golden and random have sensible defaults', () => {
  expect(parseCommand(['golden'])).toEqual({ name: 'golden', timeoutSeconds: 60 });
  expect(parseCommand(['random'])).toEqual({ name: 'random', rate: 1, stores: 5, items: 8 });
});

test('every option arrives', () => {
  expect(
    parseCommand([
      'golden',
      '--run',
      'r-1',
      '--store-url',
      'http://a:1/',
      '--inventory-url=http://b:2',
      '--timeout',
      '5',
    ]),
  ).toEqual({
    name: 'golden',
    run: 'r-1',
    storeUrl: 'http://a:1',
    inventoryUrl: 'http://b:2',
    timeoutSeconds: 5,
  });
  const random = 'random --rate 0.5 --stores 2 --items 3 --seed 0 --count 7 --duration 1.5'.split(' ');
  expect(parseCommand(random)).toMatchObject({
    rate: 0.5,
    stores: 2,
    items: 3,
    seed: 0,
    count: 7,
    durationSeconds: 1.5,
  });
});

test('load has sensible defaults, and every option of it arrives', () => {
  expect(parseCommand(['load'])).toEqual({
    name: 'load',
    count: 1000,
    rate: 50,
    connections: 8,
    items: 8,
    timeoutSeconds: 60,
  });
  const load = 'load --count 9 --rate 2.5 --connections 3 --items 4 --seed 1 --run r --timeout 7'.split(' ');
  expect(parseCommand(load)).toMatchObject({
    count: 9,
    rate: 2.5,
    connections: 3,
    items: 4,
    seed: 1,
    run: 'r',
    timeoutSeconds: 7,
  });
});

test('help is help with and without a command', () => {
  for (const args of [['--help'], ['-h'], ['help'], ['golden', '--help'], ['random', '--help']]) {
    expect(parseCommand(args)).toEqual({ name: 'help' });
  }
});

test.each([
  [[], 'a command is missing: golden, random or load'],
  [['gloden'], 'unknown command "gloden"'],
  [['--rate', '1', 'random'], 'comes first'],
  [['golden', '--rate', '1'], "Unknown option '--rate'"],
  [['golden', 'now'], "Unexpected argument 'now'"],
  [['random', '--rate'], '--rate'],
  [['random', '--rate', '0'], '--rate "0": expected a number above 0'],
  [['random', '--rate', 'fast'], '--rate "fast"'],
  [['random', '--rate='], '--rate ""'],
  [['random', '--stores', '1.5'], '--stores "1.5": expected a whole number'],
  [['random', '--seed', '-1'], '--seed'],
  [['golden', '--run', 'a b'], '--run "a b"'],
  [['golden', '--store-url', 'localhost'], '--store-url "localhost": expected a URL'],
])('%j is refused with a message that says what is wrong', (args, message) => {
  expect(() => parseCommand(args)).toThrow(UsageError);
  expect(() => parseCommand(args)).toThrow(message);
});
