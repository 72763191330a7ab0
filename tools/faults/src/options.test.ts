import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from './options.ts';
import { ROWS } from './rows/index.ts';

describe('The command line of the matrix', () => {
  it('means every row and the full load when it is empty', () => {
    const { command, rows, events, rate, seed } = parseOptions([]);
    expect({ command, events, rate, seed }).toEqual({ command: 'run', events: 100_000, rate: 2500, seed: 1 });
    expect(rows).toEqual(ROWS.map(({ name }) => name));
  });

  it('takes rows by number, with all parts, and by name', () => {
    expect(parseOptions(['--row', '7,1']).rows).toEqual(['7', '7b', '1']);
    expect(parseOptions(['--row', '7b', '--row', '3']).rows).toEqual(['7b', '3']);
  });

  it.each([
    [['--row', '99'], /no row 99/],
    [['--events', '0'], /--events must be a whole number above 0/],
    [['--seed', 'x'], /--seed/],
    [['--rate', '1.5'], /--rate/],
    [['--what'], /--what/],
    [['row'], /row/],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});

it('Every row has a name of its own', () => {
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
});
