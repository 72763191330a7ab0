/** Kafka's own performance programs, run as they are; what they print is the measurement. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Command } from '@eda/platform';
import type { Quantiles } from './latency.ts';

export interface JavaResult {
  readonly recordsPerSecond: number;
  readonly records: number;
  /** Of the whole program, the start of its machine included. */
  readonly cpuSeconds: number;
  readonly peakRssBytes: number | undefined;
  readonly latency?: Quantiles;
}

const POLL_MS = 100;
/** Start, end, then eight figures; its log lines are told apart by having none. */
const CONSUMER_LINE = /^[\d: -]+, [\d: -]+(?:, [\d.]+){8}\s*$/;
const CPU_TIMES = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/;

/** Arguments of ProducerPerformance for records of `bytes`, with the settings that its documentation takes for throughput. */
export function producerArguments(
  brokers: readonly string[],
  topic: string,
  records: number,
  bytes: number,
): string[] {
  return [
    '--topic',
    topic,
    '--num-records',
    String(records),
    '--warmup-records',
    String(Math.floor(records / 3)),
    '--record-size',
    String(bytes),
    '--throughput',
    '-1',
    '--command-property',
    `bootstrap.servers=${brokers.join(',')}`,
    'acks=all',
    'linger.ms=5',
    'batch.size=65536',
  ];
}

/** Arguments of ConsumerPerformance. */
export function consumerArguments(
  brokers: readonly string[],
  topic: string,
  records: number,
  group: string,
): string[] {
  return [
    '--bootstrap-server',
    brokers.join(','),
    '--topic',
    topic,
    '--num-records',
    String(records),
    '--group',
    group,
    '--timeout',
    '60000',
    '--hide-header',
  ];
}

/** Reads the last summary of ProducerPerformance: that of the steady state when there was a warm-up. */
export function parseProducer(output: string): Pick<JavaResult, 'recordsPerSecond' | 'latency'> {
  const line = output.split('\n').findLast((text) => text.includes('99.9th'));
  const rate = /([\d.]+) records\/sec/.exec(line ?? '')?.[1];
  const at = (name: string) => Number(new RegExp(`(\\d+) ms ${name}`).exec(line ?? '')?.[1] ?? Number.NaN);
  if (rate === undefined) throw new Error(`ProducerPerformance printed no summary:\n${output.slice(-2000)}`);
  return {
    recordsPerSecond: Number(rate),
    latency: { p50: at('50th'), p99: at('99th'), p999: at('99\\.9th') },
  };
}

/** Reads ConsumerPerformance's line: records a second of the time spent in fetching, the joining of the group left out. */
export function parseConsumer(output: string): { recordsPerSecond: number; records: number } {
  const line = output.split('\n').findLast((text) => CONSUMER_LINE.test(text));
  const fields = (line ?? '').split(',').map((field) => field.trim());
  const records = Number(fields[4]);
  const recordsPerSecond = Number(fields.at(-1));
  if (line === undefined) throw new Error(`ConsumerPerformance printed no figures:\n${output.slice(-2000)}`);
  return { records, recordsPerSecond };
}

/** Runs one of the programs to its end; resolves with its output, its CPU time and its peak memory. */
export async function runJava({
  command,
  args,
}: Command): Promise<{ output: string; cpuSeconds: number; peakRssBytes: number | undefined }> {
  // The shell adds up the time of its children when they have ended.
  const child = spawn('sh', ['-c', '"$@"; status=$?; times; exit $status', 'sh', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  let peakRssBytes: number | undefined;
  const poll = setInterval(() => {
    peakRssBytes = childPeakRss(child.pid ?? 0) ?? peakRssBytes;
  }, POLL_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(poll);
  if (code !== 0)
    throw new Error(
      `${args.find((arg) => arg.includes('.tools.')) ?? command} ended with ${String(code)}:\n${output.slice(-2000)}`,
    );
  const times = CPU_TIMES.exec(output);
  const seconds = (minutes = '', rest = '') => Number(minutes) * 60 + Number(rest);
  return {
    output,
    cpuSeconds: times === null ? Number.NaN : seconds(times[1], times[2]) + seconds(times[3], times[4]),
    peakRssBytes,
  };
}

/** Highest resident set of the only child of `pid`, where the system tells it (Linux). */
function childPeakRss(pid: number): number | undefined {
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child ?? ''}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}
