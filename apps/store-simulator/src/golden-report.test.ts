import { expect, test } from 'vitest';
import { renderGoldenReport } from './golden-report.ts';

const right = { name: 'Item_1', expected: 50, seen: 50, right: true };

test('a right run shows a table and the time it took', () => {
  const report = renderGoldenReport({ rows: [right], right: true, elapsedMs: 412 });
  expect(report).toContain('✓  Item_1  50        50');
  expect(report).toContain('✓ right, 0.41 s from the first request to the last effect');
  expect(report).not.toContain('slower');
});

test('a slow run says so', () => {
  expect(renderGoldenReport({ rows: [right], right: true, elapsedMs: 3_100 })).toContain(
    'slower than the 3 s',
  );
});

test('a wrong run says what is missing and why', () => {
  const report = renderGoldenReport({
    rows: [
      right,
      { name: 'Item_2', expected: 0, seen: undefined, right: false },
      { name: 'Store_1', expected: { Item_2: 0, Item_1: 10 }, seen: { Item_1: 5 }, right: false },
    ],
    right: false,
    elapsedMs: 30_000,
    trouble: 'inventory does not answer: ECONNREFUSED',
  });
  expect(report).toContain('Item_2: inventory has never heard of it, expected 0');
  expect(report).toContain('Store_1: expected {Item_1: 10, Item_2: 0}, seen {Item_1: 5}');
  expect(report).toContain('because inventory does not answer: ECONNREFUSED');
  expect(report).not.toContain('- Item_1');
});

test('a run of which nothing arrived does not list everything as missing', () => {
  const report = renderGoldenReport({
    rows: [{ name: 'Item_1', expected: 50, seen: undefined, right: false }],
    right: false,
    elapsedMs: 2_000,
    trouble: '0 of 9 movements were accepted',
  });
  expect(report).toContain(
    '✗ not right after 2.00 s, nothing has arrived\n  because 0 of 9 movements were accepted',
  );
  expect(report).not.toContain('- Item_1');
});
