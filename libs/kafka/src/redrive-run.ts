import { headerText } from './header-text.ts';
import type { RawRecord } from './types.ts';

/** On records without a value: `<run>:<state>` of a redrive of this partition. */
export const RUN_HEADER = '__dlq.run';
/** A run that gave no sign of life for so long is over, in milliseconds by the clocks of those who redrive. */
export const RUN_LEASE_MS = 30_000;

export type RunState = 'begin' | 'work' | 'end';

/** The value of the header that says what `run` does. */
export function runHeader(run: string, state: RunState): string {
  return `${run}:${state}`;
}

/** What a record says of a run; undefined when it says nothing. */
export function runEntry(record: RawRecord): { run: string; state: RunState } | undefined {
  const [, run, state] =
    /^([\w-]{1,64}):(begin|work|end)$/.exec(headerText(record.headers, RUN_HEADER) ?? '') ?? [];
  if (record.value !== null || run === undefined) return undefined;
  return { run, state: state as RunState };
}

/**
 * Who redrives a partition, by its log alone: the first to write that it begins, until it writes that it ended or is silent for
 * longer than the lease. Everybody who reads the same records comes to the same answer.
 */
export class RunHolder {
  readonly #leaseMs: number;
  #holder: { readonly run: string; lastSign: number } | undefined;

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  /** Takes the next record of the partition. */
  observe(record: RawRecord): void {
    const entry = runEntry(record);
    if (entry === undefined) return;
    const at = record.timestamp.getTime();
    if (this.#holder?.run === entry.run) {
      if (entry.state === 'end') this.#holder = undefined;
      else this.#holder.lastSign = Math.max(this.#holder.lastSign, at);
    } else if (entry.state === 'begin' && this.at(at) === undefined) {
      this.#holder = { run: entry.run, lastSign: at };
    }
  }

  /** The run that holds the partition at `time`, in epoch milliseconds. */
  at(time: number): string | undefined {
    const holder = this.#holder;
    return holder === undefined || time - holder.lastSign > this.#leaseMs ? undefined : holder.run;
  }

  /** Whether `run` holds it, however late that is: nobody else has begun. */
  isHeldBy(run: string): boolean {
    return this.#holder?.run === run;
  }
}
