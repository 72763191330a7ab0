/** Rows about events that cannot be handled. */
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

export const slowHandler: Row = {
  number: 14,
  name: '14',
  title: 'a handler takes five times the session time-out',
  expected: 'heartbeats go on meanwhile; the group stays as it is',
  effectBudgetMs: ({ sessionTimeoutMs }) => 10 * sessionTimeoutMs + 30_000,
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
