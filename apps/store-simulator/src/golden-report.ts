/** The golden scenario's outcome as text for people. */
import type { GoldenResult, GoldenRow } from './golden.ts';

/** The time a run on a healthy system should need at most. */
export const TARGET_MS = 3_000;

/** Returns the table expected / seen with a line per item and store, and the verdict below it. */
export function renderGoldenReport(result: GoldenResult): string {
  const cells = result.rows.map((row) => [
    row.right ? '✓' : '✗',
    row.name,
    text(row.expected),
    row.seen === undefined ? 'never seen' : text(row.seen),
  ]);
  const table = aligned([[' ', '', 'expected', 'seen'], ...cells]);
  return `${table.join('\n')}\n\n${verdict(result)}\n`;
}

function verdict({ rows, right, elapsedMs, trouble }: GoldenResult): string {
  const seconds = `${(elapsedMs / 1000).toFixed(2)} s`;
  if (right) {
    const slow = elapsedMs > TARGET_MS ? ` (slower than the ${TARGET_MS / 1000} s it should take)` : '';
    return `✓ right, ${seconds} from the first request to the last effect${slow}`;
  }
  const missing = rows.filter((row) => !row.right);
  const nothing = rows.every((row) => row.seen === undefined);
  return [
    `✗ not right after ${seconds}${nothing ? ', nothing has arrived' : ', still missing:'}`,
    ...(nothing ? [] : missing.map((row) => `  - ${missed(row)}`)),
    ...(trouble === undefined ? [] : [`  because ${trouble}`]),
  ].join('\n');
}

function missed({ name, expected, seen }: GoldenRow): string {
  return seen === undefined
    ? `${name}: inventory has never heard of it, expected ${text(expected)}`
    : `${name}: expected ${text(expected)}, seen ${text(seen)}`;
}

function text(stock: GoldenRow['expected']): string {
  if (typeof stock === 'number') return String(stock);
  const entries = Object.entries(stock).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([sku, quantity]) => `${sku}: ${quantity}`).join(', ')}}`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
