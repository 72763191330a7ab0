import { describe, expect, test } from 'vitest';
import { type Measurement, toRow } from './measurement.ts';
import { type Ratio, ratios, standing } from './ratios.ts';
import { SCENARIOS } from './scenarios.ts';

const row = (id: string, ...runs: Partial<Measurement>[]) =>
  toRow(
    { id, layer: 'L2', title: id },
    runs.map((run) => ({ recordsPerSecond: 0, ...run })),
    [],
  );
const rates = (id: string, ...values: number[]) =>
  row(id, ...values.map((recordsPerSecond) => ({ recordsPerSecond })));
const value = (rows: Parameters<typeof ratios>[0], name: string) =>
  ratios(rows).find((ratio) => ratio.name.startsWith(name))?.value;

describe('the ratios', () => {
  test('divide medians of rounds, ours by theirs', () => {
    const rows = [rates('L2-publish-4096', 90, 10, 80), rates('L1-producer', 100, 1000, 90)];
    expect(value(rows, 'L2 publish, 4,096')).toBe(0.8);
  });

  test('compare the pipeline with the slower of its two ends', () => {
    const details = { httpAlone: 400, storeAlone: 1000 };
    expect(value([row('L3-pipeline', { recordsPerSecond: 100, details })], 'L3')).toBe(0.25);
    expect(
      value([row('L3-pipeline', { recordsPerSecond: 100, details: { httpAlone: 400 } })], 'L3'),
    ).toBeUndefined();
  });

  test('take the p99 of the open loop, and what observing adds in percent of CPU', () => {
    const latency = { p50: 1, p99: 25, p999: 90 };
    expect(value([row('L2-end-to-end', { latency })], 'end to end')).toBe(25);
    const rows = [
      row('L2-handler', { cpuMicrosPerRecord: 10 }),
      row('L2-handler-observed', { cpuMicrosPerRecord: 11 }),
    ];
    expect(value(rows, 'CPU added by observing, consumer')).toBeCloseTo(10);
  });

  test('are not measured when one side is missing', () => {
    const found = ratios([rates('L2-publish-4096', 90)]);
    expect(new Set(found.map(standing))).toEqual(new Set(['not measured']));
  });

  test('name only scenarios that exist: with all of them measured, none is missing', () => {
    const details = { httpAlone: 1, storeAlone: 1 };
    const all = SCENARIOS.map(({ id }) =>
      row(id, { recordsPerSecond: 1, cpuMicrosPerRecord: 1, latency: { p50: 1, p99: 1, p999: 1 }, details }),
    );
    expect(ratios(all).filter((ratio) => ratio.value === undefined)).toEqual([]);
  });
});

describe('a ratio stands', () => {
  const more: Ratio = { name: '', value: 0, reach: 15, aim: 30, unit: 'x', more: true };
  const less: Ratio = { name: '', value: 0, reach: 50, aim: 20, unit: 'ms', more: false };

  test.each([
    [more, 30, 'aim'],
    [more, 29.9, 'reach'],
    [more, 15, 'reach'],
    [more, 14.9, 'below'],
    [less, 20, 'aim'],
    [less, 20.1, 'reach'],
    [less, 50, 'reach'],
    [less, 50.1, 'below'],
    [less, Number.NaN, 'not measured'],
  ])('%o at %d: %s', (ratio, measured, expected) => {
    expect(standing({ ...ratio, value: measured })).toBe(expected);
  });
});
