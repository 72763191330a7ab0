import { DURATION_BUCKETS, meterOf } from './metrics.ts';
import type { MetricsOptions } from './metrics.ts';

export interface ProducerMetrics {
  /** A batch was answered, or failed with the broker's `error`. */
  appended(topic: string, records: number, durationMs: number, error?: string): void;
  unknownOutcome(topic: string, records: number): void;
  /** Stops observing. */
  close(): void;
}

/** The producer's measurements, named after the OpenTelemetry semantic conventions where those have a name. */
export function createProducerMetrics(
  metrics: MetricsOptions | undefined,
  buffered: () => { bytes: number; records: number },
): ProducerMetrics {
  const meter = meterOf(metrics);
  const sent = meter.createCounter('messaging.client.sent.messages', {
    description: 'Records acknowledged by the brokers',
    unit: '{message}',
  });
  const duration = meter.createHistogram('messaging.client.operation.duration', {
    description: 'Time until a batch was answered',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  });
  const unknown = meter.createCounter('messaging.producer.delivery_unknown', {
    description: 'Records whose outcome their callers were not told',
    unit: '{message}',
  });
  const bytes = meter.createObservableGauge('messaging.producer.accumulator.bytes', {
    description: 'Memory taken by records on their way',
    unit: 'By',
  });
  const records = meter.createObservableGauge('messaging.producer.accumulator.records', {
    description: 'Records on their way',
    unit: '{message}',
  });
  const observeBytes = (result: { observe(value: number): void }) => result.observe(buffered().bytes);
  const observeRecords = (result: { observe(value: number): void }) => result.observe(buffered().records);
  bytes.addCallback(observeBytes);
  records.addCallback(observeRecords);
  const topics = new Set<string>();
  return {
    appended(topic, count, durationMs, error) {
      const attributes = {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'send',
        'messaging.destination.name': topic,
      };
      duration.record(
        durationMs / 1000,
        error === undefined ? attributes : { ...attributes, 'error.type': error },
      );
      if (error === undefined) sent.add(count, attributes);
      if (topics.has(topic)) return;
      topics.add(topic);
      // An alert on an increase does not see a series that begins with 1.
      unknown.add(0, { 'messaging.destination.name': topic });
    },
    unknownOutcome: (topic, count) => {
      unknown.add(count, { 'messaging.destination.name': topic });
    },
    close() {
      bytes.removeCallback(observeBytes);
      records.removeCallback(observeRecords);
    },
  };
}
