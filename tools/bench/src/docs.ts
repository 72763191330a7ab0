/** The figures in the documentation: generated parts of docs/benchmarks.md and the plots beside it. */
import { join } from 'node:path';
import { WORKSPACE } from '@eda/platform';
import { replaceBlock } from './docs-block.ts';
import type { Machine } from './machine.ts';
import type { Row } from './measurement.ts';
import type { Ratio } from './ratios.ts';
import { figuresTable, notesOf, ratiosTable, toMarkdown } from './report.ts';
import type { GrowthAxis } from './scenarios.ts';
import { rounded } from './statistics.ts';
import { barChart, lineChart } from './svg-chart.ts';

export interface Report {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: Machine;
  readonly options: { readonly rounds: number; readonly records: number; readonly seconds: number };
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
  readonly growth: readonly (Partial<Row> & { readonly axis: GrowthAxis; readonly at: number })[];
}

interface Files {
  readonly read: (file: string) => string;
  readonly write: (file: string, text: string) => void;
}

const PAGE = join(WORKSPACE, 'docs/benchmarks.md');
const IMAGES = join(WORKSPACE, 'docs/images');
const AXES: Record<GrowthAxis, { readonly label: string; readonly text: (at: number) => string }> = {
  partitions: { label: 'partitions of the topic (4,096 callers)', text: String },
  callers: {
    label: 'callers that each wait for their record (12 partitions)',
    text: (at) => at.toLocaleString('en-US'),
  },
  bytes: {
    label: 'bytes of a value (12 partitions; fewer callers above 2 KiB, so that 8 MiB are on the way)',
    text: (at) => (at >= 1024 ? `${at / 1024} KiB` : `${at} B`),
  },
};

/** Writes tables and plots for what was measured; what was not keeps its last figures. Returns the files. */
export function writeDocs(report: Report, { read, write }: Files): string[] {
  const written: string[] = [];
  const image = (name: string, svg: string) => {
    const file = join(IMAGES, `bench-${name}.svg`);
    write(file, svg);
    written.push(file);
  };
  let page = read(PAGE);
  if (report.rows.length > 0) {
    image('records', barChart('Records a second, median of the rounds', barsOf(report.rows)));
    page = replaceBlock(page, 'bench', figuresText(report));
  }
  if (report.growth.length > 0) {
    for (const axis of Object.keys(AXES) as GrowthAxis[])
      image(
        axis,
        lineChart(`Records a second by ${axis}`, AXES[axis].label, linesOf(report, axis), AXES[axis].text),
      );
    page = replaceBlock(page, 'bench-growth', growthText(report));
  }
  write(PAGE, page);
  return [...written, PAGE];
}

function barsOf(rows: readonly Row[]) {
  return rows.flatMap(({ layer, title, recordsPerSecond }) =>
    recordsPerSecond === undefined
      ? []
      : [{ label: title, value: recordsPerSecond.median, own: layer === 'L2' || layer === 'L3' }],
  );
}

function figuresText({ at, machine, options, rows, ratios }: Report): string {
  const notes = notesOf(rows);
  return [
    `Measured ${at.slice(0, 10)} on ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node.slice(1)}; ` +
      `${options.rounds} rounds of up to ${options.records.toLocaleString('en-US')} records or ${options.seconds} s.`,
    toMarkdown(ratiosTable(ratios)),
    toMarkdown(figuresTable(rows)),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
    detailsText(rows),
    '![Records a second of all scenarios](images/bench-records.svg)',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What the ends of the pipeline do alone, and what the load was. */
function detailsText(rows: readonly Row[]): string {
  const endToEnd = rows.find(({ id }) => id === 'L2-end-to-end')?.details ?? {};
  const pipeline = rows.find(({ id }) => id === 'L3-pipeline')?.details ?? {};
  const per = (value: number | undefined) => (value === undefined ? '–' : rounded(value));
  return [
    ...(endToEnd['load'] === undefined
      ? []
      : [
          `End to end: ceiling ${per(endToEnd['ceiling'])} records/s with both sides on the machine, load ${per(endToEnd['load'])} records/s; ` +
            `until the acknowledgement p50 ${per(endToEnd['acknowledgedP50'])} ms, p99 ${per(endToEnd['acknowledgedP99'])} ms.`,
        ]),
    ...(pipeline['httpAlone'] === undefined
      ? []
      : [
          `Pipeline: HTTP alone ${per(pipeline['httpAlone'])} movements/s, store alone ${per(pipeline['storeAlone'])}, ` +
            `HTTP to Kafka without a consumer ${per(pipeline['ingest'])}; CPU per movement ${per(pipeline['storeCpuMicros'])} µs in the store, ` +
            `${per(pipeline['inventoryCpuMicros'])} µs in inventory.`,
        ]),
  ].join('\n\n');
}

function linesOf({ growth }: Report, axis: GrowthAxis) {
  const points = (line: string) =>
    growth.flatMap(({ axis: of, at, id, recordsPerSecond }) =>
      of === axis && id?.endsWith(line) === true && recordsPerSecond !== undefined
        ? [{ x: at, y: recordsPerSecond.median }]
        : [],
    );
  return [
    { label: 'this library, publish', own: true, points: points('L2') },
    { label: 'kafkajs, 500 a send', own: false, points: points('L1') },
  ].filter((line) => line.points.length > 0);
}

function growthText(report: Report): string {
  const axes = Object.keys(AXES) as GrowthAxis[];
  const tables = axes.map((axis) => {
    const lines = linesOf(report, axis);
    const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].toSorted(
      (a, b) => a - b,
    );
    return toMarkdown([
      [axis, ...lines.map(({ label }) => label)],
      ...xs.map((x) => [
        AXES[axis].text(x),
        ...lines.map(({ points }) => {
          const point = points.find((one) => one.x === x);
          return point === undefined ? '–' : rounded(point.y);
        }),
      ]),
    ]);
  });
  return [
    `Measured ${report.at.slice(0, 10)}, one run a point, records a second.`,
    ...axes.flatMap((axis, index) => [
      `![Records a second by ${axis}](images/bench-${axis}.svg)`,
      tables[index] ?? '',
    ]),
  ].join('\n\n');
}
