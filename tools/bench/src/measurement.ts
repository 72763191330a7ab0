/** One run of a scenario, and all runs of it put together. */
import type { Quantiles } from './latency.ts';
import { median, spread, type Spread } from './statistics.ts';

export interface Measurement {
  readonly recordsPerSecond: number;
  readonly cpuMicrosPerRecord?: number;
  readonly peakRssBytes?: number;
  readonly latency?: Quantiles;
  /** Records that were not acknowledged, by what was said. */
  readonly errors?: Readonly<Record<string, number>>;
  /** Other figures of this scenario by name. */
  readonly details?: Readonly<Record<string, number>>;
}

export interface Row {
  readonly id: string;
  readonly layer: string;
  readonly title: string;
  readonly runs: readonly Measurement[];
  /** Why there is no figure, or why not every round has one. */
  readonly notes: readonly string[];
  readonly recordsPerSecond?: Spread;
  readonly cpuMicrosPerRecord?: number;
  readonly peakRssBytes?: number;
  readonly latency?: Quantiles;
  readonly details: Readonly<Record<string, number>>;
}

const defined = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

/** Puts the rounds of one scenario together: medians, and the range of the rates. */
export function toRow(
  scenario: { readonly id: string; readonly layer: string; readonly title: string },
  runs: readonly Measurement[],
  notes: readonly string[],
): Row {
  const rates = spread(runs.map(({ recordsPerSecond }) => recordsPerSecond));
  const cpu = defined(runs.map(({ cpuMicrosPerRecord }) => cpuMicrosPerRecord));
  const rss = defined(runs.map(({ peakRssBytes }) => peakRssBytes));
  const latencies = defined(runs.map(({ latency }) => latency));
  const names = new Set(runs.flatMap(({ details = {} }) => Object.keys(details)));
  const { id, layer, title } = scenario;
  return {
    id,
    layer,
    title,
    runs,
    notes,
    ...(rates === undefined ? {} : { recordsPerSecond: rates }),
    ...(cpu.length === 0 ? {} : { cpuMicrosPerRecord: median(cpu) }),
    ...(rss.length === 0 ? {} : { peakRssBytes: median(rss) }),
    ...(latencies.length === 0
      ? {}
      : {
          latency: {
            p50: median(latencies.map(({ p50 }) => p50)),
            p99: median(latencies.map(({ p99 }) => p99)),
            p999: median(latencies.map(({ p999 }) => p999)),
          },
        }),
    details: Object.fromEntries(
      [...names].map((name) => [name, median(defined(runs.map(({ details = {} }) => details[name])))]),
    ),
  };
}
