/** Rows in which brokers fail or move and answers are lost. */
import type { Row } from '../row.ts';

export const leaderKill: Row = {
  number: 1,
  name: '1',
  title: 'leader killed under load, the controller too',
  expected: 'publishing stalls and resumes; nothing is written twice',
  produceBudgetMs: 20_000,
  effectBudgetMs: 30_000,
  async run(bench) {
    const { cluster, control, topic, random } = bench;
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    let kills = 0;
    await bench.during(producer, bench.times(10_000, 1, 10), async (index) => {
      const leader = await control.leaderOf(topic, Math.floor(random() * 12));
      const controller = index % 3 === 1 ? cluster.controller : undefined;
      bench.note(`kill broker ${leader.id}${controller ? ' and the controller' : ''}`);
      await Promise.all([leader.kill(), controller?.kill()]);
      kills += 1;
      await controller?.start();
      await leader.start();
      await control.inSync(topic);
    });
    await bench.finish(producer);
    bench.measure({ name: 'leaders killed', value: kills, unit: '', least: 1 });
  },
};

export const lostAnswers: Row = {
  number: 3,
  name: '3',
  title: 'answers lost after the batch was appended',
  expected: 'the same batch is sent again and recognised; no other comes between',
  produceBudgetMs: 20_000,
  effectBudgetMs: 30_000,
  async run(bench) {
    await bench.startConsumers(1);
    const count = bench.times(100, 20, 1000);
    const producer = await bench.startProducer({ loseAnswers: { count, share: 0.05 } });
    await bench.finish(producer);
    bench.measure({
      name: 'answers lost',
      value: Number(producer.status['lost']),
      unit: '',
      least: count / 4,
    });
  },
};

export const leaderMoves: Row = {
  number: 4,
  name: '4',
  title: 'leaders move while batches are on their way',
  expected: 'every partition gets what was published for it',
  produceBudgetMs: 5000,
  effectBudgetMs: 15_000,
  async run(bench) {
    await bench.startConsumers(2);
    const producer = await bench.startProducer();
    let moves = 0;
    await bench.during(producer, bench.times(2000, 4, 50), async () => {
      moves += await bench.control.moveLeaders(bench.topic);
      bench.note(`${moves} leaders moved`);
    });
    await bench.finish(producer);
    bench.measure({ name: 'leaders moved', value: moves, unit: '', least: 12 });
  },
};
