import { itemStockChanged } from '@eda/contracts';
import { createParkedKeys, credentialsFromDirectory, deadLetterTopic } from '@eda/kafka';
import { createMetrics } from '@eda/service';
import {
  type AppBench,
  createAppBench,
  createCertificateAuthority,
  createMountedSecret,
  freePort,
  startAppProcess,
  waitFor,
} from '@eda/testing';
import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MetricEntry, prometheusName, readMetricsDocument, readScrape } from './metrics.ts';

const documented = readMetricsDocument(
  await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8'),
);

const benches: AppBench[] = [];
const emitted: MetricEntry[] = [];

async function start(
  app: string,
  env: (bench: AppBench, port: number) => Record<string, string>,
  args: string[] = [],
) {
  const bench = await createAppBench(app);
  benches.push(bench);
  const port = await freePort();
  const process = startAppProcess(app, bench.env({ PORT: String(port), ...env(bench, port) }), args);
  bench.defer(() => process.stop());
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok === true, {
    description: `${app} is ready: ${process.output()}`,
    timeoutMs: 40_000,
  });
  return { bench, url };
}

const scrape = async (url: string) => (await fetch(`${url}/metrics`)).text();

/** Movements from the simulator through the store's outbox to Kafka. */
async function driveStore(): Promise<void> {
  const store = await start('store', () => ({}));
  const simulator = await start(
    'store-simulator',
    () => ({ STORE_URL: store.url, INVENTORY_URL: store.url }),
    ['random', '--rate', '20'],
  );
  await waitFor(async () => (await scrape(store.url)).includes('messaging_client_sent_messages_total{'), {
    description: 'the store has published',
    timeoutMs: 30_000,
  });
  emitted.push(...readScrape(await scrape(store.url)), ...readScrape(await scrape(simulator.url)));
}

/** A good record, one that is nothing at all, and two of which one has to be parked. */
async function driveReplenishment(): Promise<void> {
  const { bench, url } = await start('replenishment', () => ({ REPLENISHMENT_MAX_OPEN_REQUESTS: '1' }));
  for (const sku of ['Item_1', 'Item_2'])
    await bench.producer.publish(itemStockChanged, { sku, stock: 0, asOf: new Date() });
  await bench.producer.send({
    topic: itemStockChanged.topic,
    key: Buffer.from('Item_3'),
    value: Buffer.from('garbage'),
    headers: {},
  });
  const letters = bench.records(deadLetterTopic(itemStockChanged.topic, 'replenishment'));
  await waitFor(() => letters.length > 0, { description: 'a dead letter', timeoutMs: 30_000 });
  const parked = createParkedKeys({ pool: bench.pool, groupId: 'replenishment' });
  await waitFor(async () => (await parked.list()).length > 0, { description: 'a parked key' });
  await waitFor(async () => (await scrape(url)).includes('messaging_consumer_parked_records{'), {
    description: 'the parked records are counted',
    timeoutMs: 30_000,
  });
  emitted.push(...readScrape(await scrape(url)));
}

/** What a process with mounted credentials tells besides. */
async function driveCredentials(): Promise<void> {
  const metrics = createMetrics({ service: 'credentials' });
  const files = (brokers: string) => ({
    'bootstrap.servers': brokers,
    'security.protocol': 'SSL',
    'ssl.truststore.crt': createCertificateAuthority('test').cert,
  });
  using secret = createMountedSecret(files('broker:9093'));
  const source = credentialsFromDirectory(secret.path, {
    logger: pino({ level: 'silent' }),
    metrics,
    pollIntervalMs: 20,
  });
  try {
    secret.replace(files('other:9093'));
    await waitFor(async () => (await metrics.scrape()).includes('credentials_reloads_total{'), {
      description: 'the change is counted',
    });
    emitted.push(...readScrape(await metrics.scrape()));
  } finally {
    source.close();
    await metrics.close();
  }
}

beforeAll(async () => {
  await Promise.all([driveStore(), driveReplenishment(), driveCredentials()]);
}, 90_000);
afterAll(async () => {
  for (const bench of benches) await bench[Symbol.asyncDispose]();
});

const namesOf = (metrics: readonly { readonly name: string }[]) =>
  [...new Set(metrics.map(({ name }) => name))].sort();

describe('docs/metrics.md', () => {
  it('lists what the processes tell, no more and no less', () => {
    expect(namesOf(documented)).toEqual(namesOf(emitted));
    expect(documented).toHaveLength(namesOf(documented).length);
  });

  it.each(documented)('says of $otelName what it is', ({ otelName, unit, ...entry }) => {
    expect(entry.name).toBe(prometheusName(otelName, unit, entry.kind));
    const seen = emitted.filter(({ name }) => name === entry.name);
    const labels = new Set(seen.flatMap((metric) => metric.labels));
    for (const optional of entry.optionalLabels) labels.delete(optional);
    expect([...labels].sort()).toEqual(entry.labels);
    for (const { kind, description } of seen)
      expect({ kind, description }).toEqual({ kind: entry.kind, description: entry.description });
  });

  it('has no label that could take a value for each key or event', () => {
    for (const { labels } of documented)
      for (const label of labels) expect(label).not.toMatch(/key|event_id|message_id|offset|store|sku/);
  });
});
