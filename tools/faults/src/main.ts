/** `npm run faults`: the fault matrix from the command line. */
import { existsSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { onStopSignals, PlatformError, WORKSPACE } from '@eda/platform';
import { estimateSeconds, groupsOf, type RowScale } from './extent.ts';
import { endEarlierRuns } from './leftovers.ts';
import { HELP, parseOptions, UsageError } from './options.ts';
import { formatResults } from './report.ts';
import type { Row } from './row.ts';
import { ROWS } from './rows/index.ts';
import { runMatrix } from './run-matrix.ts';
import { type Stage, startDatabase } from './stage.ts';

const minutes = (seconds: number) =>
  `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}`;

/** Clusters included: one for the rows without proxies, one for those with. */
function totalSeconds(rows: readonly Row[], scale: RowScale): number {
  const stages = new Set(rows.map(({ proxied = false }) => proxied)).size;
  const longest = groupsOf(rows).map((group) => Math.max(...group.map((row) => estimateSeconds(row, scale))));
  return longest.reduce((sum, seconds) => sum + seconds, 15 * stages);
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.command === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.command === 'list') {
    for (const row of ROWS)
      process.stdout.write(
        `${row.name.padEnd(4)} ${minutes(estimateSeconds(row, options))}  ${row.title}: ${row.expected}\n`,
      );
    return 0;
  }
  const abort = new AbortController();
  let stage: Stage | undefined;
  onStopSignals({
    stop: () => abort.abort(new PlatformError('Stopped.')),
    kill: () => {
      for (const node of stage?.cluster.nodes ?? []) void node.kill();
      void stage?.cluster.controller?.kill();
    },
  });
  const folder = join(WORKSPACE, '.platform', `faults-${process.pid}`);
  const began = Date.now();
  const note = (text: string) => {
    const seconds = String(Math.round((Date.now() - began) / 1000)).padStart(4);
    process.stderr.write(`${seconds} s  ${text}\n`);
  };
  const rows = ROWS.filter(({ name }) => options.rows.includes(name));
  for (const group of groupsOf(rows)) {
    const text = group
      .map((row) => `${row.name}: ${minutes(estimateSeconds(row, options)).trim()}`)
      .join(', ');
    note(`estimate, ${group.length > 1 ? 'at the same time, ' : ''}row ${text}`);
  }
  note(`estimate in all on a quiet machine: ${minutes(totalSeconds(rows, options)).trim()}`);
  await endEarlierRuns(join(WORKSPACE, '.platform'), note);
  const database = await startDatabase({ folder, url: process.env['DATABASE_URL'], signal: abort.signal });
  try {
    const results = await runMatrix({
      rows,
      scale: options,
      folder,
      databaseUrl: database.url,
      signal: abort.signal,
      onNote: (row, text) => note(row === undefined ? text : `row ${row.name.padEnd(3)} ${text}`),
      onStage: (running) => {
        stage = running;
      },
      onResult: ({ row, ok }) => note(`row ${row.padEnd(3)} ${ok ? 'ok' : 'FAILED'}`),
    });
    process.stdout.write(`${formatResults(results)}\n`);
    if (options.json !== undefined) {
      const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
      const { events, rate, seed } = options;
      writeFileSync(
        options.json,
        `${JSON.stringify({ machine, events, rate, seed, results }, undefined, 2)}\n`,
      );
    }
    return !abort.signal.aborted && results.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    await database[Symbol.asyncDispose]();
    // What is left are the journals and logs of rows that failed.
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError || error instanceof PlatformError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
