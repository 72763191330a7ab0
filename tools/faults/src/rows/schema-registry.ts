/** The row about the schema registry: a real one, and the codec of the services. */
import { join } from 'node:path';
import { provisionSchemas, startRegistryServer } from '@eda/platform';
import { avroFaultContract } from '../fault-contract.ts';
import type { ProgramHandle } from '../program-handle.ts';
import type { Row } from '../row.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isReady = ({ ready }: ProgramHandle['status']) => ready === true;
const outageMs = ({ outageMs: scaled }: Parameters<NonNullable<Row['underLoadSeconds']>>[0]) =>
  scaled(10_000, 300_000);

export const registryDown: Row = {
  number: 17,
  name: '17',
  title: 'schema registry down, for warm and for cold programs',
  expected: 'warm ones do not notice; cold ones wait, a producer too, and work when it is back',
  beside: true,
  underLoadSeconds: (extent) => outageMs(extent) / 720,
  besidesSeconds: () => 25,
  produceBudgetMs: 15_000,
  effectBudgetMs: 15_000,
  async run(bench) {
    const { cluster, topic, scale } = bench;
    const brokers = cluster.nodes.map(({ internalAddress }) => internalAddress);
    await using registry = await startRegistryServer({ folder: join(bench.logs, 'registry'), brokers });
    const { url: registryUrl } = registry;
    const { subject, schema } = avroFaultContract(topic);
    await provisionSchemas(registryUrl, [{ subject, schema, compatibility: 'BACKWARD' }]);
    await bench.startConsumers(2, { registryUrl });
    const share = Math.floor(scale.events * 0.85);
    const warm = await bench.startProducer({ registryUrl, allowed: share });
    await bench.reaches(warm, 0.1);
    await registry.kill();
    const outage = outageMs(bench);
    bench.note(`the registry is down for ${outage / 1000} s`);
    const over = wait(outage);
    const ackedBefore = Number(warm.status['acked']);
    const late = bench.startConsumer({ registryUrl });
    await late.until('it waits for the registry', ({ waiting }) => waiting === true);
    const cold = bench.launchProducer({ registryUrl });
    await cold.until('it waits for the registry', ({ waiting }) => waiting === true);
    await over;
    const ackedMeanwhile = Number(warm.status['acked']) - ackedBefore;
    bench.measure({ name: 'events acknowledged meanwhile', value: ackedMeanwhile, unit: '', least: 100 });
    const waited = [late, cold].filter(({ running, status }) => running && !isReady(status)).length;
    bench.measure({ name: 'cold programs that waited', value: waited, unit: '', least: 2 });
    // The cold producer goes on where the journal of the warm one ends.
    await warm.until('its share is decided', ({ acked }) => Number(acked) >= share, 300_000);
    await warm.stop();
    await registry.start();
    const back = Date.now();
    bench.note('the registry is back');
    await Promise.all([late, cold].map((program) => program.until('it is ready', isReady)));
    bench.measure({
      name: 'time until cold programs worked',
      value: Date.now() - back,
      unit: 'ms',
      budget: 30_000,
    });
    await bench.finish(cold);
  },
};
