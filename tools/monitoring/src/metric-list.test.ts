import { expect, it } from 'vitest';
import { MonitoringError } from './errors.ts';
import { formatMetricList, parseMetricList, readMetricList } from './metric-list.ts';

it('writes a list by name, with all labels that were seen, and reads it again', () => {
  const text = formatMetricList(
    ['What it is'],
    [
      { name: 'b_total', kind: 'counter', labels: ['y'] },
      { name: 'a', kind: 'gauge', labels: [] },
      { name: 'b_total', kind: 'counter', labels: ['x', 'y'] },
    ],
  );

  expect(text).toBe('# What it is\na gauge\nb_total counter x y\n');
  expect(parseMetricList(text, 'list.txt')).toEqual([
    { name: 'a', kind: 'gauge', labels: [] },
    { name: 'b_total', kind: 'counter', labels: ['x', 'y'] },
  ]);
});

it('says where a line is none', () => {
  expect(() => parseMetricList('a gauge\nb histogram\n', 'list.txt')).toThrow(
    new MonitoringError('list.txt:2: "b histogram" is no "<name> <kind> <labels>"; record it again.'),
  );
});

it('says how to make a list that is missing', () => {
  expect(() => readMetricList('nothing')).toThrow(
    /nothing\.txt: is missing; node tools\/monitoring\/src\/main\.ts record nothing makes it/,
  );
});
