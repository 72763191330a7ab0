/** Rows in which producers and consumers end, in order or not. */
import type { Extent } from '../extent.ts';
import type { RowBench } from '../row-bench.ts';
import type { Row } from '../row.ts';

export const producerStop: Row = {
  number: 8,
  name: '8',
  title: 'producer stopped under load',
  expected: 'what was accepted is decided, exit code 0, acknowledged = in the log',
  produceBudgetMs: 25_000,
  effectBudgetMs: 30_000,
  besidesSeconds: ({ times }) => 1.5 * times(5000, 2, 20),
  async run(bench) {
    await bench.startConsumers(1);
    let producer = await bench.startProducer();
    let slowest = 0;
    const times = bench.times(5000, 2, 20);
    for (let index = 0; index < times; index++) {
      await bench.reaches(producer, (index + 0.5) / times);
      bench.note(`stop the producer, ${index + 1} of ${times}`);
      const began = Date.now();
      const code = await producer.stop();
      slowest = Math.max(slowest, Date.now() - began);
      if (code !== 0)
        bench.measure({
          name: 'exit code of the producer',
          value: code ?? -1,
          unit: '',
          budget: 0,
          least: 0,
        });
      producer = await bench.startProducer();
    }
    await bench.finish(producer);
    bench.measure({ name: 'slowest stop of the producer', value: slowest, unit: 'ms', budget: 25_000 });
  },
};

const consumerKills = ({ times }: Extent) => times(20_000, 1, 20);

export const consumerKill: Row = {
  number: 9,
  name: '9',
  title: 'consumer killed under load',
  expected: 'others take over when its session is over; the replay has no second effect',
  effectBudgetMs: ({ sessionTimeoutMs }) => sessionTimeoutMs + 15_000,
  beside: true,
  underLoadSeconds: (extent) => consumerKills(extent) * (extent.sessionTimeoutMs / 1000 + 3),
  async run(bench) {
    await bench.startConsumers(3);
    const producer = await bench.startProducer();
    let kills = 0;
    await bench.during(producer, consumerKills(bench), async (index) => {
      const living = bench.consumers.filter(({ running }) => running);
      const victim = living[index % living.length];
      if (victim === undefined) throw new Error('no consumer is left to kill');
      const before = Number(victim.status['consumed'] ?? 0);
      await victim.until('it is at work', ({ consumed }) => Number(consumed) > before);
      bench.note(`kill ${victim.name}`);
      await victim.kill();
      kills += 1;
      const successor = bench.startConsumer();
      await successor.until('it has joined', ({ ready }) => ready === true);
    });
    await bench.finish(producer);
    bench.measure({ name: 'consumers killed', value: kills, unit: '', least: 1 });
  },
};

/** Kills the producer again and again; each life goes on behind the last event of the one before. */
async function killProducers(bench: RowBench, transport: 'library' | 'outbox'): Promise<void> {
  await bench.startConsumers(1);
  let producer = await bench.startProducer({ transport });
  const times = bench.times(5000, 2, 20);
  for (let index = 0; index < times; index++) {
    await bench.reaches(producer, (index + 0.5) / times);
    bench.note(`kill the producer, ${index + 1} of ${times}`);
    await producer.kill();
    producer = await bench.startProducer({ transport });
  }
  await bench.finish(producer);
  bench.measure({ name: 'producers killed', value: times, unit: '', least: 2 });
}

export const producerKill: Row = {
  number: 7,
  name: '7',
  title: 'producer killed under load',
  expected: 'only events without an answer may be missing',
  effectBudgetMs: 30_000,
  besidesSeconds: ({ times }) => 1.5 * times(5000, 2, 20),
  run: (bench) => killProducers(bench, 'library'),
};

export const outboxKill: Row = {
  number: 7,
  name: '7b',
  title: 'service with an outbox killed under load',
  expected: 'what was committed is published by the next life',
  // The next life publishes again what the last one could not delete any more.
  duplicates: null,
  effectBudgetMs: 45_000,
  besidesSeconds: ({ times }) => 2.5 * times(5000, 2, 20),
  run: (bench) => killProducers(bench, 'outbox'),
};

