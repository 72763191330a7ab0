import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Meter } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Histograms } from './histograms.ts';

const SCOPE = 'test';

/** A meter, and what is read from it; with the SDK's own histograms, or with ours. */
function metered(own: boolean) {
  const histograms = new Histograms(SCOPE);
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers: [histograms] });
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());
  const meter = provider.getMeter(SCOPE);
  return {
    meter: own ? histograms.serve(meter) : meter,
    text: async () => {
      const { resourceMetrics } = await reader.collect();
      return new PrometheusSerializer(undefined, false, undefined, true, true).serialize(resourceMetrics);
    },
  };
}

async function both(record: (meter: Meter) => void): Promise<{ ours: string; theirs: string }> {
  const [ours, theirs] = [metered(true), metered(false)];
  record(ours.meter);
  record(theirs.meter);
  // Twice: what is read is not taken away.
  await Promise.all([ours.text(), theirs.text()]);
  return { ours: await ours.text(), theirs: await theirs.text() };
}

describe('a histogram', () => {
  it('says what one of the SDK says, on the edges of buckets too', async () => {
    const { ours, theirs } = await both((meter) => {
      const histogram = meter.createHistogram('some.time', {
        description: 'Time',
        unit: 's',
        advice: { explicitBucketBoundaries: [0.1, 1, 10] },
      });
      const frozen = Object.freeze({ topic: 'a', group: 'g' });
      for (const value of [0, 0.05, 0.1, 0.5, 1, 9, 10, 11, Number.NaN, -1]) {
        histogram.record(value, frozen);
        histogram.record(value, { topic: 'b', group: 'g' });
      }
      histogram.record(3);
      meter.createHistogram('some.default').record(30);
      meter.createHistogram('some.unused');
    });

    expect(ours).toBe(theirs);
    expect(ours).toContain('some_time_bucket{topic="a",group="g",le="0.1"} 3');
  });

  it('counts the same attributes together, in any order and of any object, and sees when an object changes', async () => {
    const { ours, theirs } = await both((meter) => {
      const histogram = meter.createHistogram('some.time');
      histogram.record(1, Object.freeze({ topic: 'a', group: 'g' }));
      histogram.record(1, { group: 'g', topic: 'a' });
      const changing = { topic: 'a', group: 'g' };
      histogram.record(1, changing);
      changing.topic = 'b';
      histogram.record(1, changing);
      meter.createHistogram('some.time').record(1, changing);
    });

    expect(ours).toBe(theirs);
    expect(ours).toContain('some_time_count{topic="a",group="g"} 3');
    expect(ours).toContain('some_time_count{topic="b",group="g"} 2');
  });

  it('does not grow without end: what is too much is counted together', async () => {
    const { ours, theirs } = await both((meter) => {
      const histogram = meter.createHistogram('some.time');
      for (let id = 0; id < 2_100; id += 1) histogram.record(1, { id });
    });

    expect(ours).toContain('some_time_count{otel_metric_overflow="true"} 101');
    expect(ours).toBe(theirs);
  });
});
