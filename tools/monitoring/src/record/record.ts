/** Records the lists in `metrics/`: asks the programs themselves where they can run here, their source otherwise. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, startKafkaCluster, startRegistryServer, WORKSPACE } from '@eda/platform';
import { MonitoringError } from '../errors.ts';
import type { Source } from '../known-metrics.ts';
import { formatMetricList, metricListPath, type Sample } from '../metric-list.ts';
import { openGoModule, readDescriptions, readOptions } from './go-source.ts';
import { readQueries } from './queries.ts';
import { parseJmxProperties, samplesOfBean } from './reporter-names.ts';
import { readSamples } from './scrape.ts';

interface Recording {
  /** What was asked, with its version. */
  readonly of: string;
  readonly samples: readonly Sample[];
}

/** The versions that the lists are of, where the programs are not ours to start. */
const VERSIONS = {
  cloudNativePg: 'v1.30.0',
  kubernetes: 'v1.35.4',
  argoCd: 'v3.5.7',
  // The one in Strimzi 1.2.0.
  kafkaExporter: 'v1.9.0',
} as const;

export interface RecordOptions {
  /** A file of source to read instead of that of the Go module; only where one file says all. */
  readonly source?: string;
}

/** Records the list of `source` and returns the path it was written to. Throws a `MonitoringError` when it cannot be asked. */
export async function record(source: Source, options: RecordOptions = {}): Promise<string> {
  const { of, samples } = await RECORDERS[source](options);
  if (samples.length === 0) throw new MonitoringError(`${of}: no metric was found; has its source changed?`);
  const header = [
    `${of}.`,
    `Recorded by: node tools/monitoring/src/main.ts record ${source}`,
    'Each line is the name of a sample, its kind, and its labels but those that a scrape adds.',
  ];
  const path = metricListPath(source);
  await writeFile(path, formatMetricList(header, samples));
  return path;
}

const RECORDERS: Readonly<Record<Source, (options: RecordOptions) => Promise<Recording>>> = {
  'kafka-broker': () => besideKafka(async (kafka) => await kafka.broker()),
  'schema-registry': () => besideKafka(async (kafka) => await kafka.registry()),
  postgres: recordPostgres,
  kubelet: recordKubelet,
  'argo-cd': recordArgoCd,
  'kafka-exporter': recordKafkaExporter,
};

interface Recorders {
  broker(): Promise<Recording>;
  registry(): Promise<Recording>;
}