export const consumerStop: Row = {
  number: 10,
  name: '10',
  title: 'consumers stopped and replaced one by one',
  expected: 'each commits and leaves; its successor goes on at once',
  effectBudgetMs: 10_000,
  underLoadSeconds: ({ times }) => 4 * times(10_000, 3, 9),
  async run(bench) {
    await bench.startConsumers(3);
    const producer = await bench.startProducer();
    let slowest = 0;
    let codes = 0;
    const times = bench.times(10_000, 3, 9);
    await bench.during(producer, times, async (index) => {
      const victim = bench.consumers[index];
      if (victim === undefined) return;
      bench.note(`stop ${victim.name}`);
      const began = Date.now();
      codes += Math.abs((await victim.stop()) ?? 1);
      slowest = Math.max(slowest, Date.now() - began);
      await bench.startConsumer().until('it has joined', ({ ready }) => ready === true);
    });
    await bench.finish(producer);
    const replayed = bench.consumers.reduce((sum, { status }) => sum + Number(status['duplicates'] ?? 0), 0);
    bench.measure({ name: 'slowest stop of a consumer', value: slowest, unit: 'ms', budget: 25_000 });
    bench.measure({ name: 'sum of exit codes', value: codes, unit: '', budget: 0 });
    bench.measure({ name: 'events replayed', value: replayed, unit: '', budget: 500 * times });
  },
};

const pauses = ({ times }: Extent) => times(40_000, 1, 5);
const pauseMs = ({ outageMs, sessionTimeoutMs }: Extent) => outageMs(sessionTimeoutMs + 6000, 60_000);

export const pausedConsumer: Row = {
  number: 11,
  name: '11',
  title: 'consumer paused beyond its session and continued',
  expected: 'others take over, although it stands in a transaction; its late writes are kept out',
  effectBudgetMs: ({ sessionTimeoutMs }) => sessionTimeoutMs + 20_000,
  beside: true,
  underLoadSeconds: (extent) => pauses(extent) * (pauseMs(extent) / 1000 + 3),
  async run(bench) {
    // Work that takes time inside the transaction: that is where the pause is to find it.
    await bench.startConsumers(3, { workMs: 200, handlerTimeoutMs: 3000 });
    const producer = await bench.startProducer();
    const pause = pauseMs(bench);
    await bench.during(producer, pauses(bench), async (index) => {
      const zombie = bench.consumers[index % bench.consumers.length];
      if (zombie === undefined) return;
      const before = Number(zombie.status['consumed'] ?? 0);
      await zombie.until('it is at work', ({ consumed }) => Number(consumed) > before);
      bench.note(`pause ${zombie.name} for ${pause / 1000} s`);
      zombie.signal('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, pause));
      zombie.signal('SIGCONT');
    });
    await bench.finish(producer);
  },
};

export const scaling: Row = {
  number: 22,
  name: '22',
  title: 'consumers come and go between 1 and 6',
  expected: 'the group settles each time',
  effectBudgetMs: 20_000,
  underLoadSeconds: ({ times }) => 3 * times(5000, 6, 20),
  async run(bench) {
    await bench.startConsumers(1);
    const producer = await bench.startProducer();
    const times = bench.times(5000, 6, 20);
    let growing = true;
    await bench.during(producer, times, async () => {
      const living = bench.consumers.filter(({ running }) => running);
      if (living.length >= Math.min(6, 1 + times / 2)) growing = false;
      else if (living.length <= 1) growing = true;
      bench.note(`${living.length} consumers, ${growing ? 'one more' : 'one less'}`);
      if (growing) await bench.startConsumer().until('it has joined', ({ ready }) => ready === true);
      else await living[0]?.stop();
    });
    await bench.finish(producer);
    bench.measure({ name: 'changes of the group', value: times, unit: '', least: 6 });
  },
};

export const clockStep: Row = {
  number: 23,
  name: '23',
  title: 'clocks of producer and consumer step by an hour, forth and back',
  expected: 'callers may hear of a doubt; nothing is lost, nothing happens twice',
  // A step forth ends every delivery time-out; callers publish again what is in doubt then.
  duplicates: null,
  async run(bench) {
    const [consumer] = await bench.startConsumers(2);
    const producer = await bench.startProducer();
    const hour = 3_600_000;
    await bench.during(producer, 2, (index) => {
      const step = index === 0 ? hour : -2 * hour;
      producer.say(`clock ${step}`);
      consumer?.say(`clock ${step}`);
      bench.note(`clocks step by ${step / hour} h`);
      return Promise.resolve();
    });
    await bench.finish(producer);
  },
};
