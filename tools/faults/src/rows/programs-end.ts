/** Rows in which producers and consumers end, in order or not. */
import type { Row } from '../row.ts';

export const producerStop: Row = {
  number: 8,
  name: '8',
  title: 'producer stopped under load',
  expected: 'what was accepted is decided, exit code 0, acknowledged = in the log',
  produceBudgetMs: 25_000,
  effectBudgetMs: 30_000,
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

export const consumerKill: Row = {
  number: 9,
  name: '9',
  title: 'consumer killed under load',
  expected: 'others take over when its session is over; the replay has no second effect',
  effectBudgetMs: ({ sessionTimeoutMs }) => sessionTimeoutMs + 15_000,
  async run(bench) {
    await bench.startConsumers(3);
    const producer = await bench.startProducer();
    let kills = 0;
    await bench.during(producer, bench.times(20_000, 1, 20), async (index) => {
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
