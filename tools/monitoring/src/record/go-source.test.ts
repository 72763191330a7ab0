import { expect, it } from 'vitest';
import { readDescriptions, readOptions } from './go-source.ts';
import { readQueries } from './queries.ts';

it('reads descriptions with and without labels', () => {
  const source = `
	brokers = prometheus.NewDesc(
		prometheus.BuildFQName(namespace, "", "brokers"),
		"Number of brokers (all).",
		nil, labels,
	)
	lag = prometheus.NewDesc(
		prometheus.BuildFQName(namespace, "consumergroup", "lag"),
		"Lag",
		[]string{"consumergroup", "topic"}, labels,
	)`;

  expect(readDescriptions(source, 'kafka')).toEqual([
    { name: 'kafka_brokers', kind: 'gauge', labels: [] },
    { name: 'kafka_consumergroup_lag', kind: 'gauge', labels: ['consumergroup', 'topic'] },
  ]);
});

it('reads options of single metrics and of vectors', () => {
  const source = `
		Total: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: PrometheusNamespace,
			Name:      "collections_total",
			Help:      "How often.",
		}),
		Up: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name:      "up",
			Help:      fmt.Sprintf("1 if '%s' is up", it),
		}, []string{"cluster"}),`;

  expect(readOptions(source, 'cnpg_collector_')).toEqual([
    { name: 'cnpg_collector_collections_total', kind: 'counter', labels: [] },
    { name: 'cnpg_collector_up', kind: 'gauge', labels: ['cluster'] },
  ]);
});

it('reads queries: columns by their use, under another name where there is one', () => {
  const configMap = `
data:
  queries: |
    first:
      metrics:
        - datname: { usage: LABEL }
        - total: { usage: GAUGE }
        - failed: { usage: COUNTER }
        - note: { usage: DISCARD }
    second_17:
      name: second
      metrics:
        - lag: { usage: GAUGE }
`;

  expect(readQueries(configMap)).toEqual([
    { name: 'cnpg_first_total', kind: 'gauge', labels: ['datname'] },
    { name: 'cnpg_first_failed', kind: 'counter', labels: ['datname'] },
    { name: 'cnpg_second_lag', kind: 'gauge', labels: [] },
  ]);
});
