/** Metrics: OpenTelemetry instruments, read as Prometheus or OpenMetrics text. */
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { Histograms } from './histograms.ts';
import { addProcessMetrics } from './process-metrics.ts';

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
export const OPENMETRICS_CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export interface Metrics {
  /** Makes instruments; name them by OpenTelemetry's rules (`store.movements`), units and `_total` are added. */
  readonly meter: Meter;
  /** Returns all metrics as Prometheus text, or as OpenMetrics text. */
  readonly scrape: (format?: 'prometheus' | 'openmetrics') => Promise<string>;
  /** The content type of `scrape()`. */
  readonly contentType: string;
  readonly close: () => Promise<void>;
}

/** Unit suffixes by the OpenTelemetry to Prometheus compatibility rules. */
const UNIT_SUFFIXES: Record<string, string> = {
  s: 'seconds',
  ms: 'milliseconds',
  By: 'bytes',
  '%': 'percent',
};

/** Returns the metrics of one process: its own (event loop, memory, CPU) and what is made on `meter`. */
export function createMetrics({ service, version }: { service: string; version?: string }): Metrics {
  const histograms = new Histograms(service);
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers: [histograms] });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      ...(version === undefined ? {} : { 'service.version': version }),
    }),
    readers: [reader],
  });
  const meter = histograms.serve(provider.getMeter(service));
  const stopProcessMetrics = addProcessMetrics(meter);
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);

  return {
    meter,
    contentType: PROMETHEUS_CONTENT_TYPE,
    scrape: async (format = 'prometheus') => {
      const { resourceMetrics } = await reader.collect();
      const text = serializer.serialize(withUnitSuffixes(resourceMetrics));
      return format === 'openmetrics' ? toOpenMetrics(text) : text;
    },
    close: async () => {
      stopProcessMetrics();
      await provider.shutdown();
    },
  };
}

/** Puts the unit at the end of each name, as Prometheus expects it and its serializer leaves it out. */
function withUnitSuffixes(collected: ResourceMetrics): ResourceMetrics {
  return {
    ...collected,
    scopeMetrics: collected.scopeMetrics.map((scope) => ({
      ...scope,
      metrics: scope.metrics.map((metric) => {
        const unit = UNIT_SUFFIXES[metric.descriptor.unit] ?? '';
        const { name } = metric.descriptor;
        const suffixed = unit === '' || name.endsWith(unit) ? name : `${name}.${unit}`;
        return { ...metric, descriptor: { ...metric.descriptor, name: suffixed, unit } };
      }),
    })),
  };
}

/**
 * Rewrites Prometheus text as OpenMetrics 1.0: counters are announced without `_total`, no empty lines, an end mark.
 * The `# UNIT` lines of Prometheus text name the counter with `_total`, so they are rewritten too.
 */
function toOpenMetrics(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '' && line !== '# no registered metrics');
  const counters = new Set(
    lines.flatMap((line) => /^# TYPE (\S+)_total counter$/.exec(line)?.slice(1, 2) ?? []),
  );
  const rewritten = lines.map((line) => {
    const [, keyword, name, rest] = /^# (HELP|UNIT|TYPE) (\S+)_total (.*)$/.exec(line) ?? [];
    if (keyword === undefined || name === undefined || !counters.has(name)) return line;
    return `# ${keyword} ${name} ${rest ?? ''}`;
  });
  return [...rewritten, '# EOF', ''].join('\n');
}
