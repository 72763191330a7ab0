import { expect, test } from 'vitest';
import { Meter } from './meter.ts';

const limits = { records: 1000, warmUpRecords: 100, warmUpSeconds: 60, seconds: 60 };

test('numbers are given once each, and none beyond the limit', () => {
  const meter = new Meter({ ...limits, records: 5 });
  expect([meter.take(3), meter.take(3), meter.next(), meter.next(), meter.next()]).toEqual([
    0,
    undefined,
    3,
    4,
    -1,
  ]);
});

test('no record is begun after the time is over', () => {
  const meter = new Meter({ ...limits, seconds: 0 });
  meter.start();
  const startedAt = performance.now();
  while (performance.now() === startedAt);
  expect(meter.next()).toBe(-1);
});

test('what belongs to the warm-up is not measured', () => {
  const meter = new Meter(limits);
  for (let number = meter.next(); number >= 0; number = meter.next())
    meter.acknowledged(number, performance.now() - (number < 100 ? 5000 : 10));
  const { records, acknowledged, latency, seconds, cpuSeconds } = meter.result();
  expect({ records, acknowledged }).toEqual({ records: 900, acknowledged: 1000 });
  expect(latency?.p999).toBeLessThan(1000);
  expect(latency?.p50).toBeGreaterThan(9);
  expect(seconds).toBeGreaterThan(0);
  expect(cpuSeconds).toBeGreaterThanOrEqual(0);
});

test('marks tell acknowledged records from others, and handled ones by how often', () => {
  const meter = new Meter({ ...limits, records: 4 });
  meter.acknowledged(1, performance.now(), 2);
  expect(meter.marks).toEqual(Uint8Array.from([0, 1, 1, 0]));
  meter.handled(3);
  meter.handled(3);
  expect(meter.marks[3]).toBe(2);
});

test('a run that ends within its warm-up has no result, and says why', () => {
  const meter = new Meter(limits);
  meter.acknowledged(meter.next(), performance.now());
  meter.failed(Object.assign(new Error('no room'), { code: 'BUFFER_EXHAUSTED' }));
  expect(() => meter.result()).toThrow(/only 1 records were done.*BUFFER_EXHAUSTED: no room/);
});
