/** Numbers the records of one process, times them, and reads the process's CPU between warm-up and end. */
import { countAt } from './gate.ts';
import { Latency } from './latency.ts';
import type { WorkerResult, WorkerSpec } from './worker-types.ts';

type Limits = Pick<WorkerSpec, 'records' | 'warmUpRecords' | 'warmUpSeconds' | 'seconds'>;

interface Mark {
  readonly at: number;
  readonly done: number;
  readonly cpu: NodeJS.CpuUsage;
}

export class Meter {
  /** A byte for each number, see `WorkerSpec.marksFile`. */
  readonly marks: Uint8Array;
  readonly #limits: Limits;
  readonly #latency = new Latency();
  readonly #errors = new Map<string, number>();
  #issued = 0;
  #done = 0;
  #startedAt: number | undefined;
  #measuredFrom: Mark | undefined;
  #last: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.marks = new Uint8Array(limits.records);
  }

  /** How many records were acknowledged or handled so far. */
  get done(): number {
    return this.#done;
  }

  /** The clock runs from here on; before, a program connects. */
  start(): void {
    this.#startedAt ??= performance.now();
  }

  /** The next number, or -1 when no record may be begun any more. */
  next(): number {
    const first = this.take(1);
    return first === undefined ? -1 : first;
  }

  /** The first of `count` numbers in a row, or undefined when so many are not left or the time is over. */
  take(count: number): number | undefined {
    this.start();
    if (this.#issued + count > this.#limits.records) return undefined;
    if (performance.now() - (this.#startedAt as number) > this.#limits.seconds * 1000) return undefined;
    const first = this.#issued;
    this.#issued += count;
    return first;
  }

  /** `count` records from `first` on are acknowledged; they were begun at `begunAt` (of `performance.now`). */
  acknowledged(first: number, begunAt: number, count = 1): void {
    for (let number = first; number < first + count; number += 1) this.marks[number] = 1;
    this.#latency.add(performance.now() - begunAt, count);
    this.#count(count);
  }

  /** A record was handled, `milliseconds` after it was due, where that is known. */
  handled(number: number, milliseconds?: number): void {
    this.start();
    if (!countAt(this.marks, number)) this.failed(new Error(`a record with the unknown number ${number}`));
    if (milliseconds !== undefined) this.#latency.add(milliseconds);
    this.#count(1);
  }

  /** A record that was not acknowledged. */
  failed(error: unknown): void {
    const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
    const text = `${name ?? typeof error}${typeof code === 'string' ? ` ${code}` : ''}: ${message ?? String(error)}`;
    this.#errors.set(text, (this.#errors.get(text) ?? 0) + 1);
  }

  /** What was measured up to the last record. Throws when the run ended within its warm-up. */
  result(): WorkerResult {
    const from = this.#measuredFrom;
    const last = this.#last;
    if (from === undefined || last === undefined || this.#done === from.done) {
      const [error] = this.#errors.keys();
      throw new Error(
        `only ${this.#done} records were done, all within the warm-up${error === undefined ? '' : ` (${error})`}`,
      );
    }
    const cpu = last.cpu.user - from.cpu.user + last.cpu.system - from.cpu.system;
    const latency = this.#latency.quantiles();
    return {
      records: this.#done - from.done,
      seconds: (last.at - from.at) / 1000,
      cpuSeconds: cpu / 1e6,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      ...(latency === undefined ? {} : { latency }),
      startedAt: performance.timeOrigin + (this.#startedAt ?? 0),
      acknowledged: this.#done,
      errors: Object.fromEntries(this.#errors),
    };
  }

  #count(count: number): void {
    this.#done += count;
    if (this.#measuredFrom === undefined) this.#maybeBegin();
    // Reading the CPU is a system call: not for each of many records, but always for the last ones.
    else if (this.#done % READ_EVERY < count || this.#done === this.#expected()) this.#readClock();
  }

  /** A producer ends with what it has begun, a consumer with all there is. */
  #expected(): number {
    return this.#issued > 0 ? this.#issued : this.#limits.records;
  }

  #maybeBegin(): void {
    const { warmUpRecords, warmUpSeconds } = this.#limits;
    const now = performance.now();
    const over = now - (this.#startedAt ?? now) >= warmUpSeconds * 1000;
    if (this.#done < warmUpRecords && !over) return;
    this.#latency.reset();
    this.#measuredFrom = { at: now, done: this.#done, cpu: process.cpuUsage() };
  }

  #readClock(): void {
    this.#last = { at: performance.now(), cpu: process.cpuUsage() };
  }
}

const READ_EVERY = 256;
