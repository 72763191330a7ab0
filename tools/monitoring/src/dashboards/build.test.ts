import { expect, it } from 'vitest';
import { dashboard, figure, graph, type Limits } from './build.ts';

const stepsWith = (limits: Limits) =>
  figure({ title: 'F', description: 'D', unit: 'none', show: { a: 'up' }, limits }).fieldConfig?.defaults
    .thresholds.steps;

it('is green until a warning and red from where it is bad', () => {
  expect(stepsWith({ warning: 1, bad: 2 })).toEqual([
    { color: 'green', value: null },
    { color: 'orange', value: 1 },
    { color: 'red', value: 2 },
  ]);
  expect(stepsWith({ bad: 2 })).toEqual([
    { color: 'green', value: null },
    { color: 'red', value: 2 },
  ]);
});

it('is the other way round where small values are bad', () => {
  expect(stepsWith({ warning: 2, bad: 1, below: true })).toEqual([
    { color: 'red', value: null },
    { color: 'orange', value: 1 },
    { color: 'green', value: 2 },
  ]);
  expect(stepsWith({ bad: 1, below: true })).toEqual([
    { color: 'red', value: null },
    { color: 'green', value: 1 },
  ]);
});

it('puts panels side by side and begins a new row where there is no more room', () => {
  const spec = { description: 'D', unit: 'none', show: { a: 'up' } };
  const panels = [
    ...Array.from({ length: 7 }, (_, index) => figure({ ...spec, title: `F${index}` })),
    graph({ ...spec, title: 'G' }),
  ];
  const built = dashboard({ uid: 'u', title: 'T', description: 'D', variables: [], panels });
  expect(built.panels.map(({ id, gridPos: { x, y } }) => [id, x, y])).toEqual([
    [1, 0, 0],
    [2, 4, 0],
    [3, 8, 0],
    [4, 12, 0],
    [5, 16, 0],
    [6, 20, 0],
    [7, 0, 4],
    [8, 4, 4],
  ]);
});
