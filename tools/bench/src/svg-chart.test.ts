import { expect, test } from 'vitest';
import { barChart, count, lineChart } from './svg-chart.ts';

test('bars are as long as their values, and names cannot break the drawing', () => {
  const svg = barChart('a < b & "c"', [
    { label: 'x<y', value: 100, own: true },
    { label: 'z', value: 50, own: false },
  ]);
  const widths = [...svg.matchAll(/<rect class="(own|other)"[^>]* width="([\d.]+)"/g)].map(
    ([, kind, width]) => [kind, Number(width)],
  );
  expect(widths).toEqual([
    ['own', 240],
    ['other', 120],
  ]);
  expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
  expect(svg).toContain('x&lt;y');
});

test('lines go through their points in the order of x, higher values further up', () => {
  const points = [
    { x: 100, y: 50 },
    { x: 1, y: 0 },
    { x: 10, y: 100 },
  ];
  const svg = lineChart('title', 'callers', [{ label: 'ours', own: true, points }]);
  const places = /polyline class="line own" points="([^"]+)"/
    .exec(svg)?.[1]
    ?.split(' ')
    .map((pair) => pair.split(',').map(Number));
  expect(places?.map(([x]) => x)).toEqual([86, 403, 720]);
  expect(places?.map(([, y]) => y)).toEqual([272, 56, 164]);
});

test('both colour schemes are in the drawing', () => {
  expect(barChart('t', [])).toContain('@media (prefers-color-scheme: dark)');
});

test('counts are short', () => {
  expect([999, 1234, 12_345, 123_456, 1_234_567].map(count)).toEqual([
    '999',
    '1,230',
    '12.3 k',
    '123 k',
    '1.23 M',
  ]);
});
