/** All metrics there are: those of our processes, of the programs beside them, and those that the rules record. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentedMetric, readMetricsDocument } from '@eda/docs/metrics';
import { analyse, type Lookup } from './promql.ts';
import { readMetricList, type Sample } from './metric-list.ts';

/** What Prometheus and its operator add to everything they scrape. */
const OF_TARGETS = ['job', 'instance', 'namespace', 'pod', 'container', 'endpoint'];
const OF_SERVICES = [...OF_TARGETS, 'service'];
/** What the PodMonitors of charts/kafka-cluster add: labels of Strimzi's pods, and the machine. */
const OF_STRIMZI = [
  ...OF_TARGETS,
  'node_name',
  ...['cluster', 'name', 'kind', 'pool_name', 'broker_role', 'controller_role', 'pod_name'].map(
    (label) => `strimzi_io_${label}`,
  ),
];

/** The lists in `metrics/`, each with the labels that its scrape adds. */
export const SOURCES = {
  'kafka-broker': OF_STRIMZI,
  'kafka-exporter': OF_STRIMZI,
  'schema-registry': OF_SERVICES,
  postgres: OF_TARGETS,
  kubelet: [...OF_SERVICES, 'node'],
  'argo-cd': OF_SERVICES,
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Source = keyof typeof SOURCES;

/** Returns the sample names of a metric of docs/metrics.md. */
export function samplesOf({ name, kind, labels, optionalLabels }: DocumentedMetric): Sample[] {
  const all = [...labels, ...optionalLabels];
  if (kind !== 'histogram') return [{ name, kind: kind === 'counter' ? 'counter' : 'gauge', labels: all }];
  return [
    { name: `${name}_bucket`, kind: 'counter', labels: [...all, 'le'] },
    { name: `${name}_sum`, kind: 'counter', labels: all },
    { name: `${name}_count`, kind: 'counter', labels: all },
  ];
}

/** Returns what is known about each metric that something in the workspace `root` tells. */
export function readKnownMetrics(root: string): Map<string, Sample> {
  const known = new Map<string, Sample>();
  const add = (samples: readonly Sample[], labels: readonly string[]) => {
    for (const sample of samples) {
      const before = known.get(sample.name);
      known.set(sample.name, {
        ...sample,
        labels: [...new Set([...(before?.labels ?? []), ...sample.labels, ...labels])],
      });
    }
  };
  const document = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
  add(readMetricsDocument(document).flatMap(samplesOf), OF_SERVICES);
  for (const [source, labels] of Object.entries(SOURCES)) add(readMetricList(source), labels);
  add([{ name: 'up', kind: 'gauge', labels: [] }], [...OF_SERVICES, ...OF_STRIMZI]);
  // Prometheus adds the first two to the labels of the alert.
  add(
    [{ name: 'ALERTS', kind: 'gauge', labels: ['alertname', 'alertstate', 'severity'] }],
    [...OF_SERVICES, ...OF_STRIMZI],
  );
  return known;
}

/** Adds what recording rules make, in their order; the labels follow from the expressions. */
export function addRecorded(
  known: Map<string, Sample>,
  rules: readonly { readonly record?: string; readonly expr: string }[],
): void {
  const lookup = lookupIn(known);
  for (const { record, expr } of rules)
    if (record !== undefined)
      known.set(record, { name: record, kind: 'gauge', labels: [...analyse(expr, lookup).labels] });
}

export function lookupIn(known: ReadonlyMap<string, Sample>): Lookup {
  return (name) => known.get(name);
}
