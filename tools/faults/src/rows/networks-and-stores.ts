/** Rows in which the way to a broker or the store is broken, and offsets are gone. */
import { Client } from 'pg';
import { readLog } from '../read-log.ts';
import type { ProgramHandle } from '../program-handle.ts';
import type { Row } from '../row.ts';
import type { RowBench } from '../row-bench.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const consumed = ({ consumers }: RowBench) =>
  consumers.reduce((sum, { status }) => sum + Number(status['consumed'] ?? 0), 0);

/** Resolves when every event that is acknowledged now has its effect; tells how long that took. */
async function resumes(bench: RowBench, producer: ProgramHandle, name: string): Promise<void> {
  const acked = Number(producer.status['acked']);
  const began = Date.now();
  const store = new Client({ connectionString: bench.databaseUrl });
  await store.connect();
  try {
    for (;;) {
      const { rows } = await store.query<{ count: number }>('SELECT count(*)::int AS count FROM effect');
      if ((rows[0]?.count ?? 0) >= acked || Date.now() - began > 120_000) break;
      await wait(100);
    }
  } finally {
    await store.end();
  }
  bench.measure({ name, value: Date.now() - began, unit: 'ms', budget: 15_000 });
}

export const partitioned: Row = {
  number: 12,
  name: '12',
  title: 'no packets between clients and a broker, the coordinator, the store',
  expected: 'everybody waits and goes on; nothing becomes a dead letter',
  proxied: true,
  underLoadSeconds: ({ outageMs }) => (3 * outageMs(8000, 60_000)) / 800,
  produceBudgetMs: 90_000,
  effectBudgetMs: (bench) => bench.outageMs(8000, 60_000) + 20_000,
  async run(bench) {
    const { control, topic, groupId, proxies, database } = bench;
    await bench.startConsumers(2);
    const producer = await bench.startProducer({ deliveryTimeoutMs: 180_000 });
    const outage = bench.outageMs(8000, 60_000);
    await bench.during(producer, 3, async (index) => {
      if (index === 2) {
        bench.note(`the store is out of reach for ${outage / 1000} s`);
        database.partition();
        await wait(outage);
        database.heal();
        await resumes(bench, producer, 'time until effects resumed after the store was back');
        return;
      }
      const coordinator = await control.coordinatorOf(groupId);
      const other = (await control.partitions(topic)).find(({ leader }) => leader !== coordinator.id)?.leader;
      const id = index === 0 ? (other ?? coordinator.id) : coordinator.id;
      bench.note(
        `broker ${id}${index === 0 ? '' : ', the coordinator,'} is out of reach for ${outage / 1000} s`,
      );
      proxies.get(id)?.partition();
      await wait(outage);
      proxies.get(id)?.heal();
      const whom = index === 0 ? 'a broker' : 'the coordinator';
      await resumes(bench, producer, `time until effects resumed after ${whom} was back`);
    });
    await bench.finish(producer);
  },
};

export const badWeather: Row = {
  number: 13,
  name: '13',
  title: 'slow and lossy network to one broker',
  expected: 'throughput falls; the group stays as it is',
  proxied: true,
  underLoadSeconds: ({ events }) => events / 800,
  produceBudgetMs: 30_000,
  effectBudgetMs: 60_000,
  async run(bench) {
    const { proxies } = bench;
    await bench.startConsumers(2);
    const before = bench.consumers.map(({ status }) => Number(status['rebalances'] ?? 0));
    const [proxy] = proxies.values();
    proxy?.setWeather({
      delayMs: 200,
      jitterMs: 100,
      lossShare: 0.01,
      lossDelayMs: 1000,
      bytesPerSecond: 64_000,
    });
    const producer = await bench.startProducer();
    await bench.finish(producer);
    const rebalances = bench.consumers.map(
      ({ status }, index) => Number(status['rebalances'] ?? 0) - (before[index] ?? 0),
    );
    bench.measure({ name: 'rebalances', value: Math.max(...rebalances), unit: '', budget: 2 });
  },
};

