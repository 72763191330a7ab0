import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { WORKSPACE } from '@eda/platform';
import { check, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { type Report, writeDocs } from './docs.ts';
import { toRow } from './measurement.ts';
import { ratios } from './ratios.ts';
import { growthScenarios, SCENARIOS } from './scenarios.ts';

const PAGE = join(WORKSPACE, 'docs/benchmarks.md');

const run = {
  recordsPerSecond: 12_345,
  cpuMicrosPerRecord: 7,
  latency: { p50: 1, p99: 2, p999: 3 },
  details: { load: 5, httpAlone: 4, storeAlone: 3 },
};
const rows = SCENARIOS.map((scenario, index) =>
  toRow(scenario, index === 5 ? [] : [run], index === 5 ? ['not * installed'] : []),
);
const report: Report = {
  at: '2026-11-22T20:00:00.000Z',
  machine: { cores: 2, processor: 'Some CPU', memoryGiB: 24, system: 'Linux 6', node: 'v24.21.0' },
  options: { rounds: 3, records: 240_000, seconds: 6 },
  rows,
  ratios: ratios(rows),
  growth: growthScenarios().map((point) => ({ ...toRow(point, [run], []), axis: point.axis, at: point.at })),
};

/** Writes into memory over the page as it is now. */
function written(part: Partial<Report>): Map<string, string> {
  const files = new Map<string, string>();
  writeDocs(
    { ...report, ...part },
    {
      read: (file) => readFileSync(file, 'utf8'),
      write: (file, text) => void files.set(basename(file), text),
    },
  );
  return files;
}

test('tables and plots go to the page and beside it, what is written by hand stays', () => {
  const files = written({});
  expect([...files.keys()]).toEqual([
    'bench-records.svg',
    'bench-partitions.svg',
    'bench-callers.svg',
    'bench-bytes.svg',
    'benchmarks.md',
  ]);
  const page = files.get('benchmarks.md') ?? '';
  for (const name of files.keys()) if (name.endsWith('.svg')) expect(page).toContain(`images/${name}`);
  expect(page).toContain('not * installed');
  const byHand = (text: string) =>
    text.replaceAll(/(<!-- (bench[a-z-]*):begin -->).*?(<!-- \2:end -->)/gs, '$1$3');
  expect(byHand(page)).toBe(byHand(readFileSync(PAGE, 'utf8')));
});

test('what was not measured keeps its last figures', () => {
  const part = (text: string | undefined, name: string) =>
    text?.split(`<!-- ${name}:begin -->`)[1]?.split(`<!-- ${name}:end -->`)[0];
  const before = readFileSync(PAGE, 'utf8');
  const growthAlone = written({ rows: [] });
  expect(part(growthAlone.get('benchmarks.md'), 'bench')).toBe(part(before, 'bench'));
  expect(growthAlone.has('bench-records.svg')).toBe(false);
  const withoutGrowth = written({ growth: [] });
  expect(part(withoutGrowth.get('benchmarks.md'), 'bench-growth')).toBe(part(before, 'bench-growth'));
  expect([...withoutGrowth.keys()]).toEqual(['bench-records.svg', 'benchmarks.md']);
});

test('the page is as the formatter wants it', async () => {
  const text = written({}).get('benchmarks.md') ?? '';
  expect(await check(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' })).toBe(true);
});
