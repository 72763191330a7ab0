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
  /** Share of the given rate at which the events are published; 1 when absent. */
  readonly pace?: number;
  /** Records in the log that stand there again; 0 when absent, null where they are allowed. */
  readonly duplicates?: number | null;
  /** Longest time from publishing to acknowledgement, in milliseconds. */
  readonly produceBudgetMs?: number;
  /** Longest time from publishing to the effect, in milliseconds. */
  readonly effectBudgetMs?: number | ((bench: RowBench) => number);
  /** Starts the programs, makes the faults, and resolves when every event is decided; consumers go on. */
  run(bench: RowBench): Promise<void>;
}
