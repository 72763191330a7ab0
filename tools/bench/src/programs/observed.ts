/** Metrics and traces as a service has them: read by a scraper, sent to a receiver. */
import type { MetricsOptions } from '@eda/kafka';
import { createLogger, createMetrics, createTracing } from '@eda/service';

const SCRAPE_EVERY_MS = 1000;
const SERVICE = 'bench';

/** Returns a real meter and makes the process's tracer; `share` of the traces are recorded. To be called before anything is made. */
export async function observe(
  otlpUrl: string,
  share: number,
): Promise<MetricsOptions & { close(): Promise<void> }> {
  const tracing = await createTracing({
    service: SERVICE,
    logger: createLogger({ name: SERVICE, level: 'silent' }),
    config: {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: share,
    },
  });
  const metrics = createMetrics({ service: SERVICE });
  const scraping = setInterval(() => void metrics.scrape(), SCRAPE_EVERY_MS);
  return {
    meter: metrics.meter,
    close: async () => {
      clearInterval(scraping);
      await metrics.close();
      await tracing.close();
    },
  };
}

/** What `spec` asks for: nothing, or a hundredth of the traces, or all. */
export async function observedBy(spec: {
  readonly observed?: 'sampled' | 'all';
  readonly otlpUrl?: string;
}): Promise<Awaited<ReturnType<typeof observe>> | undefined> {
  if (spec.observed === undefined || spec.otlpUrl === undefined) return undefined;
  return observe(spec.otlpUrl, spec.observed === 'all' ? 1 : 0.01);
}
