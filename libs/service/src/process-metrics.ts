/** What every process tells about itself: event loop, memory, CPU, age. */
import type { Meter } from '@opentelemetry/api';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

/** Adds the process's own instruments to the meter; returns what ends the measuring. */
export function addProcessMetrics(meter: Meter): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();

  const loopDelay = meter.createObservableGauge('nodejs.eventloop.delay', {
    unit: 's',
    description: 'How late the event loop was since the last scrape',
  });
  loopDelay.addCallback((result) => {
    const observe = (stat: string, nanoseconds: number) =>
      result.observe(Number.isFinite(nanoseconds) ? nanoseconds / NANOSECONDS : 0, { stat });
    observe('mean', delay.mean);
    observe('p50', delay.percentile(50));
    observe('p99', delay.percentile(99));
    observe('max', delay.max);
    delay.reset();
  });

  let lastUtilization = performance.eventLoopUtilization();
  const utilization = meter.createObservableGauge('nodejs.eventloop.utilization', {
    description: 'Share of the time since the last scrape in which the event loop was busy, 0 to 1',
  });
  utilization.addCallback((result) => {
    const now = performance.eventLoopUtilization();
    result.observe(performance.eventLoopUtilization(now, lastUtilization).utilization);
    lastUtilization = now;
  });

  const memory = meter.createObservableGauge('process.memory.usage', {
    unit: 'By',
    description: 'Memory of the process by kind',
  });
  memory.addCallback((result) => {
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    for (const [kind, bytes] of Object.entries({ rss, heapUsed, heapTotal, external })) {
      result.observe(bytes, { kind });
    }
  });

  const cpu = meter.createObservableCounter('process.cpu.time', {
    unit: 's',
    description: 'CPU time used by the process',
  });
  cpu.addCallback((result) => {
    const { user, system } = process.cpuUsage();
    result.observe(user / MICROSECONDS, { mode: 'user' });
    result.observe(system / MICROSECONDS, { mode: 'system' });
  });

  const uptime = meter.createObservableGauge('process.uptime', {
    unit: 's',
    description: 'Time since the process started',
  });
  uptime.addCallback((result) => result.observe(process.uptime()));

  return () => {
    delay.disable();
  };
}
