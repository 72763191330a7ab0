/** Rows about events that cannot be handled. */
import { Client } from 'pg';
import type { Extent } from '../extent.ts';
import { generateLoad, isPoison } from '../load.ts';
import { readJournal } from '../journal.ts';
import type { Row } from '../row.ts';

export const poison: Row = {
  number: 15,
  name: '15',
  title: 'poison: garbage, unknown schema, a handler that breaks',
  expected: 'each is a dead letter once, order per key is kept around it',
  effectBudgetMs: 30_000,
  async run(bench) {
    bench.special(bench.scale.events >= 50_000 ? 1000 : 100, ['garbage', 'unknown-schema', 'type-error']);
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    await bench.finish(producer);
    const bad = generateLoad(bench.load()).filter(({ kind }) => isPoison(kind)).length;
    bench.measure({ name: 'poison events published', value: bad, unit: '', least: 3 });
  },
};

/** So few that the keys behind them stay few, however long the run. */
const stubbornEvery = ({ events }: Extent) => Math.max(50, Math.round(events / 50));

export const parkedKeys: Row = {
  number: 15,
  name: '15b',
  title: 'events that fail for a reason of the business, with park-key',
  expected:
    'they and what comes behind them per key wait, each once, in order; the rest goes on; then all is done',
  besidesSeconds: () => 30,
  async run(bench) {
    bench.special(stubbornEvery(bench), ['stubborn']);
    await bench.startConsumers(2, { onExhausted: 'park-key' });
    const producer = await bench.startProducer();
    await bench.finish(producer);
    const load = generateLoad(bench.load());
    const heads = new Map<string, number>();
    for (const { kind, key, sequence } of load)
      if (kind === 'stubborn' && !heads.has(key)) heads.set(key, sequence);
    const behind = load.filter(({ key, sequence }) => sequence >= (heads.get(key) ?? Infinity)).length;
    const store = new Client({ connectionString: bench.databaseUrl });
    await store.connect();
    const counts = async () => {
      const { rows } = await store.query<{ effects: number; parked: number; keys: number }>(
        `SELECT (SELECT count(*)::int FROM effect) AS effects, (SELECT count(*)::int FROM parked_record) AS parked,
                (SELECT count(*)::int FROM parked_key) AS keys`,
      );
      return rows[0] ?? { effects: 0, parked: 0, keys: 0 };
    };
    const until = async (condition: (found: Awaited<ReturnType<typeof counts>>) => boolean) => {
      const deadline = Date.now() + 300_000;
      let found = await counts();
      while (!condition(found) && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        found = await counts();
      }
      return found;
    };
    try {
      const found = await until(({ effects, parked }) => effects + parked >= load.length);
      const told = (name: string, value: number, wanted: number) =>
        bench.measure({ name, value, unit: '', least: wanted, budget: wanted });
      told('keys parked', found.keys, heads.size);
      told('records parked', found.parked, behind);
      told('effects of other keys meanwhile', found.effects, load.length - behind);
      bench.note(`${found.parked} records of ${found.keys} keys are parked; now they may pass`);
      for (const consumer of bench.consumers) consumer.say('pass');
      const after = await until(({ parked, keys }) => parked + keys === 0);
      told('keys still parked at the end', after.keys, 0);
      told('records still parked at the end', after.parked, 0);
    } finally {
      await store.end();
    }
  },
};

export const slowHandler: Row = {
  number: 14,
  name: '14',
  title: 'a handler takes five times the session time-out',
  expected: 'heartbeats go on meanwhile; the group stays as it is',
  effectBudgetMs: ({ sessionTimeoutMs }) => 10 * sessionTimeoutMs + 30_000,
  beside: true,
  underLoadSeconds: ({ sessionTimeoutMs }) => (2 * sessionTimeoutMs) / 1000,
  besidesSeconds: ({ sessionTimeoutMs }) => (5 * sessionTimeoutMs) / 1000,
  async run(bench) {
    const { scale, sessionTimeoutMs } = bench;
    bench.special(Math.ceil(scale.events / 2), ['slow']);
    const settings = { slowMs: 5 * sessionTimeoutMs, handlerTimeoutMs: 6 * sessionTimeoutMs };
    await bench.startConsumers(1, settings);
    const [consumer] = bench.consumers;
    const before = Number(consumer?.status['rebalances'] ?? 0);
    const producer = await bench.startProducer();
    await bench.finish(producer);
    await consumer?.until(
      'it has handled everything',
      ({ consumed }) => Number(consumed) >= scale.events,
      15 * sessionTimeoutMs + 60_000,
    );
    const after = Number(consumer?.status['rebalances'] ?? 0);
    bench.measure({ name: 'rebalances', value: after - before, unit: '', budget: 0 });
  },
};

export const noDeadLetterTopic: Row = {
  number: 18,
  name: '18',
  title: 'the dead-letter topic cannot be written',
  expected: 'the partition waits in front of the event; nothing is committed past it',
  async run(bench) {
    const { control, deadLetters, groupId, topic, journal, scale } = bench;
    await control.deleteTopics([deadLetters]);
    bench.special(Math.max(50, Math.round(scale.events / 20)), ['garbage', 'type-error']);
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    await bench.finish(producer);
    const waiting = () => bench.consumers.some(({ status }) => status['ready'] === false);
    for (let tries = 0; tries < 200 && !waiting(); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const committed = await control.committed(groupId, topic);
    const { entries } = readJournal(journal);
    const passed = generateLoad(bench.load()).filter(({ n, kind }) => {
      const { partition = -1, offset = 0n } = entries.get(n) ?? {};
      return isPoison(kind) && (committed.get(partition) ?? 0n) > offset;
    });
    bench.measure({
      name: 'consumers that say that they wait',
      value: waiting() ? 1 : 0,
      unit: '',
      least: 1,
    });
    bench.measure({
      name: 'poison events passed without a letter',
      value: passed.length,
      unit: '',
      budget: 0,
    });
    bench.note('make the dead-letter topic');
    await control.createTopic(deadLetters, 1);
  },
};
