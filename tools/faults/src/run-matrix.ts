/** Rows one after the other, on as few clusters as they allow. */
import { groupsOf, type RowScale } from './extent.ts';
import type { Row } from './row.ts';
import { type RowResult, runRow } from './run-row.ts';
import { type Stage, startStage } from './stage.ts';

export interface RunMatrixOptions {
  readonly rows: readonly Row[];
  readonly scale: RowScale;
  readonly folder: string;
  readonly databaseUrl: string;
  readonly signal: AbortSignal;
  readonly onNote: (row: Row | undefined, text: string) => void;
  /** Told what runs, for whoever has to end it at once; undefined when nothing does. */
  readonly onStage?: (stage: Stage | undefined) => void;
  readonly onResult: (result: RowResult) => void;
}

/** Runs the rows that need no proxies first, and of these the ones that can run at the same time. Stops between two rows when the signal is aborted. */
export async function runMatrix(options: RunMatrixOptions): Promise<RowResult[]> {
  const { rows, scale, folder, signal } = options;
  const results: RowResult[] = [];
  for (const proxied of [false, true]) {
    const mine = rows.filter((row) => (row.proxied ?? false) === proxied);
    if (mine.length === 0 || signal.aborted) continue;
    options.onNote(undefined, 'starting three brokers');
    const stage: Stage = await startStage({ folder, proxied, seed: scale.seed, signal });
    options.onStage?.(stage);
    try {
      for (const group of groupsOf(mine)) {
        if (isAborted(signal)) break;
        await Promise.all(
          group.map(async (row) => {
            const result = await runRow(row, {
              ...stage,
              databaseUrl: options.databaseUrl,
              scale,
              folder,
              signal,
              onNote: (text) => options.onNote(row, text),
            });
            results.push(result);
            options.onResult(result);
          }),
        );
      }
    } finally {
      await stage[Symbol.asyncDispose]();
      options.onStage?.(undefined);
    }
  }
  return results.sort(
    (a, b) => Number.parseInt(a.row, 10) - Number.parseInt(b.row, 10) || a.row.localeCompare(b.row),
  );
}

function isAborted({ aborted }: AbortSignal): boolean {
  return aborted;
}
