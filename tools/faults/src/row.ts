import type { Extent } from './extent.ts';
import type { RowBench } from './row-bench.ts';

/** One line of the fault matrix. */
export interface Row {
  readonly number: number;
  /** Told apart where a row of the matrix has several parts, for example `7b`. */
  readonly name: string;
  readonly title: string;
  readonly expected: string;
  /** Whether clients reach the brokers through proxies. */
  readonly proxied?: boolean;
  /** Leaves the brokers alone and mostly waits: runs at the same time as other rows of this kind. */
  readonly beside?: boolean;
  /** How long its faults take, in seconds: the events are published slowly enough to last as long. */
  readonly underLoadSeconds?: (extent: Extent) => number;
  /** What it takes in addition to publishing, in seconds; for the estimate only. */
  readonly besidesSeconds?: (extent: Extent) => number;
  /** Records in the log that stand there again; 0 when absent, null where they are allowed. */
  readonly duplicates?: number | null;
  /** Longest time from publishing to acknowledgement, in milliseconds. */
  readonly produceBudgetMs?: number;
  /** Longest time from publishing to the effect, in milliseconds. */
  readonly effectBudgetMs?: number | ((bench: RowBench) => number);
  /** Starts the programs, makes the faults, and resolves when every event is decided; consumers go on. */
  run(bench: RowBench): Promise<void>;
}
