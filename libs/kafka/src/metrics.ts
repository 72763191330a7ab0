import type { Meter } from '@opentelemetry/api';
import { metrics as globalMetrics } from '@opentelemetry/api';

/** Where measurements go: an object with a meter; the process's global meter when absent. Labels are never keys or event ids. */
export interface MetricsOptions {
  readonly meter: Meter;
}

/** The meter of this library. */
export function meterOf(metrics: MetricsOptions | undefined): Meter {
  return metrics?.meter ?? globalMetrics.getMeter('@eda/kafka');
}

/** Durations in seconds, from a fast append to a long outage. */
export const DURATION_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];
