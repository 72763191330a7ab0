import { expect, test } from 'vitest';
import { parseConsumer, parseProducer, runJava } from './java-tools.ts';

test('of the summaries of ProducerPerformance the last one counts, that of the steady state', () => {
  const output = `24953 records sent, 4990.6 records/sec (0.95 MB/sec), 812.3 ms avg latency, 1500.0 ms max latency.
60000 records sent, 18689.5 records/sec (3.56 MB/sec), 2927.00 ms avg latency, 4800.00 ms max latency, 2927 ms 50th, 4400 ms 95th, 4506 ms 99th, 4799 ms 99.9th.
40000 steady-state records sent, 236780.1 records/sec (45.16 MB/sec), 287.00 ms avg latency, 600.00 ms max latency, 287 ms 50th, 400 ms 95th, 543 ms 99th, 600 ms 99.9th.
0m0.00s 0m0.00s
0m3.59s 0m0.30s`;
  expect(parseProducer(output)).toEqual({
    recordsPerSecond: 236_780.1,
    latency: { p50: 287, p99: 543, p999: 600 },
  });
  expect(() => parseProducer('no such line')).toThrow(/printed no summary/);
});

test('the line of ConsumerPerformance is told apart from its log', () => {
  const output = `2026-11-22 21:07:58.740 INFO Subscribed to topic(s): a, b (ClassicKafkaConsumer)
2026-11-22 21:07:58:740, 2026-11-22 21:08:03:107, 12.5885, 2.8826, 60000, 13739.4092, 3202, 1165, 10.8056, 51502.1459
2026-11-22 21:08:03.148 INFO Revoke previously assigned partitions [t-0, t-1, t-2, t-3, t-4, t-5, t-6, t-7, t-8, t-9, t-10]`;
  expect(parseConsumer(output)).toEqual({ records: 60_000, recordsPerSecond: 51_502.1459 });
  expect(() => parseConsumer('2026-11-22 21:08:03.148 INFO nothing')).toThrow(/printed no figures/);
});

test(
  'the CPU time of a program is that of the program, not that of the shell around it',
  { timeout: 30_000 },
  async () => {
    const used = '(({ user, system }) => user + system)(process.cpuUsage())';
    const work = `const end = ${used} + 300_000; while (${used} < end);`;
    const { cpuSeconds } = await runJava({ command: process.execPath, args: ['-e', work] });
    expect(cpuSeconds).toBeGreaterThan(0.3);
  },
);

test('a program that fails says so with its last words', async () => {
  const run = runJava({
    command: process.execPath,
    args: ['-e', 'console.error("broken"); process.exit(3)'],
  });
  await expect(run).rejects.toThrow(/ended with 3:[\s\S]*broken/);
});
