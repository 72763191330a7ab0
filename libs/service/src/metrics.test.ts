import { describe, expect, it, onTestFinished } from 'vitest';
import { createMetrics } from './metrics.ts';

function metrics() {
  const created = createMetrics({ service: 'store', version: '1.2.3' });
  onTestFinished(() => created.close());
  return created;
}

describe('createMetrics', () => {
  it('names the service and measures the process', async () => {
    const text = await metrics().scrape();
    expect(text).toContain('target_info{service_name="store",service_version="1.2.3"} 1');
    for (const name of [
      'nodejs_eventloop_delay_seconds{stat="p99"}',
      'nodejs_eventloop_utilization',
      'process_memory_usage_bytes{kind="rss"}',
      'process_cpu_time_seconds_total{mode="user"}',
      'process_uptime_seconds',
    ]) {
      expect(text).toMatch(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} \\d`, 'm'));
    }
  });

  it('gives Prometheus names: dots become underscores, units and _total at the end', async () => {
    const { meter, scrape } = metrics();
    meter.createCounter('store.movements', { description: 'Movements' }).add(2, { reason: 'SALE' });
    meter
      .createHistogram('store.write.duration', { unit: 's', advice: { explicitBucketBoundaries: [0.1] } })
      .record(0.05);
    const text = await scrape();
    expect(text).toContain('# TYPE store_movements_total counter\nstore_movements_total{reason="SALE"} 2');
    expect(text).toContain('store_write_duration_seconds_bucket{le="0.1"} 1');
    expect(text).toContain('store_write_duration_seconds_bucket{le="+Inf"} 1');
  });

  it('speaks OpenMetrics: counters announced without _total, no empty line, an end mark', async () => {
    const { meter, scrape } = metrics();
    meter.createCounter('store.movements', { description: 'Movements' }).add(1);
    const text = await scrape('openmetrics');
    expect(text).toContain(
      '# HELP store_movements Movements\n# TYPE store_movements counter\nstore_movements_total 1\n',
    );
    expect(text).toMatch(/\n# EOF\n$/);
    expect(text).not.toContain('\n\n');
    for (const [, name = '', unit = ''] of text.matchAll(/^# UNIT (\S+) (\S+)$/gm)) {
      expect(name.endsWith(`_${unit}`), `${name} must end in its unit ${unit}`).toBe(true);
    }
  });

  it('keeps the metrics of two services in one process apart', async () => {
    const [one, other] = [metrics(), metrics()];
    one.meter.createCounter('only.one').add(1);
    expect(await other.scrape()).not.toContain('only_one');
  });
});
