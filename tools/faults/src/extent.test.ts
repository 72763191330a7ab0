import { expect, it } from 'vitest';
import { estimateSeconds, extentOf, groupsOf, rateOf, type RowScale } from './extent.ts';
import type { Row } from './row.ts';

const scale: RowScale = { events: 1000, rate: 100, seed: 1, slack: 1 };

function rowOf(name: string, more: Partial<Row> = {}): Row {
  return { number: 1, name, title: name, expected: '', run: () => Promise.resolve(), ...more };
}

it('Events are published slowly enough to last as long as the faults, and never faster than asked', () => {
  expect(rateOf(rowOf('none'), scale)).toBe(100);
  expect(rateOf(rowOf('short', { underLoadSeconds: () => 5 }), scale)).toBe(100);
  expect(rateOf(rowOf('long', { underLoadSeconds: () => 50 }), scale)).toBe(20);
  expect(rateOf(rowOf('very long', { underLoadSeconds: () => 5000 }), scale)).toBe(1);
});

it('The estimate grows with what a row takes under load and besides', () => {
  const short = estimateSeconds(rowOf('short'), scale);
  expect(estimateSeconds(rowOf('long', { underLoadSeconds: () => 50 }), scale)).toBe(short + 40);
  expect(estimateSeconds(rowOf('slow', { besidesSeconds: () => 7 }), scale)).toBe(short + 7);
});

it('Counts and outages grow with the events, within bounds', () => {
  const few = extentOf({ events: 1000 });
  const many = extentOf({ events: 1_000_000 });
  expect([few.times(5000, 2, 20), many.times(5000, 2, 20)]).toEqual([2, 20]);
  expect([few.outageMs(10_000, 60_000), many.outageMs(10_000, 60_000)]).toEqual([10_500, 60_000]);
  expect(few.sessionTimeoutMs).toBeLessThan(many.sessionTimeoutMs);
});

it('Rows that leave the brokers alone run together, first; the others each by themselves', () => {
  const names = (rows: Row[]) => groupsOf(rows).map((group) => group.map(({ name }) => name));
  const [a, b, c] = [rowOf('a'), rowOf('b', { beside: true }), rowOf('c', { beside: true })];
  expect(names([a, b, c])).toEqual([['b', 'c'], ['a']]);
  expect(names([a])).toEqual([['a']]);
});