/** A broker that is controller too, and the registry as its client: topics, a group, requests of both. */
async function besideKafka(use: (recorders: Recorders) => Promise<Recording>): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), 'eda-monitoring-'));
  const [jmx = 0] = await freePorts(1);
  try {
    await using cluster = await startKafkaCluster({
      folder: join(folder, 'kafka'),
      brokers: 1,
      jvmFlags: [
        `-Dcom.sun.management.jmxremote.port=${jmx}`,
        `-Dcom.sun.management.jmxremote.rmi.port=${jmx}`,
        '-Dcom.sun.management.jmxremote.host=127.0.0.1',
        '-Djava.rmi.server.hostname=127.0.0.1',
        '-Dcom.sun.management.jmxremote.authenticate=false',
        '-Dcom.sun.management.jmxremote.ssl=false',
      ],
    });
    await using registry = await startRegistryServer({
      folder: join(folder, 'registry'),
      brokers: cluster.brokers,
    });
    await useRegistry(registry.url);
    const pom = await readFile(join(WORKSPACE, 'tools/platform/runtime/pom.xml'), 'utf8');
    const version = (name: string) => new RegExp(`<${name}.version>(.+)</`).exec(pom)?.[1] ?? 'unknown';
    return await use({
      broker: async () => {
        const { command, args } = cluster.java(
          'org.apache.kafka.tools.JmxTool',
          ...['--jmx-url', `service:jmx:rmi:///jndi/rmi://127.0.0.1:${jmx}/jmxrmi`],
          ...['--one-time', '--report-format', 'properties'],
        );
        const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 64 << 20 });
        return {
          of: `Kafka ${version('kafka')}, one node: what JMX shows, named as Strimzi's Metrics Reporter does (src/record/reporter-names.ts)`,
          samples: parseJmxProperties(stdout).flatMap(samplesOfBean),
        };
      },
      registry: async () => ({
        of: `Apicurio Registry ${version('apicurio')} with its schemas in Kafka`,
        samples: readSamples(await (await fetch(registry.metricsUrl)).text()),
      }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Some requests that are answered well and some that are not. */
async function useRegistry(url: string): Promise<void> {
  await fetch(`${url}/subjects`);
  await fetch(`${url}/subjects/absent/versions`);
  await fetch(`${url}/subjects/record-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: JSON.stringify({ type: 'record', name: 'Recorded', fields: [] }) }),
  });
}

async function recordPostgres(): Promise<Recording> {
  const read = await openGoModule('github.com/cloudnative-pg/cloudnative-pg', VERSIONS.cloudNativePg);
  const collector = await read('pkg/management/postgres/webserver/metricserver/pg_collector.go');
  return {
    of: `CloudNativePG ${VERSIONS.cloudNativePg}: its collector, and the queries of its default-monitoring`,
    samples: [
      ...readOptions(collector, 'cnpg_collector_'),
      ...readQueries(await read('config/manager/default-monitoring.yaml')),
    ],
  };
}

async function recordKubelet(): Promise<Recording> {
  const read = await openGoModule('k8s.io/kubernetes', VERSIONS.kubernetes);
  const names = new Map(
    [...(await read('pkg/kubelet/metrics/metrics.go')).matchAll(/^\s*(\w+)\s*=\s*"(\w+)"/gm)].map(
      ([, constant = '', value = '']) => [constant, value],
    ),
  );
  const source = (await read('pkg/kubelet/metrics/collectors/volume_stats.go')).replaceAll(
    /kubeletmetrics\.(\w+)/g,
    (_, constant: string) => `"${names.get(constant) ?? constant}"`,
  );
  return {
    of: `The kubelet of Kubernetes ${VERSIONS.kubernetes}: what it tells about volumes, from its source`,
    samples: readDescriptions(source, ''),
  };
}

async function recordArgoCd(): Promise<Recording> {
  const read = await openGoModule('github.com/argoproj/argo-cd/v3', VERSIONS.argoCd);
  const source = await read('controller/metrics/metrics.go');
  const [, shared = ''] = /descAppDefaultLabels = \[\]string\{([^}]*)\}/.exec(source) ?? [];
  return {
    of: `Argo CD ${VERSIONS.argoCd}: what its controller tells about applications, from its source`,
    samples: [
      ...source
        .replaceAll(
          /append\(descAppDefaultLabels, ([^)]*)\)/g,
          (_, more: string) => `[]string{${shared}, ${more}}`,
        )
        .matchAll(/NewDesc\(\s*"(argocd_\w+)",\s*"[^"]*",\s*\[\]string\{([^}]*)\}/g),
    ].map(([, name = '', labels = '']) => ({
      name,
      kind: 'gauge',
      labels: [...labels.matchAll(/"(\w+)"/g)].map(([, label = '']) => label),
    })),
  };
}

async function recordKafkaExporter({ source }: RecordOptions): Promise<Recording> {
  const read =
    source === undefined
      ? await openGoModule('github.com/danielqsj/kafka_exporter', VERSIONS.kafkaExporter)
      : () => readFile(source, 'utf8');
  return {
    of: `kafka_exporter ${VERSIONS.kafkaExporter}, which Strimzi 1.2.0 brings, from ${source === undefined ? 'its source' : 'a copy of the declarations in its source'}`,
    samples: readDescriptions(await read('kafka_exporter.go'), 'kafka'),
  };
}
