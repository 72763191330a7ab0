import { expect, it } from 'vitest';
import { prometheusName, readMetricsDocument, readScrape } from './metrics.ts';

it('reads the tables of metrics and no others', () => {
  const markdown = [
    '| Metric | Prometheus | Kind | Unit | Labels | Description | Alert |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    '| `a.b` | `a_b_total` | counter | | `y`, `x`, `error_type?` | What it is | |',
    '',
    '| Other | Table |',
    '| --- | --- |',
    '| `c` | `d` |',
  ];

  expect(readMetricsDocument(markdown.join('\n'))).toEqual([
    {
      otelName: 'a.b',
      name: 'a_b_total',
      kind: 'counter',
      unit: '',
      description: 'What it is',
      labels: ['x', 'y'],
      optionalLabels: ['error_type'],
    },
  ]);
});

it('reads a scrape: kinds, descriptions and labels, histograms once, no metric without a value', () => {
  const text = [
    '# HELP target_info Target metadata',
    '# TYPE target_info gauge',
    'target_info{service_name="x"} 1',
    '# HELP a_total What it is',
    '# TYPE a_total counter',
    'a_total{x="1",otel_scope_name="s"} 1',
    'a_total{x="1",y="with } and , and \\" in it"} 1',
    '# HELP h_seconds How long',
    '# TYPE h_seconds histogram',
    'h_seconds_count{x="1"} 1',
    'h_seconds_bucket{x="1",le="0.1"} 1',
    '# TYPE never_seen gauge',
  ];

  expect(readScrape(text.join('\n'))).toEqual([
    { name: 'a_total', kind: 'counter', description: 'What it is', labels: ['x', 'y'] },
    { name: 'h_seconds', kind: 'histogram', description: 'How long', labels: ['x'] },
  ]);
});

it('names metrics as Prometheus does', () => {
  expect(prometheusName('a.duration', 's', 'histogram')).toBe('a_duration_seconds');
  expect(prometheusName('a.bytes', 'By', 'gauge')).toBe('a_bytes');
  expect(prometheusName('a.time', 's', 'counter')).toBe('a_time_seconds_total');
});
