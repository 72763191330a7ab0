import { expect, test } from 'vitest';
import { toRow } from './measurement.ts';
import { figuresTable, notesOf, ratiosTable, toMarkdown, toText } from './report.ts';

const run = {
  recordsPerSecond: 1000,
  cpuMicrosPerRecord: 7.25,
  peakRssBytes: 200 * 2 ** 20,
  latency: { p50: 1, p99: 20, p999: 300 },
};
const rows = [
  toRow({ id: 'x', layer: 'L1', title: 'measured' }, [run, { ...run, recordsPerSecond: 3000 }], []),
  toRow({ id: 'y', layer: 'L1', title: 'left out' }, [], ['not installed']),
];

test('a row has its median and range; one without figures says that there is a reason', () => {
  const [, measured, leftOut] = figuresTable(rows);
  expect(measured).toEqual(['measured', '2,000', '1,000–3,000', '7.25', '1.00', '20.0', '300', '200']);
  expect(leftOut).toEqual(['left out', 'none, see below', '–', '–', '–', '–', '–', '–']);
  expect(notesOf(rows)).toEqual(['left out: not installed']);
});

test('ratios have their units and where they stand', () => {
  const common = { reach: 15, aim: 30, more: true } as const;
  expect(
    ratiosTable([
      { ...common, name: 'a', value: 28.46, unit: 'x' },
      { ...common, name: 'b', value: undefined, unit: '' },
      { ...common, name: 'c', value: 99, unit: 'ms', reach: 50, aim: 20, more: false },
    ]).slice(1),
  ).toEqual([
    ['a', '28x', '15x', '30x', 'reach'],
    ['b', '–', '15', '30', 'not measured'],
    ['c', '99 ms', '50 ms', '20 ms', 'below'],
  ]);
});

test('a table in Markdown is as Prettier would have it, figures to the right', () => {
  const table = [
    ['name', 'n'],
    ['a', '1,000'],
  ];
  expect(toMarkdown(table)).toBe('| name |     n |\n| ---- | ----: |\n| a    | 1,000 |');
  expect(toText(table)).toBe('name      n\na     1,000');
});
