import { expect, it } from 'vitest';
import { readSamples } from './scrape.ts';

it('reads every sample name once, in both text formats', () => {
  const text = [
    '# TYPE a_total counter',
    'a_total{x="1"} 1',
    'a_total{x="1",y="with } in it"} 1.0 # {trace_id="t"} 1.0 1.7',
    '# TYPE b counter',
    'b_total 2',
    '# TYPE h_seconds histogram',
    'h_seconds_bucket{le="0.1"} 1',
    'h_seconds_sum 1',
    'h_seconds_count 1',
    'h_seconds{quantile="0.5"} 0.1',
    '# TYPE h_seconds_max gauge',
    'h_seconds_max NaN',
    '# EOF',
  ].join('\n');

  expect(readSamples(text)).toEqual([
    { name: 'a_total', kind: 'counter', labels: ['x', 'y'] },
    { name: 'b_total', kind: 'counter', labels: [] },
    { name: 'h_seconds_bucket', kind: 'counter', labels: ['le'] },
    { name: 'h_seconds_sum', kind: 'counter', labels: [] },
    { name: 'h_seconds_count', kind: 'counter', labels: [] },
    { name: 'h_seconds', kind: 'gauge', labels: ['quantile'] },
    { name: 'h_seconds_max', kind: 'gauge', labels: [] },
  ]);
});
