/**
 * Histograms with explicit buckets. The SDK's own read and sort the attributes of each value and make a text of them to find its
 * series, which takes longer than many an event; these know attributes again by their object.
 */
import { millisToHrTime } from '@opentelemetry/core';
import type { Attributes, Histogram, HrTime, Meter, MetricOptions } from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type CollectionResult,
  type HistogramMetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';

/** As in the SDK: beyond, values go to one series that says so. */
const MAX_SERIES = 2_000;
const OVERFLOW = { 'otel.metric.overflow': true };
const NO_ATTRIBUTES: Attributes = Object.freeze({});
/** Of the specification, for those who name none. */
const DEFAULT_BOUNDARIES = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

interface Series {
  readonly attributes: Attributes;
  readonly startTime: HrTime;
  readonly counts: number[];
  sum: number;
  count: number;
}

/** What all histograms of one process say, for its reader. */
export class Histograms implements MetricProducer {
  readonly #scope: string;
  readonly #byName = new Map<string, BucketHistogram>();

  constructor(scope: string) {
    this.#scope = scope;
  }

  /** Lets `meter` make its histograms here; the same one for the same name, whoever asks. */
  serve(meter: Meter): Meter {
    meter.createHistogram = (name, options) => {
      let histogram = this.#byName.get(name);
      if (histogram === undefined) {
        histogram = new BucketHistogram(name, options);
        this.#byName.set(name, histogram);
      }
      return histogram;
    };
    return meter;
  }

  collect(): Promise<CollectionResult> {
    const endTime = millisToHrTime(Date.now());
    const metrics = [...this.#byName.values()].flatMap((histogram) => histogram.collect(endTime));
    return Promise.resolve({
      resourceMetrics: {
        resource: resourceFromAttributes({}),
        scopeMetrics: metrics.length === 0 ? [] : [{ scope: { name: this.#scope }, metrics }],
      },
      errors: [],
    });
  }
}

class BucketHistogram implements Histogram {
  readonly #descriptor: HistogramMetricData['descriptor'];
  readonly #boundaries: number[];
  readonly #byText = new Map<string, Series>();
  /** Only of objects that cannot change. */
  readonly #byObject = new WeakMap<Attributes, Series>();

  constructor(name: string, { description = '', unit = '', advice }: MetricOptions = {}) {
    this.#descriptor = { name, description, unit, valueType: ValueType.DOUBLE };
    this.#boundaries = [...(advice?.explicitBucketBoundaries ?? DEFAULT_BOUNDARIES)];
  }

  record(value: number, attributes: Attributes = NO_ATTRIBUTES): void {
    // As the SDK's: not below 0, and a number.
    if (typeof value !== 'number' || !(value >= 0)) return;
    const series = this.#byObject.get(attributes) ?? this.#find(attributes);
    let bucket = 0;
    while (value > (this.#boundaries[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += value;
    series.count += 1;
  }

  #find(attributes: Attributes): Series {
    const series = this.#named(attributes);
    if (Object.isFrozen(attributes)) this.#byObject.set(attributes, series);
    return series;
  }

  #named(attributes: Attributes): Series {
    const text = textOf(attributes);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    if (this.#byText.size >= MAX_SERIES - 1) {
      const overflow = textOf(OVERFLOW);
      return this.#byText.get(overflow) ?? this.#add(overflow, OVERFLOW);
    }
    return this.#add(text, attributes);
  }

  #add(text: string, attributes: Attributes): Series {
    const series = {
      attributes: { ...attributes },
      startTime: millisToHrTime(Date.now()),
      counts: [...this.#boundaries, 0].map(() => 0),
      sum: 0,
      count: 0,
    };
    this.#byText.set(text, series);
    return series;
  }

  collect(endTime: HrTime): HistogramMetricData[] {
    if (this.#byText.size === 0) return [];
    const boundaries = this.#boundaries;
    return [
      {
        descriptor: this.#descriptor,
        aggregationTemporality: AggregationTemporality.CUMULATIVE,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: [...this.#byText.values()].map(({ attributes, startTime, counts, sum, count }) => ({
          attributes,
          startTime,
          endTime,
          value: { buckets: { boundaries, counts: [...counts] }, sum, count },
        })),
      },
    ];
  }
}

/** The same for the same attributes, in whatever order they stand. */
function textOf(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1)));
}
