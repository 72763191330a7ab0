/** The figures that are promised: always against a peer that was measured in the same run. */
import type { Row } from './measurement.ts';

export interface Ratio {
  readonly name: string;
  /** Undefined when one side was not measured. */
  readonly value: number | undefined;
  readonly reach: number;
  readonly aim: number;
  readonly unit: '' | 'x' | 'ms' | '%';
  /** Whether more is better. */
  readonly more: boolean;
}

export type Standing = 'aim' | 'reach' | 'below' | 'not measured';

type Figures = (id: string) => Row | undefined;

const rate = (row: Row | undefined) => row?.recordsPerSecond?.median;

/** How many times as fast `ours` is as `theirs`. */
function quotient(rows: Figures, ours: string, theirs: string): number | undefined {
  return divide(rate(rows(ours)), rate(rows(theirs)));
}

function divide(value: number | undefined, by: number | undefined): number | undefined {
  return value === undefined || by === undefined || by === 0 ? undefined : value / by;
}

/** Percent of CPU a record that `observed` takes on top of `plain`. */
function added(rows: Figures, observed: string, plain: string): number | undefined {
  const share = divide(rows(observed)?.cpuMicrosPerRecord, rows(plain)?.cpuMicrosPerRecord);
  return share === undefined ? undefined : (share - 1) * 100;
}

/** The pipeline against the slower of its two ends. */
function pipeline(rows: Figures): number | undefined {
  const details = rows('L3-pipeline')?.details ?? {};
  const { httpAlone, storeAlone } = details;
  if (httpAlone === undefined || storeAlone === undefined) return undefined;
  return divide(rate(rows('L3-pipeline')), Math.min(httpAlone, storeAlone));
}

/** All ratios, from the medians of the rounds. */
export function ratios(measured: readonly Row[]): Ratio[] {
  const rows: Figures = (id) => measured.find((row) => row.id === id);
  const of = (
    name: string,
    value: number | undefined,
    [reach, aim]: readonly [number, number],
    unit: Ratio['unit'] = '',
    more = true,
  ): Ratio => ({ name, value, reach, aim, unit, more });
  const many = 'L2-publish-4096';
  return [
    of('L2 publish, 4,096 callers / L1', quotient(rows, many, 'L1-producer'), [0.8, 0.95]),
    of('L2 publishMany / L1', quotient(rows, 'L2-publish-many', 'L1-producer'), [0.8, 0.95]),
    of('L2 / naive, 512 callers', quotient(rows, 'L2-publish-512', 'naive-512'), [15, 30], 'x'),
    of('L2 / naive, 4,096 callers', quotient(rows, many, 'naive-4096'), [50, 80], 'x'),
    of(
      'L2, 4,096 callers / @platformatic/kafka stream',
      quotient(rows, many, 'platformatic-stream'),
      [0.45, 0.7],
    ),
    of('L2 / @confluentinc awaited, 4,096 callers', quotient(rows, many, 'confluent-4096'), [3, 5], 'x'),
    of('L2, 4,096 callers / L0 producer', quotient(rows, many, 'L0-producer'), [0.3, 0.45]),
    of('L2 handler / L1 eachBatch', quotient(rows, 'L2-handler', 'L1-consumer'), [0.7, 0.9]),
    of('L2 batch handler / L1 eachBatch', quotient(rows, 'L2-batch', 'L1-consumer'), [0.7, 0.9]),
    of('L3 / min(HTTP alone, store alone)', pipeline(rows), [0.5, 0.8]),
    of('end to end at 70 % load, p99', rows('L2-end-to-end')?.latency?.p99, [50, 20], 'ms', false),
    of(
      'CPU added by observing, producer',
      added(rows, 'L2-publish-4096-observed', many),
      [15, 5],
      '%',
      false,
    ),
    of(
      'CPU added by observing, consumer',
      added(rows, 'L2-handler-observed', 'L2-handler'),
      [15, 5],
      '%',
      false,
    ),
  ];
}

/** Where a ratio stands. */
export function standing({ value, reach, aim, more }: Ratio): Standing {
  if (value === undefined || Number.isNaN(value)) return 'not measured';
  const meets = (bound: number) => (more ? value >= bound : value <= bound);
  if (meets(aim)) return 'aim';
  return meets(reach) ? 'reach' : 'below';
}
