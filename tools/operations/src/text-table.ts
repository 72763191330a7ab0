/** Rows under headings, in columns as wide as they need to be. */

export interface Column<T> {
  readonly heading: string;
  /** The cell's text; longer ones are cut. */
  readonly cell: (row: T) => string;
  readonly maxWidth?: number;
}

/** Returns the table as lines; control characters of the cells are shown as dots. */
export function textTable<T>(rows: readonly T[], columns: readonly Column<T>[]): string[] {
  const cells = rows.map((row) =>
    columns.map(({ cell, maxWidth = 40 }) => {
      // A terminal acts upon them, and keys and messages come from elsewhere.
      const text = cell(row).replaceAll(/\p{Cc}+/gu, '·');
      return text.length > maxWidth ? `${text.slice(0, maxWidth - 1)}…` : text;
    }),
  );
  const widths = columns.map(({ heading }, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ heading }) => heading)),
    line(widths.map((width) => '-'.repeat(width))),
    ...cells.map(line),
  ];
}
