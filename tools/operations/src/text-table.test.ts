import { expect, it } from 'vitest';
import { progressLine } from './progress-bar.ts';
import { textTable } from './text-table.ts';

it('a table has columns as wide as their cells, cuts long ones, and shows no control characters', () => {
  const rows = [
    { key: 'a', text: 'short' },
    { key: 'long key', text: 'x'.repeat(50) },
    { key: '\u001b[31mred', text: '' },
  ];

  const lines = textTable(rows, [
    { heading: 'key', cell: ({ key }) => key },
    { heading: 'text', cell: ({ text }) => text, maxWidth: 10 },
  ]);

  expect(lines).toEqual([
    'key       text',
    '--------  ----------',
    'a         short',
    'long key  xxxxxxxxx…',
    '·[31mred',
  ]);
});

it('a progress bar fills', () => {
  expect(progressLine('reading', 0, 10)).toBe(`reading [${' '.repeat(30)}] 0 % 0 of 10`);
  expect(progressLine('reading', 5, 10)).toContain(`[${'#'.repeat(15)}${' '.repeat(15)}] 50 % 5 of 10`);
  expect(progressLine('reading', 0, 0)).toContain('100 %');
});
