/** Results as people read them. */
import type { RowResult } from './run-row.ts';

/** Returns a table with a line for each row, and what was broken below it. */
export function formatResults(results: readonly RowResult[]): string {
  const header = [
    'row',
    'fault',
    'acked',
    'unknown',
    'lost',
    'double',
    'order',
    'again in log',
    'publish max',
    'effect max',
    'time',
    '',
  ];
  const lines = results.map((result) => [
    result.row,
    result.title,
    String(result.outcomes.acked),
    String(result.outcomes.unknown),
    String(broken(result, 'O1') + broken(result, 'O2')),
    String(broken(result, 'O3')),
    String(broken(result, 'O4')),
    String(result.duplicatesInLog),
    milliseconds(result, 'longest publish'),
    milliseconds(result, 'longest way to the effect'),
    `${Math.round(result.seconds)} s`,
    result.ok ? 'ok' : 'FAILED',
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...lines].map((line) => (line[column] ?? '').length)),
  );
  const format = (line: readonly string[]) =>
    line
      .map((cell, column) =>
        column === 1 || column === 11 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const failures = results.filter(({ ok }) => !ok).map(explain);
  return [format(header), ...lines.map(format), ...failures].join('\n');
}

/** Says what is wrong with a row. */
export function explain({ row, error, findings }: RowResult): string {
  if (error !== undefined) return `\nrow ${row} could not be judged: ${error}`;
  return findings
    .filter(({ violations }) => violations > 0)
    .map(({ question, claim, violations, examples }) =>
      [
        `\nrow ${row}, ${question}: ${claim}: broken ${violations} times`,
        ...examples.map((text) => `  ${text}`),
      ].join('\n'),
    )
    .join('');
}

function broken({ findings }: RowResult, question: string): number {
  return findings.find((finding) => finding.question === question)?.violations ?? 0;
}

function milliseconds({ measures }: RowResult, name: string): string {
  const value = measures.find((measure) => measure.name === name)?.value;
  return value === undefined ? '-' : `${(value / 1000).toFixed(1)} s`;
}
