/** What the runner tells a scenario's process, and what it is told at the end. */
import type { WireTemplate } from './bench-event.ts';
import type { Quantiles } from './latency.ts';
import type { Meter } from './meter.ts';
import type { Counting } from './programs/count-to-end.ts';

export interface WorkerSpec {
  /** File of the program, below this folder or in the opponents' one. */
  readonly program: string;
  /** What the program shall do, where it can do several things. */
  readonly mode?: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly group?: string;
  /** At most so many, those of the warm-up included. */
  readonly records: number;
  /** The first records are not measured, nor is anything before `warmUpSeconds`, whichever ends first. */
  readonly warmUpRecords: number;
  readonly warmUpSeconds: number;
  /** After this time no record is begun. */
  readonly seconds: number;
  readonly valueBytes: number;
  readonly callers?: number;
  /** Records a second, for an open loop. */
  readonly rate?: number;
  /** Metrics, and a hundredth of the traces or all of them. */
  readonly observed?: 'sampled' | 'all';
  /** Where traces go. */
  readonly otlpUrl?: string;
  /** The client under this library; kafkajs when absent. */
  readonly client?: 'platformatic';
  /** Of this library's batches; none when absent, as of everybody else's. */
  readonly compression?: 'none' | 'zstd';
  readonly databaseUrl?: string;
  readonly url?: string;
  /** A byte for each number: acknowledged by a producer, or how often a consumer has handled it. */
  readonly marksFile: string;
}

export interface WorkerResult {
  /** Measured ones. */
  readonly records: number;
  readonly seconds: number;
  /** CPU seconds of the process, user and system, while it was measured. */
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
  readonly latency?: Quantiles;
  /** When the first record was begun, milliseconds since 1970. */
  readonly startedAt: number;
  /** Of the whole run, warm-up included. */
  readonly acknowledged: number;
  /** The first error of each kind, with how often it came. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Messages between the runner and a process. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly result: WorkerResult }
  | { readonly kind: 'failed'; readonly message: string };

/** To a consumer that runs beside a producer: so many records there are in all. */
export interface StopAfter {
  readonly kind: 'stop-after';
  readonly records: number;
}

/** A scenario's program. Paces itself by the meter, connects and disconnects by itself. */
export interface Program {
  readonly run: (spec: WorkerSpec, tools: WorkerTools) => Promise<void>;
}

export interface WorkerTools {
  readonly meter: Meter;
  readonly template: WireTemplate;
  /** What a consumer that knows nothing of these records needs: a counter for each value, and the end to wait for. */
  readonly countToEnd: () => Counting;
  /** Tells the runner that whatever the scenario waits for can begin now. */
  readonly ready: () => void;
  /** Resolves with the number of records that a consumer beside a producer has to wait for. */
  readonly stopAfter: Promise<number>;
}
