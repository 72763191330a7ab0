/** The figures as tables: for the terminal and, as Markdown, for the documentation. */
import type { Row } from './measurement.ts';
import { type Ratio, standing } from './ratios.ts';
import { rounded } from './statistics.ts';

export type Table = readonly (readonly string[])[];

const NONE = '–';

/** Heads of the columns first; columns beyond the first are figures. */
export function figuresTable(rows: readonly Row[]): string[][] {
  return [
    ['scenario', 'records/s', 'range', 'CPU µs/record', 'p50 ms', 'p99 ms', 'p99.9 ms', 'RSS MiB'],
    ...rows.map(
      ({ title, recordsPerSecond: rate, cpuMicrosPerRecord: cpu, latency, peakRssBytes: rss, notes }) => {
        const figure = (value: number | undefined) => (value === undefined ? NONE : rounded(value));
        return [
          title,
          rate === undefined ? (notes[0] === undefined ? NONE : 'none, see below') : rounded(rate.median),
          rate === undefined ? NONE : `${rounded(rate.min)}–${rounded(rate.max)}`,
          figure(cpu),
          figure(latency?.p50),
          figure(latency?.p99),
          figure(latency?.p999),
          rss === undefined ? NONE : rounded(Math.round(rss / 2 ** 20)).replace(/\.\d+$/, ''),
        ];
      },
    ),
  ];
}

/** Ratios with what they should reach and aim at. */
export function ratiosTable(ratios: readonly Ratio[]): string[][] {
  return [
    ['ratio', 'measured', 'reach', 'aim', 'stands at'],
    ...ratios.map((ratio) => {
      const { name, value, reach, aim, unit } = ratio;
      const text = (figure: number) => `${figure}${unit === '' || unit === 'x' ? unit : ` ${unit}`}`;
      return [
        name,
        value === undefined ? NONE : text(Number(value.toPrecision(2))),
        text(reach),
        text(aim),
        standing(ratio),
      ];
    }),
  ];
}

/** Notes of all rows, one a line. */
export function notesOf(rows: readonly Row[]): string[] {
  return rows.flatMap(({ title, notes }) => notes.map((note) => `${title}: ${note}`));
}

/** A Markdown table in the shape that Prettier gives it. */
export function toMarkdown(table: Table): string {
  const [head = [], ...body] = table;
  const widths = head.map((_, column) => Math.max(3, ...table.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...body.map(line)].join('\n');
}

/** The same for a terminal: columns by spaces. */
export function toText(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