export const storeDown: Row = {
  number: 16,
  name: '16',
  title: 'store down',
  expected: 'partitions wait, lag grows, nothing becomes a dead letter',
  beside: true,
  underLoadSeconds: ({ outageMs }) => outageMs(10_000, 300_000) / 700,
  produceBudgetMs: 20_000,
  async run(bench) {
    const { database, scale } = bench;
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    await bench.reaches(producer, 0.2);
    const outage = bench.outageMs(10_000, 300_000);
    bench.note(`the store is down for ${outage / 1000} s`);
    database.cut();
    await wait(outage);
    const before = consumed(bench);
    const behind = Number(producer.status['intended']) - before;
    database.heal();
    const healed = Date.now();
    const isAt = (count: number) => async () => {
      while (consumed(bench) < count) {
        if (Date.now() - healed > 300_000) throw new Error('the consumers do not catch up');
        await wait(20);
      }
      return Date.now();
    };
    const resumed = await isAt(before + 1)();
    const caughtUp = await isAt(before + behind)();
    bench.measure({
      name: 'time until effects resumed',
      value: resumed - healed,
      unit: 'ms',
      budget: 15_000,
    });
    bench.measure({ name: 'events behind when the store was back', value: behind, unit: '', least: 1 });
    // The programs tell their figures five times a second.
    const rate = behind / (Math.max(200, caughtUp - resumed) / 1000);
    // A small backlog is gone before its rate can be measured.
    const least = behind >= 10_000 ? { least: 3 * scale.rate } : {};
    bench.measure({
      name: 'events per second while catching up',
      value: Math.round(rate),
      unit: '',
      ...least,
    });
    await bench.finish(producer);
  },
};

/** Lets the group handle half of the events, takes it down, does `change`, and lets it go on. */
async function betweenTwoLives(bench: RowBench, change: () => Promise<void>): Promise<void> {
  const { scale } = bench;
  await bench.startConsumers(2);
  const half = Math.floor(scale.events / 2);
  const producer = await bench.startProducer({ allowed: half });
  await producer.until(
    'half is decided',
    ({ acked }) => Number(acked) >= half,
    120_000 + (half / scale.rate) * 2000,
  );
  while (consumed(bench) < half) await wait(50);
  await Promise.all(bench.consumers.map((consumer) => consumer.stop()));
  await change();
  producer.say(`allow ${scale.events}`);
  await bench.startConsumers(2);
  await bench.finish(producer);
}

export const offsetsLost: Row = {
  number: 19,
  name: '19',
  title: 'committed offsets and fences are gone',
  expected: 'the topic is read from its start, and no effect happens again',
  async run(bench) {
    const { control, groupId, databaseUrl } = bench;
    await betweenTwoLives(bench, async () => {
      await control.deleteGroup(groupId);
      const store = new Client({ connectionString: databaseUrl });
      await store.connect();
      await store.query('DELETE FROM consumer_offset');
      await store.end();
      bench.note('offsets and fences are deleted');
    });
    const half = Math.floor(bench.scale.events / 2);
    const replayed = () =>
      bench.consumers.reduce((sum, { status }) => sum + Number(status['duplicates'] ?? 0), 0);
    for (let tries = 0; tries < 600 && replayed() < half; tries++) await wait(100);
    bench.measure({ name: 'events replayed', value: replayed(), unit: '', least: half });
  },
};

export const retentionPassed: Row = {
  number: 19,
  name: '19b',
  title: 'committed offsets are gone and the log begins later',
  expected: 'reading goes on where the store is',
  async run(bench) {
    const { control, cluster, groupId, topic } = bench;
    await betweenTwoLives(bench, async () => {
      const committed = await control.committed(groupId, topic);
      const total = [...committed.values()].reduce((sum, offset) => sum + Number(offset), 0);
      bench.keepLog(await readLog(cluster, topic, total));
      await control.deleteRecords(topic, committed);
      await control.deleteGroup(groupId);
      bench.note(`${total} records and the offsets are deleted`);
    });
  },
};
