import { expect, test } from 'vitest';
import { measure } from './benchmark.ts';
import { GateFailed } from './gate.ts';
import type { Scenario } from './scenarios.ts';

const scenario = (id: string): Scenario => ({ id, layer: 'L1', title: id, kind: 'produce', estimate: 1 });
const [a, b, c] = [scenario('a'), scenario('b'), scenario('c')];
const quiet = { say: () => undefined };
const never = new AbortController().signal;

test('rounds are interleaved, every second one backwards', async () => {
  const order: string[] = [];
  const run = ({ id }: Scenario, round: number) => {
    order.push(`${id}${round}`);
    return Promise.resolve({ recordsPerSecond: round });
  };
  const { rows, failures } = await measure([a, b, c], 2, run, quiet, never);
  expect(order).toEqual(['a1', 'b1', 'c1', 'c2', 'b2', 'a2']);
  expect(rows.map(({ recordsPerSecond }) => recordsPerSecond)).toEqual(
    Array(3).fill({ median: 1.5, min: 1, max: 2 }),
  );
  expect(failures).toBe(0);
});

test('a run that the gate refuses leaves no figure, a note, and a failure', async () => {
  const run = ({ id }: Scenario, round: number) =>
    id === 'b' && round === 2
      ? Promise.reject(new GateFailed('1 is missing'))
      : Promise.resolve({ recordsPerSecond: round });
  const { rows, failures } = await measure([a, b], 3, run, quiet, never);
  expect(failures).toBe(1);
  expect(rows[1]).toMatchObject({
    recordsPerSecond: { median: 2, min: 1, max: 3 },
    notes: ['the gate refused round 2: 1 is missing'],
  });
  expect(rows[1]?.runs).toHaveLength(2);
});

test('a scenario that cannot run at all is tried once and does not stop the others', async () => {
  let tries = 0;
  const run = ({ id }: Scenario) => {
    if (id === 'b') return Promise.resolve({ recordsPerSecond: 5 });
    tries += 1;
    return Promise.reject(new Error('no such module\nat somewhere'));
  };
  const { rows } = await measure([a, b], 3, run, quiet, never);
  expect(tries).toBe(1);
  expect(rows[0]).toMatchObject({ runs: [], notes: ['no figure for round 1: no such module'] });
  expect(rows[1]?.runs).toHaveLength(3);
});

test('records that were not acknowledged are told', async () => {
  const run = () => Promise.resolve({ recordsPerSecond: 1, errors: { 'BufferExhausted: full': 7 } });
  const { rows } = await measure([a], 1, run, quiet, never);
  expect(rows[0]?.notes).toEqual(['7 records were not acknowledged in round 1 (BufferExhausted: full)']);
});

test('it ends between two runs when it is told to', async () => {
  const stop = new AbortController();
  const run = () => {
    stop.abort(new Error('stopped'));
    return Promise.resolve({ recordsPerSecond: 1 });
  };
  await expect(measure([a, b], 1, run, quiet, stop.signal)).rejects.toThrow('stopped');
});

test('a run that is broken off is no failure of its scenario', async () => {
  const stop = new AbortController();
  const run = () => {
    stop.abort(new Error('stopped'));
    return Promise.reject(new Error('the brokers are gone'));
  };
  await expect(measure([a], 1, run, quiet, stop.signal)).rejects.toThrow('the brokers are gone');
});
