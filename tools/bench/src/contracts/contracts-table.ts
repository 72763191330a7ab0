/** The figures as a table: each command, their sum, and how much more the second repository takes than the first. */
import type { Table } from '../report.ts';
import type { CommandRow } from './measure-repository.ts';

/** Rows of the same repository follow each other; ratios are to the repository that comes first. */
export function contractsTable(rows: readonly CommandRow[]): Table {
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const all = [...bySubject].flatMap(([subject, own]) => [...own, sumOf(subject, own)]);
  const first = all.filter(({ subject }) => subject === rows[0]?.subject);
  return [
    ['repository', 'command', 'wall s', 'CPU s', 'peak RSS MiB', 'wall ratio', 'RSS ratio'],
    ...all.map((row) => {
      const own = first.find(({ command }) => command === row.command) ?? row;
      return [
        row.subject,
        row.command,
        row.wallSeconds.toFixed(2),
        row.cpuSeconds.toFixed(2),
        String(Math.round(row.peakRssBytes / 2 ** 20)),
        (row.wallSeconds / own.wallSeconds).toFixed(1),
        (row.peakRssBytes / own.peakRssBytes).toFixed(1),
      ];
    }),
  ];
}

/** Times add up, one process after the other; of the memory the largest counts. */
function sumOf(subject: string, rows: readonly CommandRow[]): CommandRow {
  const sum = (figure: (row: CommandRow) => number) => rows.reduce((total, row) => total + figure(row), 0);
  return {
    subject,
    command: 'all three',
    wallSeconds: sum(({ wallSeconds }) => wallSeconds),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    peakRssBytes: Math.max(...rows.map(({ peakRssBytes }) => peakRssBytes)),
  };
}
