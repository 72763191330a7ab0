/** How long records took, as the three figures that are reported. */
import { build } from 'hdr-histogram-js';

/** Milliseconds. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

const LONGEST_MICROS = 10 * 60 * 1_000_000;

/** Counts durations to three digits, whatever their number. */
export class Latency {
  readonly #histogram = build({
    bitBucketSize: 32,
    highestTrackableValue: LONGEST_MICROS,
    numberOfSignificantValueDigits: 3,
  });

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** Adds `count` records that took `milliseconds` each. */
  add(milliseconds: number, count = 1): void {
    const micros = Math.min(LONGEST_MICROS, Math.max(1, Math.round(milliseconds * 1000)));
    if (count === 1) this.#histogram.recordValue(micros);
    else this.#histogram.recordValueWithCount(micros, count);
  }

  reset(): void {
    this.#histogram.reset();
  }

  /** Undefined when nothing was counted. */
  quantiles(): Quantiles | undefined {
    if (this.count === 0) return undefined;
    const at = (percentile: number) => this.#histogram.getValueAtPercentile(percentile) / 1000;
    return { p50: at(50), p99: at(99), p999: at(99.9) };
  }
}
